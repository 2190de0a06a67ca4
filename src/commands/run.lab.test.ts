/** Runs on the lab as a user does them: the compiled program on a real cluster. */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { clusterFile } from '../lab/clusterfile.ts';
import { inside } from '../lab/machine.ts';
import { up } from '../lab/lab.ts';
import type { Lab } from '../lab/topology.ts';
import { untilServing } from '../lab/wait.ts';
import { resultSchema } from '../model/result-schema.ts';
import type { Result } from '../model/result.ts';
import type { Verdict } from '../model/verdict.ts';
import {
  holdfast,
  newReports,
  resultIn,
  soonSeed,
  startHoldfast,
  type Ran,
  type Running,
} from '../testing/holdfast.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { testWish } from '../testing/wish.ts';

const cluster = clusterFile(testWish.name);

interface Outcome {
  readonly ran: Ran;
  readonly result: Result;
  readonly reports: string;
}

/** Runs leader-loss, once more if this machine was too busy to see or to be well the first time, and says so. */
async function leaderLoss(attempts = 2): Promise<Outcome> {
  const reports = newReports();
  const ran = await holdfast('run', 'leader-loss', '--cluster', cluster, '--reports', reports);
  const result = resultIn(reports);
  if (attempts === 1 || !['invalid', 'unhealthy'].includes(result.outcome))
    return { ran, result, reports };
  console.warn(`      this run proves nothing, and is done again: ${ran.stderr}`);
  return leaderLoss(attempts - 1);
}

/** Lists whatever on a node bears our name, by the lab's own back door. */
const ours = [
  'find /run/holdfast /run/systemd/system /etc/systemd/system -name "*holdfast*" -o -path "/run/holdfast/*" 2>/dev/null',
  'systemctl list-units --all --plain --no-legend "holdfast-*"',
  'nft list tables | grep holdfast_ || true',
].join('; ');

