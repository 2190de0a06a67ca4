import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Settled } from '../model/line.ts';
import { allureResults } from './testing/allure.ts';
import { inProcess, type Ran } from './testing/in-process.ts';

/** Shows lines, and prints nothing of its own but the last line, which is JSON. */
async function showInProcess(
  resultsDir: string,
  settled: readonly Settled[],
  more = '',
): Promise<Ran> {
  const script = `
    const settled = ${JSON.stringify(settled)};
    let lines = settled.map((each, index) => ({
      title: 'line ' + index, file: 'scenarios/x.yaml', settled: Promise.resolve(each),
    }));
    const options = { title: 'x', resultsDir: ${JSON.stringify(resultsDir)}, environment: { kubernetes: 'v1.34.4' },
      identity: { scenario: 'x', cluster: 'c1', parameters: { seed: '1' } } };
    ${more}
    const signals = process.listenerCount('SIGINT') + process.listenerCount('SIGTERM');
    const shown = await showLines(lines, options);
    const taken = process.listenerCount('SIGINT') + process.listenerCount('SIGTERM') - signals;
    console.log(JSON.stringify({ shown, taken, exitCode: process.exitCode ?? null }));
  `;
  return inProcess({ 'mocha.ts': 'showLines' }, script, 20_000);
}

describe('showLines', function () {
  this.timeout(30_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-mocha-'));
  });
  after(async () => {
    await rm(folder, { recursive: true });
  });

  it('shows each line as it settled, prints nothing, and leaves exit code and signals alone', async () => {
    const resultsDir = join(folder, 'each');
    const { stdout, stderr, exitCode } = await showInProcess(resultsDir, [
      { kind: 'ok' },
      { kind: 'failed', because: 'after 7.21 s' },
      { kind: 'broken', because: 'unknown: it straddles 5 s' },
      { kind: 'skipped', because: 'no stand-by' },
    ]);
    expect(stderr).to.equal('');
    expect(JSON.parse(stdout)).to.deep.equal({
      shown: { passed: 1, failed: 2, pending: 1 },
      taken: 0,
      exitCode: null,
    });
    expect(exitCode).to.equal(0);
    const results = await allureResults(resultsDir);
    expect(
      results.map(({ status, statusDetails, description }) => [
        status,
        description ?? statusDetails.message,
      ]),
    ).to.deep.equal([
      ['passed', undefined],
      ['failed', 'after 7.21 s'],
      ['broken', 'unknown: it straddles 5 s'],
      ['skipped', 'no stand-by'],
    ]);
    expect(await readFile(join(resultsDir, 'environment.properties'), 'utf8')).to.match(
      /kubernetes\s*=\s*v1\.34\.4/,
    );
  });

  it('attaches files to the last line, also if it failed, and does without those that are not there', async () => {
    const resultsDir = join(folder, 'attached');
    const file = join(folder, 'result.json');
    await writeFile(file, '{"outcome":"fail"}');
    const files = [
      { name: 'result.json', path: file, contentType: 'application/json' },
      { name: 'report.html', path: `${file}.absent`, contentType: 'text/html' },
    ];
    const { stderr } = await showInProcess(
      resultsDir,
      [{ kind: 'ok' }, { kind: 'failed', because: 'late' }],
      `options.attachments = async () => (${JSON.stringify(files)});`,
    );
    expect(stderr).to.equal('');
    const [first, last] = await allureResults(resultsDir);
    expect(first?.steps).to.deep.equal([]);
    expect(last?.status).to.equal('failed');
    const attached = last?.steps.flatMap(({ attachments }) => attachments) ?? [];
    expect(attached.map(({ name }) => name)).to.deep.equal(['result.json']);
    const source = attached[0]?.source ?? '';
    expect(await readFile(join(resultsDir, source), 'utf8')).to.equal('{"outcome":"fail"}');
  });

  it('gives a line the same identity in every run of its scenario on its cluster, and nowhere else', async () => {
    const idsOf = async (
      name: string,
      more: string,
    ): Promise<readonly (readonly [string, string])[]> => {
      const resultsDir = join(folder, name);
      await showInProcess(resultsDir, [{ kind: 'ok' }, { kind: 'ok' }], more);
      const results = await allureResults(resultsDir);
      expect(results.flatMap(({ parameters }) => parameters)).to.deep.equal([
        { name: 'seed', value: name, excluded: true },
        { name: 'seed', value: name, excluded: true },
      ]);
      return results.map(({ testCaseId, historyId }) => [testCaseId, historyId] as const);
    };
    const seed = (value: string): string => `options.identity.parameters.seed = '${value}';`;
    const [first, again, moved] = [
      await idsOf('first', seed('first')),
      // Another limit in the title, another file, another trial.
      await idsOf(
        'again',
        `${seed('again')} lines = lines.map((line, index) => ({ ...line, file: '/elsewhere/y.yaml', key: 'line ' + index, title: 'line ' + index + ' within 9 s' }));`,
      ),
      await idsOf('moved', `${seed('moved')} options.identity.cluster = 'c2';`),
    ];
    expect(again).to.deep.equal(first);
    const all = [...first, ...moved];
    expect(new Set(all.map(([testCaseId]) => testCaseId)).size).to.equal(4);
    expect(new Set(all.map(([, historyId]) => historyId)).size).to.equal(4);
  });

  it('has what was done as steps, and a text as an attachment', async () => {
    const resultsDir = join(folder, 'steps');
    const { stderr } = await showInProcess(
      resultsDir,
      [{ kind: 'failed', because: 'late' }],
      `lines[0].steps = () => [{ title: 'fired', ok: true }, { title: 'missed', ok: false }];
       options.attachments = async () => [{ name: 'timeline', content: 'a line', contentType: 'text/plain' }];`,
    );
    expect(stderr).to.equal('');
    const [only] = await allureResults(resultsDir);
    expect(only?.steps.map(({ name, status }) => [name, status])).to.deep.include.members([
      ['fired', 'passed'],
      ['missed', 'broken'],
    ]);
    const [attached] = only?.steps.flatMap(({ attachments }) => attachments) ?? [];
    expect(await readFile(join(resultsDir, attached?.source ?? ''), 'utf8')).to.equal('a line');
  });

  it('waits for lines, which may come one after the other', async () => {
    const { stdout } = await showInProcess(
      join(folder, 'late'),
      [],
      `const later = (ms) => new Promise((resolve) => setTimeout(() => resolve({ kind: 'ok' }), ms));
       lines = (async function* () {
         for (const ms of [300, 50]) yield { title: 'after ' + ms, file: 'x.yaml', settled: later(ms) };
       })();`,
    );
    expect((JSON.parse(stdout) as { shown: unknown }).shown).to.deep.equal({
      passed: 2,
      failed: 0,
      pending: 0,
    });
  });

  it('leaves an error that nobody caught to the process', async () => {
    for (const defect of [
      `setTimeout(() => { throw new Error('a defect'); }, 50)`,
      `setTimeout(() => Promise.reject(new Error('a defect')), 50)`,
    ]) {
      const { stderr, exitCode } = await showInProcess(
        join(folder, 'defect'),
        [],
        `lines[0] = { title: 'waits', file: 'x.yaml', settled: new Promise((resolve) => setTimeout(() => resolve({ kind: 'ok' }), 5000)) };
         ${defect};`,
      );
      expect(stderr).to.include('a defect');
      expect(exitCode).to.equal(1);
    }
  });
});
