import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Gameday } from '../model/gameday.ts';
import { begunCampaign } from '../testing/begun-campaign.ts';
import { fakeSsh, type FakeSsh } from '../testing/fake-ssh.ts';
import { writeRack } from '../testing/rack.ts';
import { until } from '../testing/until.ts';
import { resumeTrials } from './campaign.ts';
import { CommandError, loadCluster, loadScenario } from './context.ts';
import { gameday } from './gameday.ts';
import { mustBeFree, whileLocked } from './lock.ts';
import { run } from './run-once.ts';
import { runTrials } from './trials.ts';

// The node is this machine, with a folder in the place of /run/holdfast. Its API is out of reach: whoever asks for
// anything but the lock first says "unreachable", or waits for it.
describe('a cluster on which somebody is at work', function () {
  this.timeout(30_000);
  let node: FakeSsh;
  let root = '';
  let cluster = '';
  before(async () => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-locked-'));
    node = await fakeSsh({
      sudo: `#!/bin/bash
shift
exec "\${@//\\/run\\/holdfast/${root.replaceAll('/', '\\/')}\\/run}"
`,
    });
    cluster = writeRack(root, node);
  });
  after(async () => {
    await node.close();
    rmSync(root, { recursive: true });
  });
  let reports = '';
  beforeEach(() => {
    reports = mkdtempSync(join(root, 'reports-'));
  });

  const day: Gameday = {
    name: 'night',
    title: 'A night',
    scenarios: [{ scenario: 'leader-loss', trials: 2 }],
    order: 'as-written',
    recoverMs: 600_000,
    known: [],
  };
  const isLocked =
    /^the cluster is locked by run first on .* \(process \d+\) since 20\d\d-.*Z, whose lock on pi1 was renewed \d+ s ago; wait for its end/;
  const whileFirst = <Done>(work: () => Promise<Done>): Promise<Done> =>
    whileLocked(loadCluster(cluster), 'first', false, work);
  const saidBy = async (work: Promise<unknown>): Promise<readonly [string, string]> => {
    const error: unknown = await work.then(
      () => expect.fail('it went on'),
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(CommandError);
    const { outcome, message } = error as CommandError;
    return [outcome, message];
  };

  it('is told as locked by a second game day, run and campaign, at once', async () => {
    const results = await whileFirst(async () => {
      const options = { cluster, reports };
      const leaderLoss = loadScenario('leader-loss');
      const exit = await gameday(day, root, options);
      const night = JSON.parse(readFileSync(join(reports, 'latest', 'result.json'), 'utf8')) as {
        readonly outcome: string;
        readonly exitCode: number;
        readonly reason: string;
      };
      expect(exit).to.equal(75);
      return [
        night,
        await run(leaderLoss, options),
        await runTrials(leaderLoss, { ...options, trials: 2 }),
      ];
    });
    for (const { outcome, exitCode, reason } of results) {
      expect([outcome, exitCode]).to.deep.equal(['locked', 75]);
      expect(reason).to.match(isLocked);
    }
  });

  it('is told as locked by who would go on with trials, whose folder stays as it is', async () => {
    const folder = begunCampaign(reports, cluster, 2, 1);
    const before = readdirSync(folder);
    await whileFirst(async () => {
      const [outcome, message] = await saidBy(resumeTrials(folder, {}));
      expect(outcome).to.equal('locked');
      expect(message).to.match(isLocked);
    });
    expect(readdirSync(folder)).to.deep.equal(before);
  });

  it('is not locked any more once that is over, however it ended', async () => {
    await whileFirst(() => Promise.reject(new Error('a defect'))).catch(() => undefined);
    await mustBeFree(loadCluster(cluster), false);
    expect(await gameday(day, root, { cluster, reports })).to.equal(69);
  });

  it('is locked for one of two who looked at the same time and found it free', async () => {
    const second = loadCluster(cluster);
    await mustBeFree(second, false);
    await whileFirst(async () => {
      const [outcome, message] = await saidBy(
        whileLocked(second, 'second', false, () => expect.fail('both are at work')),
      );
      expect(outcome).to.equal('locked');
      expect(message).to.match(isLocked);
    });
  });

  it('may be gone on with where its run is dead, by who says so', async () => {
    const lock = join(root, 'run', 'lock');
    mkdirSync(join(root, 'run'), { recursive: true });
    writeFileSync(lock, '{"run":"first","host":"h","pid":7}');
    const then = Date.now() / 1000 - 70;
    utimesSync(lock, then, then);
    const [outcome, message] = await saidBy(mustBeFree(loadCluster(cluster), false));
    expect(outcome).to.equal('locked');
    expect(message).to.match(/since nobody knows when.*it is dead, or can reach nothing/);
    await mustBeFree(loadCluster(cluster), true);
    const takenOver = await whileLocked(loadCluster(cluster), 'second', true, (lines) =>
      Promise.resolve(lines),
    );
    expect(takenOver.join()).to.match(/^pi1: the lock of run first, not renewed for 7\d s$/);
    await mustBeFree(loadCluster(cluster), false);
  });

  it('stays locked while a game day waits between two trials, and is let go of by a signal', async () => {
    const folder = begunCampaign(reports, cluster, 2, 1);
    const going = resumeTrials(folder, {});
    await until(() =>
      mustBeFree(loadCluster(cluster), false).then(
        () => false,
        () => true,
      ),
    );
    expect(await gameday(day, root, { cluster, reports })).to.equal(75);
    process.emit('SIGTERM', 'SIGTERM');
    expect(await going).to.include({ outcome: 'interrupted', exitCode: 143 });
    await mustBeFree(loadCluster(cluster), false);
  });
});