describe('a run on the lab', () => {
  let lab: Lab;

  before(async () => {
    lab = await up(testWish, quiet);
  });

  it('passes leader-loss, or says honestly what did not hold', async () => {
    const { ran, result, reports } = await leaderLoss();

    expect(ran.code, ran.stderr).to.equal(result.exitCode);
    // A promotion that misses its 30 s is a finding about the cluster, and a missed slot may leave a share unknown.
    expect(result.outcome, ran.stderr).to.be.oneOf(['pass', 'fail', 'unknown']);
    expect(resultSchema.safeParse(result).error).to.equal(undefined);
    expect(verdictOf(result, 'leader-elected').outcome, ran.stderr).to.equal('pass');
    expect(widthOf(verdictOf(result, 'leader-elected'))).to.be.at.most(150);
    expect(verdictOf(result, 'writes-resume').outcome, ran.stderr).to.equal('pass');
    expect(verdictOf(result, 'cluster-recovers').outcome, ran.stderr).to.equal('pass');
    expect(verdictOf(result, 'workload-available').requests).to.be.greaterThan(500);
    expect(result.healed).to.equal(true);
    expect(await leftOn(lab)).to.deep.equal([]);
    await judgesAlike(join(reports, result.run), result);
  });

  it('fails a limit that cannot be met, with exit code 1', async () => {
    const reports = newReports();
    const file = scenario(reports, {
      within: '10ms',
      wait: '{ until: seen, at-most: 20s }',
    });
    const ran = await start(file, join(reports, 'runs')).ended;
    const result = resultIn(join(reports, 'runs'));

    expect(ran.code, ran.stderr).to.equal(1);
    expect(verdictOf(result, 'leader-elected').outcome).to.equal('fail');
  });

  it('calls a fault that does nothing invalid, with exit code 3', async () => {
    const reports = newReports();
    const file = scenario(reports, { within: '5s', wait: '2s' });
    const ran = await sabotaged(file, join(reports, 'runs'));
    const result = resultIn(join(reports, 'runs'));

    expect(ran, JSON.stringify(result, null, 2)).to.equal(3);
    expect(result.outcome).to.equal('invalid');
    expect(result.trials[0]?.faults[0]?.bit).to.equal(false);
  });

  it('leaves every node clean after its deadline when it is killed in mid-fault, and the next run takes over when told to', async () => {
    const reports = newReports();
    const file = scenario(reports, { within: '5s', wait: '5s' });
    const killed = start(file, join(reports, 'killed'), '--grace', '5s');
    await killed.says('kill: bit');
    killed.child.kill('SIGKILL');
    const at = performance.now();
    await killed.ended;

    const during = await leftOn(lab);
    expect(during.join('\n'), 'the fault stands and its undo timer is armed').to.include(
      '90-holdfast-',
    );
    // The step lasts five seconds, and five later the node acts by itself, after the time that the first fault may wait.
    while ((await leftBesideLock(lab)).length > 0 && performance.now() - at < 40_000)
      await delay(500);
    expect(await leftBesideLock(lab), 'after the deadline').to.deep.equal([]);

    // Until the member is back, no plan would lose another, and no run begins while a node is not Ready.
    await untilServing(lab, Date.now());
    await until(async () => (await holdfast('plan', file, '--cluster', cluster)).code === 0);
    const ageLocks = async (seconds: number): Promise<void> => {
      for (const node of lab.nodes)
        await inside(lab, node, `touch -c -d '-${seconds} seconds' /run/holdfast/lock`);
    };
    const again = (name: string, ...more: readonly string[]): Promise<Ran> =>
      start(file, join(reports, name), ...more).ended;
    await ageLocks(5);
    const early = await again('early', '--take-over');
    expect(early.code, early.stderr).to.equal(75);
    expect(resultIn(join(reports, 'early')).reason).to.match(/renewed \d+ s ago.*wait for its end/);
    // A run renews its lock every ten seconds; a minute without makes it stale.
    await ageLocks(61);
    const untold = await again('untold');
    expect(untold.code, untold.stderr).to.equal(75);
    expect(resultIn(join(reports, 'untold')).reason).to.match(
      /renewed \d+ s ago; it is dead.*--take-over/,
    );
    const next = await again('next', '--take-over');
    expect(next.stderr).to.match(/took over .*: the lock of run .*, not renewed for \d+ s/);
    expect(next.stderr).to.match(/tidied up namespace holdfast, left by run /);
    expect(resultIn(join(reports, 'next')).outcome, next.stderr).to.be.oneOf([
      'pass',
      'fail',
      'unknown',
    ]);
    expect(await leftOn(lab)).to.deep.equal([]);
  });

  it('heals and ends with 130 when somebody interrupts it', async () => {
    const reports = newReports();
    const file = scenario(reports, { within: '5s', wait: '60s' });
    const running = start(file, join(reports, 'runs'));
    await running.says('kill: bit');
    running.child.kill('SIGINT');
    // npm passes on what the terminal has sent already.
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;

    expect(code, stderr).to.equal(130);
    expect(resultIn(join(reports, 'runs')).healed).to.equal(true);
    expect(await leftOn(lab)).to.deep.equal([]);
  });

  it('heals by command what a run that was killed has left, and again without harm @long', async () => {
    const reports = newReports();
    const file = scenario(reports, { within: '5s', wait: '60s' });
    const killed = start(file, join(reports, 'runs'));
    await killed.says('kill: bit');
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await leftOn(lab)).to.not.deep.equal([]);

    const folder = join(reports, 'runs', 'latest');
    for (const attempt of ['at once', 'again']) {
      const { code, stdout, stderr } = await holdfast('heal', folder, '--cluster', cluster);
      expect(code, `${attempt}: ${stderr}`).to.equal(0);
      expect(stdout).to.include('Nothing of the run is left');
      expect(await leftOn(lab), attempt).to.deep.equal([]);
    }
  });

  it('refuses a cluster that does not consent, another cluster, and touches neither', async () => {
    const reports = newReports();
    const text = readFileSync(cluster, 'utf8');
    const strict = join(reports, 'strict.yaml');
    writeFileSync(strict, text.replace(/allow:\n( {2}- .*\n)+/, 'allow: [power]\n'));
    const refused = await holdfast(
      'run',
      'leader-loss',
      '--cluster',
      strict,
      '--reports',
      join(reports, 'a'),
    );
    expect(refused.code, refused.stderr).to.equal(5);
    expect(refused.stderr).to.match(/does\s+not\s+allow/);

    const other = join(reports, 'other.yaml');
    writeFileSync(
      other,
      text.replace(/cluster-id: .*/, 'cluster-id: 00000000-0000-4000-8000-000000000000'),
    );
    const wrong = await holdfast(
      'run',
      'leader-loss',
      '--cluster',
      other,
      '--reports',
      join(reports, 'b'),
    );
    expect(wrong.code, wrong.stderr).to.equal(5);
    expect(wrong.stderr).to.match(/another\s+cluster/);
  });
});

