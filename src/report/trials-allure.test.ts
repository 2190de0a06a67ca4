import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeAllureSite } from './allure-site.ts';
import { allureResults, hasJava, historiesIn, type AllureResult } from './testing/allure.ts';
import { inProcess } from './testing/in-process.ts';

const modules = {
  'trials-allure.ts': 'writeTrialsAllure',
  'mocha.ts': 'showLines',
  'testing/sample-campaign.ts': 'sampleCampaign, sampleGameday',
};

async function write(folder: string, sample: string): Promise<string> {
  const script = `const folder = ${JSON.stringify(folder)};\n${sample}`;
  const { stdout, stderr, exitCode } = await inProcess(modules, script, 60_000);
  expect(exitCode, stderr).to.equal(0);
  return stdout;
}

const resultsIn = (folder: string): Promise<readonly AllureResult[]> =>
  allureResults(join(folder, 'allure-results'));

describe('the Allure results of many trials', function () {
  this.timeout(90_000);
  let reports = '';
  beforeEach(async () => {
    reports = await mkdtemp(join(tmpdir(), 'holdfast-trials-allure-'));
  });
  afterEach(async () => {
    await rm(reports, { recursive: true });
  });

  it('are one for each claim of a campaign, with the trials and in them the faults as steps', async () => {
    const folder = join(reports, 'campaign');
    await mkdir(folder);
    for (const name of ['report.html', 'result.json', 'metrics.prom'])
      await writeFile(join(folder, name), name);
    // Again, as when it is gone on with: what was there before is no test that was done again.
    const again =
      'for (const n of [1, 2]) await writeTrialsAllure(folder, sampleCampaign(59).result);';
    await write(folder, again);
    const results = await resultsIn(folder);
    const claims = results.filter(({ name }) => name !== 'all trials come to a verdict');
    expect(results).to.have.length(claims.length + 1);
    expect(new Set(results.map(({ testCaseId }) => testCaseId)).size).to.equal(results.length);

    const [elected] = claims.filter(({ name }) => name.startsWith('leader-elected: '));
    if (elected === undefined) throw new Error('no leader-elected');
    const { status, steps, parameters } = elected;
    expect([status, steps.length]).to.deep.equal(['failed', 59]);
    const late = steps.filter((step) => step.status !== 'passed');
    expect(late.map((step) => step.status)).to.deep.equal(['broken', 'broken']);
    expect(late[0]?.name).to.match(/^trial 30: fail/);
    expect(late[0]?.steps.map(({ name }) => name).join()).to.match(/ was fired at /);
    expect(parameters.map(({ excluded }) => excluded)).to.deep.equal([true, true, true]);

    const [last] = results.filter(({ name }) => name === 'all trials come to a verdict');
    const attached = last?.steps.flatMap(({ attachments }) => attachments) ?? [];
    expect(attached.map(({ name }) => name)).to.deep.equal([
      'report.html',
      'result.json',
      'metrics.prom',
    ]);
    const texts = attached.map(({ source }) =>
      readFile(join(folder, 'allure-results', source), 'utf8'),
    );
    expect(await Promise.all(texts)).to.deep.equal(attached.map(({ name }) => name));
  });

  it('have the identity of the same claim in a single run', async () => {
    const single = join(reports, 'single');
    await write(
      single,
      `const { result } = sampleCampaign(3);
       await writeTrialsAllure(folder + '-campaign', result);
       await showLines(
         [{ title: 'leader-elected: another limit', key: 'leader-elected', file: 'x.yaml', settled: Promise.resolve({ kind: 'ok' }) }],
         { title: 'x', resultsDir: folder + '/allure-results',
           identity: { scenario: 'leader-loss', cluster: result.cluster.id, parameters: {} } },
       );`,
    );
    const [run] = await resultsIn(single);
    const campaign = await resultsIn(`${single}-campaign`);
    expect(
      campaign.filter(({ testCaseId }) => testCaseId === run?.testCaseId).map(({ name }) => name),
    ).to.deep.equal(['leader-elected: a new leader within 5 s']);
  });

  it('are none of what was not begun', async () => {
    const said = await write(
      reports,
      `const { cluster, ...result } = sampleCampaign(1).result;
       console.log(await writeTrialsAllure(folder, result));`,
    );
    expect(said).to.equal('false');
    expect(await readdir(reports)).to.deep.equal([]);
  });

  it('make a site of a game day that goes on with the history of the night before', async function () {
    this.timeout(240_000);
    if (!(await hasJava())) {
      console.warn('    SKIPPED: the Allure site is not made, for there is no Java');
      this.skip();
    }
    const histories: string[][] = [];
    let tests: string[] = [];
    for (const night of [
      '2026-11-20T01-00-00Z-nightly-aaaaaa',
      '2026-11-21T01-00-00Z-nightly-bbbbbb',
    ]) {
      const folder = join(reports, night);
      await mkdir(folder);
      await write(
        folder,
        `const { writeFileSync } = await import('node:fs');
         const result = { ...sampleGameday(0).result, run: ${JSON.stringify(night)} };
         writeFileSync(folder + '/result.json', JSON.stringify(result));
         await writeTrialsAllure(folder, result);`,
      );
      const page = await readFile(await makeAllureSite(folder), 'utf8');
      histories.push(historiesIn(page).map((statuses) => statuses.join()));
      tests = (await resultsIn(folder)).map(({ name }) => name);
    }
    expect(tests).to.include('the game day comes to a verdict');
    const [first = [], second = []] = histories;
    // One for each test and none for each trial; on the second night each was there the night before.
    expect(first).to.have.length(tests.length);
    expect(second.sort()).to.deep.equal(first.map((status) => `${status},${status}`).sort());
  });
});
