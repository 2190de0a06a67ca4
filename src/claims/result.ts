import { conclude, trialOutcome, type Ending, type Stop } from '../model/conclude.ts';
import { faultSummaries, residueOf } from '../model/fault-summary.ts';
import { harnessSummary, latenessOf } from '../model/harness.ts';
import type { ClusterSummary, Result, Trial } from '../model/result.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Timeline } from '../model/timeline.ts';
import { clocksOf } from './clocks/clocks.ts';
import { findingsIn } from './clocks/findings.ts';
import { judge } from './judge.ts';
import { eventsOf } from './series.ts';
import type { claims } from './table.ts';

/** The claim that judges whether the cluster is as before. */
const recovery: keyof typeof claims = 'cluster-recovers';

/** The result of a run with one trial, from its timeline alone: the same on any machine and at any time. */
export function resultOf(timeline: Timeline): Result {
  const { plan } = timeline;
  const ended = endingOf(timeline);
  const trials = trialsOf(timeline, ended);
  const ending = { ...unrecovered(timeline), ...ended };
  const residue = residueOf(timeline);
  const harness = harnessSummary(timeline);
  const lateP99Ms = latenessOf(timeline);
  const walls = eventsOf(timeline, 'phase').map((event) => event.wall);
  return {
    schema: 'holdfast.dev/result/v1',
    kind: 'run',
    run: plan.run,
    scenario: plan.scenario.name,
    startedAt: walls[0] ?? plan.snapshot.takenAt,
    finishedAt: walls.at(-1) ?? plan.snapshot.takenAt,
    cluster: clusterSummary(plan.snapshot),
    ...conclude({ ...ending, trials, residue }),
    residue,
    seed: plan.seed,
    trials,
    predicted: plan.predicted,
    ...(harness !== undefined && {
      harness: { ...harness, ...(lateP99Ms !== undefined && { lateP99Ms }) },
    }),
  };
}

/** What is known of a run that ended before there was a plan. */
export interface Unplanned {
  readonly run: string;
  readonly scenario: string;
  readonly seed: number;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly cluster?: ClusterSummary;
  readonly stopped?: Stop;
  readonly interrupted?: 'SIGINT' | 'SIGTERM';
}

/** The result of a run that ended before there was a plan: nothing was touched and nothing is judged. */
export function resultWithoutPlan(known: Unplanned): Result {
  const { stopped, interrupted, ...rest } = known;
  const ending = { ...(stopped && { stopped }), ...(interrupted && { interrupted }) };
  return {
    schema: 'holdfast.dev/result/v1',
    kind: 'run',
    ...rest,
    ...conclude({ ...ending, trials: [], residue: [] }),
    residue: [],
    trials: [],
    predicted: [],
  };
}

/** A cluster in a few words, for result.json. */
export function clusterSummary({ cluster, datastore, nodes }: Snapshot): ClusterSummary {
  const count = (role: string): number =>
    datastore.members.filter((member) => member.role === role).length;
  return {
    name: cluster.name,
    id: cluster.id,
    platform: cluster.platform,
    kubernetes: cluster.kubernetes,
    datastore: { kind: datastore.kind, voters: count('voter'), standbys: count('stand-by') },
    nodes: nodes.length,
  };
}

function endingOf(timeline: Timeline): Ending {
  const end = eventsOf(timeline, 'end').at(-1);
  if (end === undefined) {
    const reason = 'the run has no end: Holdfast was killed, or its machine went down';
    return { stopped: { outcome: 'invalid', reason } };
  }
  return end;
}

/**
 * A cluster that is not as it was before is no pass, whatever the claims say. `cluster-recovers` judges it where it is
 * claimed; where settling was cut short by a person, nobody knows.
 */
function unrecovered(timeline: Timeline): Ending {
  // That from before has no differences.
  const last = eventsOf(timeline, 'state').at(-1);
  const isClaimed = timeline.plan.scenario.expect.some(({ claim }) => claim === recovery);
  if (last === undefined || last.differences.length === 0 || isClaimed) return {};
  if (endingOf(timeline).interrupted !== undefined) return {};
  const reason = `after settling the cluster still differs from before: ${last.differences.join('; ')}`;
  return { stopped: { outcome: 'fail', reason } };
}

/** The trial; none if the run ended before anything was broken, as there is nothing to judge then. */
function trialsOf(timeline: Timeline, { stopped, interrupted }: Ending): readonly Trial[] {
  const faults = faultSummaries(timeline);
  const cutShort = stopped !== undefined || interrupted !== undefined;
  if (cutShort && faults.every(({ firedMs }) => firedMs === undefined)) return [];
  const verdicts = judge(timeline);
  const clocks = clocksOf(timeline);
  const findings = findingsIn(clocks, timeline.plan.predicted);
  const outcome = trialOutcome(verdicts, faults);
  return [{ number: 1, outcome, faults, verdicts, clocks, findings }];
}