/** Starts a run on the lab whose reports are in a folder. */
function start(scenario: string, reports: string, ...more: readonly string[]): Running {
  const args = ['--cluster', cluster, '--reports', reports, '--seed', `${soonSeed}`, ...more];
  return startHoldfast(['run', scenario, ...args]);
}

function verdictOf(result: Result, claim: string): Verdict {
  const verdict = result.trials[0]?.verdicts.find((one) => one.claim === claim);
  if (verdict === undefined) throw new Error(`no verdict of ${claim}: ${JSON.stringify(result)}`);
  return verdict;
}

function widthOf({ measuredMs }: Verdict): number {
  return measuredMs !== undefined && 'lo' in measuredMs ? measuredMs.hi - measuredMs.lo : Infinity;
}

/** What bears our name on any node, by asking the nodes themselves. */
async function leftOn(lab: Lab): Promise<readonly string[]> {
  const found = await Promise.all(
    lab.nodes.map(async (node) =>
      (await inside(lab, node, ours))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => `${node.name}: ${line}`),
    ),
  );
  return found.flat();
}

async function leftBesideLock(lab: Lab): Promise<readonly string[]> {
  return (await leftOn(lab)).filter((line) => !/: \/run\/holdfast(\/lock)?$/.test(line));
}

function scenario(folder: string, { within, wait }: { within: string; wait: string }): string {
  const file = join(folder, 'scenario.yaml');
  writeFileSync(
    file,
    `apiVersion: holdfast.dev/v1
kind: Scenario
name: test
title: A test
claim: A new leader in time.
class: [reversible]
steps:
  - kill: { service: datastore, target: leader, stay-down: true }
  - wait: ${wait}
  - heal: all
expect:
  - leader-elected: { within: ${within} }
`,
  );
  return file;
}

/** Runs a scenario in a process of its own whose table of faults has a \`kill\` that kills nothing. */
async function sabotaged(file: string, reports: string): Promise<number | null> {
  const dist = resolve(import.meta.dirname, '..', '..', 'dist');
  const script = `
    const { faults } = await import('${dist}/faults/table.js');
    const { design } = faults.kill;
    faults.kill.design = (...args) => {
      const intent = design(...args);
      return { ...intent, inject: intent.inject.map((act) => ({ ...act, sh: 'true' })) };
    };
    const { run } = await import('${dist}/commands/run-once.js');
    const { loadScenario } = await import('${dist}/commands/context.js');
    const result = await run(loadScenario('${file}'), { cluster: '${cluster}', reports: '${reports}', seed: ${soonSeed} });
    process.exit(result.exitCode);
  `;
  const { execa } = await import('execa');
  const { exitCode } = await execa(process.execPath, ['--input-type=module', '-e', script], {
    reject: false,
  });
  return exitCode ?? null;
}

/** A copy of the folder, judged again, gives the same verdicts byte for byte. */
async function judgesAlike(folder: string, result: Result): Promise<void> {
  const copy = join(newReports(), 'copy');
  cpSync(folder, copy, { recursive: true });
  const { stdout } = await holdfast('judge', copy, '--json');
  const again = JSON.parse(stdout) as Result;
  expect(JSON.stringify(again.trials[0]?.verdicts)).to.equal(
    JSON.stringify(result.trials[0]?.verdicts),
  );
}
