import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { execa } from 'execa';
import { metricsOf } from '../report/metrics.ts';
import { noticeBody } from '../report/notice.ts';
import { sampleResult } from '../report/testing/sample-run.ts';
import { sampleGameday } from '../report/testing/sample-trials.ts';
import { Servers } from '../report/testing/servers.ts';
import { CommandError } from './context.ts';
import { publisher } from './publish.ts';

describe('what a result is handed on to', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-publish-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** What is printed while something is done. */
  const printed = async (work: () => Promise<void>): Promise<string> => {
    const lines: unknown[] = [];
    const { error } = console;
    console.error = (...args: unknown[]) => lines.push(...args);
    try {
      await work();
    } finally {
      console.error = error;
    }
    return lines.join('\n');
  };

  describe('--metrics', () => {
    it('writes the metrics in place of those of the night before, and nothing beside them', async () => {
      const metrics = join(folder, 'holdfast.prom');
      writeFileSync(metrics, 'of the night before');
      await publisher({ metrics })(sampleGameday, folder);
      expect(readFileSync(metrics, 'utf8')).to.equal(metricsOf(sampleGameday));
      expect(readdirSync(folder)).to.deep.equal(['holdfast.prom']);
    });

    it('is refused before anything is begun if it cannot be read there, or not be written', () => {
      const refused: Readonly<Record<string, RegExp>> = {
        [join(folder, 'holdfast.txt')]: /only files that end in \.prom/,
        [join(folder, 'nowhere', 'holdfast.prom')]: /nowhere cannot be written to: ENOENT/,
        [join('/dev/null', 'holdfast.prom')]: /\/dev\/null cannot be written to: it is no folder/,
      };
      for (const [metrics, because] of Object.entries(refused))
        expect(() => publisher({ metrics })).to.throw(CommandError, because);
    });

    it('does not throw if it cannot be written any more', async () => {
      const metrics = join(folder, 'holdfast.prom');
      const publish = publisher({ metrics });
      rmSync(folder, { recursive: true });
      expect(await printed(() => publish(sampleResult(), folder))).to.match(
        /^the metrics were not written to .*: ENOENT/,
      );
      folder = mkdtempSync(join(tmpdir(), 'holdfast-publish-'));
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  });

  describe('GITHUB_STEP_SUMMARY', () => {
    it('gets the page of the result behind what is in it', async () => {
      const file = join(folder, 'step-summary');
      writeFileSync(file, 'of a step before\n');
      writeFileSync(join(folder, 'summary.md'), '## PASS: leader-loss\n');
      await publisher({}, { GITHUB_STEP_SUMMARY: file })(sampleResult(), folder);
      expect(readFileSync(file, 'utf8')).to.equal('of a step before\n## PASS: leader-loss\n\n');
    });

    it('that cannot be written is warned of, and fails nothing', async () => {
      writeFileSync(join(folder, 'summary.md'), '## PASS: leader-loss\n');
      const env = { GITHUB_STEP_SUMMARY: join(folder, 'nowhere', 'summary') };
      expect(await printed(() => publisher({}, env)(sampleResult(), folder))).to.match(
        /^the page was not added to the job's summary, .*: ENOENT/,
      );
    });
  });

  describe('--webhook', function () {
    this.timeout(120_000);
    const secret = 'T0P-S3CRET';
    const servers = new Servers();
    afterEach(() => servers.close());

    /** A server on this machine, the secret address at which it takes posts, and what it was posted. */
    const serve = async (
      answer: (response: ServerResponse) => void,
    ): Promise<{ host: string; address: string; posts: string[] }> => {
      const posts: string[] = [];
      const { host } = await servers.serve((request, response) => {
        void text(request).then((body) => {
          posts.push(body);
          answer(response);
        });
      });
      return { host, address: `http://me:${secret}@${host}/${secret}?x=${secret}`, posts };
    };

    it('is posted what came of it, by the option or by the environment, which keeps it for nobody', async () => {
      const { address, posts } = await serve((response) => response.writeHead(200).end());
      const env = { HOLDFAST_WEBHOOK: address, PATH: '/bin' };
      await publisher({ webhookFormat: 'slack' }, env)(sampleResult(), folder);
      expect(env).to.deep.equal({ PATH: '/bin' });
      const other = { HOLDFAST_WEBHOOK: 'http://127.0.0.1:1/' };
      await publisher({ webhook: address }, other)(sampleGameday, folder);
      expect(other).to.deep.equal({});
      expect(posts).to.deep.equal([
        noticeBody(sampleResult(), 'slack'),
        noticeBody(sampleGameday, 'json'),
      ]);
    });

    it('is nobody where the variable is empty', async () => {
      expect(
        await printed(() => publisher({}, { HOLDFAST_WEBHOOK: '' })(sampleResult(), folder)),
      ).to.equal('');
    });

    it('that cannot be told is warned of with its host alone, and fails nothing', async () => {
      const { address, host } = await serve((response) => response.writeHead(404).end(secret));
      const said = await printed(() => publisher({ webhook: address }, {})(sampleResult(), folder));
      expect(said).to.equal(
        `the webhook at ${host} was not told: it answered 404; the reports are all there`,
      );
    });

    it('is refused before anything is begun if it is no address, which is not printed', () => {
      const calls = [
        () => publisher({ webhook: `htp://${secret}` }, {}),
        () => publisher({}, { HOLDFAST_WEBHOOK: secret }),
      ];
      for (const call of calls) {
        expect(call).to.throw(CommandError, /^(--webhook|HOLDFAST_WEBHOOK) cannot be used/);
        expect(call).to.not.throw(secret);
      }
    });

    /** Runs the program where there is no cluster file, which ends it with 64 and a result. */
    const runWith = (args: readonly string[], env: Readonly<Record<string, string>>) =>
      execa(
        process.execPath,
        [
          ...['--import', 'tsx', resolve(import.meta.dirname, '..', 'main.ts')],
          ...['run', 'leader-loss', '--cluster', join(folder, 'nowhere.yaml')],
          ...['--reports', folder, ...args],
        ],
        { reject: false, all: true, env },
      );

    it('leaves no trace of the secret in what a run prints and writes, and its exit code alone', async () => {
      const { address, host, posts } = await serve((response) =>
        response.writeHead(302, { location: `http://other.example.org/${secret}` }).end(secret),
      );
      const { exitCode, all } = await runWith([], { HOLDFAST_WEBHOOK: address });
      expect(exitCode).to.equal(64);
      expect(all).to.include(`the webhook at ${host} was not told: it answered 302`);
      expect(posts).to.have.length(1);
      expect(posts[0]).to.include('"outcome":"usage"');
      const files = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
      expect(files).to.have.length.greaterThan(3);
      expect([all, ...files, ...posts].join('\n')).to.not.include(secret);
    });

    it('that hangs is given up at a signal, and the run ends as it did', async () => {
      const { address, posts } = await serve(() => running.kill('SIGTERM'));
      const running = runWith(['--webhook', address, '--webhook-format', 'slack'], {});
      const { exitCode, all } = await running;
      expect(posts).to.have.length(1);
      expect(all).to.include('was not told: it was interrupted');
      expect(exitCode).to.equal(64);
    });

    it('that is no address ends a run before it begins, unprinted', async () => {
      const { exitCode, all } = await runWith(['--webhook', `chat.example.org/${secret}`], {});
      expect(exitCode).to.equal(64);
      expect(all).to.match(/^--webhook cannot be used .*: it is no URL/m);
      expect(all).to.not.include(secret);
      expect(readdirSync(folder)).to.deep.equal([]);
    });
  });
});
