import { access, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeAllureSite, AllureSiteError } from './allure-site.ts';
import { hasJava, historiesIn } from './testing/allure.ts';
import { sampleResult } from './testing/sample-run.ts';

describe('makeAllureSite', function () {
  this.timeout(60_000);
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'holdfast-allure-'));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const failure = async (work: Promise<unknown>): Promise<Error> => {
    try {
      await work;
    } catch (error) {
      expect(error).to.be.instanceOf(AllureSiteError);
      return error as Error;
    }
    throw new Error('it succeeded');
  };

  const addResult = async (): Promise<void> => {
    await mkdir(join(folder, 'allure-results'));
    await writeFile(
      join(folder, 'allure-results', '0-result.json'),
      JSON.stringify({ uuid: '0', name: 'a line', fullName: 'x: a line', status: 'passed' }),
    );
  };

  it('says so where there are no results', async () => {
    expect((await failure(makeAllureSite(folder))).message).to.match(
      /^no Allure results in .*: run the scenario first$/,
    );
  });

  it('says how to install Java where there is none', async () => {
    await addResult();
    // The start script needs its tools, and must not find Java beside them.
    const bin = join(folder, 'bin');
    await mkdir(bin);
    for (const tool of ['sh', 'bash', 'env', 'uname', 'ls', 'expr', 'dirname', 'basename', 'sed'])
      for (const path of [`/usr/bin/${tool}`, `/bin/${tool}`])
        await symlink(path, join(bin, tool)).catch(() => undefined);
    const { message } = await failure(makeAllureSite(folder, { env: { PATH: bin } }));
    expect(message).to.match(/needs Java.*apt-get install -y openjdk-17-jre-headless/);
  });

  it('makes one page that names the line', async function () {
    if (!(await hasJava())) {
      console.warn('    SKIPPED: the Allure site is not made, for there is no Java');
      this.skip();
    }
    await addResult();
    const page = await makeAllureSite(folder);
    expect(page).to.equal(join(folder, 'allure-report', 'index.html'));
    expect(await readFile(page, 'utf8')).to.include('</html>');
    await access(page);
  });

  it('goes on with the history of the run before of the same scenario on the same cluster', async function () {
    this.timeout(240_000);
    // Its absence is told by the test before.
    if (!(await hasJava())) this.skip();
    const runs = [
      ['2026-11-20T01-00-00Z-x-aaaaaa', 'c1', 'failed'],
      ['2026-11-21T01-00-00Z-x-bbbbbb', 'c2', 'passed'],
      ['2026-11-22T01-00-00Z-x-cccccc', 'c1', 'passed'],
    ] as const;
    for (const [run, cluster, status] of runs) {
      const results = join(folder, run, 'allure-results');
      await mkdir(results, { recursive: true });
      const line = { uuid: run, name: 'a line', testCaseId: 'h', status, start: 1, stop: 2 };
      await writeFile(join(results, '0-result.json'), JSON.stringify(line));
      const result = sampleResult([], { run });
      await writeFile(
        join(folder, run, 'result.json'),
        JSON.stringify({ ...result, cluster: { ...result.cluster, id: cluster } }),
      );
    }
    const pages: string[] = [];
    // The last one twice, which must count once.
    for (const [run] of [...runs, runs[2]])
      pages.push(await readFile(await makeAllureSite(join(folder, run)), 'utf8'));
    expect(pages.map((page) => historiesIn(page).flat())).to.deep.equal([
      ['failed'],
      ['passed'],
      ['passed', 'failed'],
      ['passed', 'failed'],
    ]);
  });

  it('ends the generator at its deadline', async function () {
    await addResult();
    const from = performance.now();
    const { message } = await failure(makeAllureSite(folder, { timeoutMs: 50 }));
    expect(message).to.match(/took too long and was ended|needs Java/);
    expect(performance.now() - from).to.be.lessThan(5000);
  });
});
