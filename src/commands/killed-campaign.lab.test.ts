/** A campaign that is killed half-way and gone on with is told like one that was left alone. */
import { existsSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clusterFile } from '../lab/clusterfile.ts';
import { up } from '../lab/lab.ts';
import { holdfast, newReports, startHoldfast } from '../testing/holdfast.ts';
import { quiet } from '../testing/quiet.ts';
import { shortScenario } from '../testing/short-scenario.ts';
import { until } from '../testing/until.ts';
import { testWish } from '../testing/wish.ts';

const trials = 4;
const seed = 52;
/** This trial is killed while its fault stands. */
const killed = 3;

const untilKilledMs = 300_000;

const scenario = shortScenario('5s', [
  'leader-changes: { at-most: 0 }',
  'workload-available: { failed: 10%, longest-outage: 5s }',
  'cluster-recovers: { within: 3m, after: heal }',
]);

describe('a campaign that is killed @long', () => {
  const cluster = clusterFile(testWish.name);
  before(() => up(testWish, quiet));

  it('is healed, gone on with, and then the same but for its times as one that was left alone', async () => {
    const alone = newReports();
    const through = await holdfast(...campaign(alone));
    expect(through.code, through.stderr).to.equal(0);

    const reports = newReports();
    const running = startHoldfast(campaign(reports));
    await until(() => Promise.resolve(isInFault(reports)), untilKilledMs);
    const done = finished(reports);
    expect(done).to.have.length(killed - 1);
    running.child.kill('SIGKILL');
    await running.ended;

    const folder = realpathSync(join(reports, 'latest'));
    const healed = await holdfast('heal', join(reports, 'latest'), '--cluster', cluster);
    expect(healed.code, healed.stderr).to.equal(0);
    const resumed = await holdfast('run', '--resume', folder, '--cluster', cluster);
    expect(resumed.code, resumed.stderr).to.equal(0);

    expect(finished(reports).slice(0, done.length)).to.deep.equal(done);
    expect(finished(reports)).to.have.length(trials);
    expect(withoutTimes(resultIn(folder))).to.deep.equal(
      withoutTimes(resultIn(join(alone, 'latest'))),
    );
  });

  function campaign(reports: string): readonly string[] {
    const file = join(reports, 'short.yaml');
    writeFileSync(file, scenario);
    return [
      ...['run', file, '--trials', String(trials), '--seed', String(seed)],
      ...['--cluster', cluster, '--reports', reports],
    ];
  }
});

/** The lines of the trials that are over. */
function finished(reports: string): readonly string[] {
  const file = join(reports, 'latest', 'trials.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

/** Does the fault of the trial that is to be killed stand? */
function isInFault(reports: string): boolean {
  if (finished(reports).length < killed - 1) return false;
  const folder = join(reports, 'latest');
  const timelines = readdirSync(folder)
    .filter((name) => name !== 'latest')
    .map((run) => join(folder, run, 'timeline.jsonl'))
    .filter((file) => existsSync(file));
  return (
    timelines.length === killed &&
    timelines.every((file) => readFileSync(file, 'utf8').includes('"state":"bit"'))
  );
}

function resultIn(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8'));
}

/** What a duration is told with, and what names a run or counts how often was asked meanwhile. */
const timely =
  /Ms$|^(lo|hi|atLeast|lag1|p|run|startedAt|finishedAt|harness|clocks|findings|because|evidence|requests)$/;

/** All that is no time: what was done, to whom, what came of each claim in each trial, and what they say together. */
function withoutTimes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTimes);
  if (typeof value === 'string') return value.replaceAll(/\d[\d.]* (ms|s|min)\b/g, 'a time');
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => !timely.test(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutTimes(inner)]));
}
