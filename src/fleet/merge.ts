import { configurationKey } from '../campaign/configuration.ts';
import type { DoneTrial } from '../campaign/folder.ts';
import { claimStatistics, clockStatistics } from '../campaign/statistics.ts';
import type { CampaignResult, GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import { concludeTogether } from '../model/conclude.ts';
import type {
  FleetCluster,
  FleetMember,
  FleetResult,
  FleetScenario,
} from '../model/fleet-result.ts';
import { grouped } from '../model/grouped.ts';
import { exitCodeOf, worst } from '../model/outcome.ts';
import type { Result } from '../model/result.ts';

/** A run, a campaign or a game day that was read from a folder. */
export interface ReadMember {
  /** As it was given. */
  readonly folder: string;
  readonly result: Result | CampaignResult | GamedayResult;
  /** Those that were done; of a run one, or none if nothing was broken. */
  readonly done: readonly DoneTrial[];
  /** Of what it was to be run on, if that is known without a survey. */
  readonly clusterId?: string;
}

/** A folder of which nothing can be told. */
export interface UnreadMember {
  readonly folder: string;
  readonly because: string;
}

export interface Merging {
  /** Id of what comes of it. */
  readonly run: string;
  /** ISO 8601; when nothing that was read says when it was. */
  readonly now: string;
  readonly read: readonly ReadMember[];
  readonly unread: readonly UnreadMember[];
  /** Clusters that are to have a member each; empty for whichever have one. */
  readonly expected: readonly Required<FleetCluster>[];
  /** ISO 8601: what was begun before is of an earlier time, and counts as none. */
  readonly since?: string;
}

/**
 * Puts what was done on many clusters side by side. The trials of a scenario are told together where they were run under
 * one configuration, and nowhere else; the outcome is the worst of all members. What cannot be read, and a cluster that
 * is expected and has nothing, are members like the others, so that no cluster is missing without a word.
 */
export function merge({ run, now, read, unread, expected, since = '' }: Merging): FleetResult {
  const all = onceEach(read);
  const sources = all.filter(({ result }) => result.startedAt >= since);
  const known = [...all.flatMap((one) => clusterOf(one) ?? []), ...expected];
  const on = (cluster: FleetCluster | undefined): string => label(cluster, known);
  const members: readonly FleetMember[] = [
    ...all.map((one): FleetMember => {
      const member = memberOf(one, on);
      if (sources.includes(one)) return member;
      const reason = `it was begun at ${one.result.startedAt}, and nothing since ${since}`;
      return { ...member, ...verdict('unknown', reason) };
    }),
    ...unread.map(({ folder, because }): FleetMember => ({
      on: on(undefined),
      folder,
      ...verdict('invalid', because),
    })),
    ...expected
      .filter(({ id }) => !all.some((one) => clusterOf(one)?.id === id))
      .map((cluster): FleetMember => ({
        on: on(cluster),
        cluster,
        ...verdict('unknown', 'there is no result of this cluster'),
      })),
  ];
  const residue = sources.flatMap((one) =>
    one.result.residue.map((line) => `${on(clusterOf(one))}: ${line}`),
  );
  return {
    schema: 'holdfast.dev/result/v1',
    kind: 'fleet',
    run,
    startedAt: sources.map(({ result }) => result.startedAt).sort()[0] ?? now,
    finishedAt:
      sources
        .map(({ result }) => result.finishedAt)
        .sort()
        .at(-1) ?? now,
    ...concludeTogether(
      members.map((one) => ({ ...one, name: nameOf(one) })),
      residue,
    ),
    residue,
    members,
    scenarios: scenariosOf(sources, on),
  };
}

/** `rack-2, nightly`, or of what cannot be read its folder. */
function nameOf({ on, source, folder }: FleetMember): string {
  if (source !== undefined) return `${on}, ${source.scenario}`;
  return folder ?? on;
}

function verdict(
  outcome: 'invalid' | 'unknown',
  reason: string,
): Pick<FleetMember, 'outcome' | 'exitCode' | 'reason'> {
  return { outcome, exitCode: exitCodeOf(outcome), reason };
}

/** The same one twice, as of `latest` and its own folder, counts once; so does a trial beside its campaign. */
function onceEach(read: readonly ReadMember[]): readonly ReadMember[] {
  const trials = new Set(
    read.filter(({ result }) => result.kind !== 'run').flatMap(({ done }) => done.map(runOf)),
  );
  return [...grouped(read, ({ result }) => result.run)]
    .filter(([run]) => !trials.has(run))
    .map(([, copies]) =>
      // Of two copies of one that was gone on with, the later has more.
      copies.reduce((best, one) => (one.done.length > best.done.length ? one : best)),
    );
}

function runOf({ run }: DoneTrial): string {
  return run;
}

function clusterOf({ result, clusterId }: ReadMember): FleetCluster | undefined {
  const { cluster } = result;
  if (cluster !== undefined) return { id: cluster.id, name: cluster.name };
  return clusterId === undefined ? undefined : { id: clusterId };
}

/** What the report calls a cluster. */
function label(cluster: FleetCluster | undefined, known: readonly FleetCluster[]): string {
  if (cluster === undefined) return 'cluster not known';
  const name = cluster.name ?? known.find(({ id, name }) => id === cluster.id && name)?.name;
  const short = cluster.id.slice(0, 8);
  if (name === undefined) return `cluster ${short}`;
  const isShared = known.some((other) => other.name === name && other.id !== cluster.id);
  return isShared ? `${name} (${short})` : name;
}

function memberOf(one: ReadMember, on: (cluster: FleetCluster | undefined) => string): FleetMember {
  const { kind, run, scenario, seed, startedAt, finishedAt, outcome, exitCode, reason } =
    one.result;
  const cluster = clusterOf(one);
  return {
    on: on(cluster),
    ...(cluster !== undefined && { cluster }),
    folder: one.folder,
    source: { kind, run, scenario, seed, startedAt, finishedAt },
    outcome,
    exitCode,
    reason,
  };
}

/** Of one member, the trials of one scenario under one configuration. */
interface Part {
  readonly member: ReadMember;
  readonly told: Omit<GamedayScenario, 'trials' | 'runs' | 'claims' | 'clocks'>;
  readonly done: readonly DoneTrial[];
}

function scenariosOf(
  sources: readonly ReadMember[],
  on: (cluster: FleetCluster | undefined) => string,
): readonly FleetScenario[] {
  const groups = grouped(sources.flatMap(partsOf), ({ member, told, done }) => {
    const [first] = done;
    // What was not run has no configuration, and is told by itself.
    return first === undefined
      ? `${member.result.run} ${told.scenario}`
      : configurationKey(first.configuration);
  });
  return [...groups.values()].map((parts) => together(parts, on));
}

function partsOf(member: ReadMember): readonly Part[] {
  return scenariosIn(member.result).flatMap((told): readonly Part[] => {
    const done = member.done.filter(({ scenario }) => scenario === told.scenario);
    const byConfiguration = [
      ...grouped(done, ({ configuration }) => configurationKey(configuration)).values(),
    ];
    if (byConfiguration.length === 0) return [{ member, told, done }];
    return byConfiguration.map((some, index) => {
      // What is still to be done would be so under the last one.
      const isLast = index === byConfiguration.length - 1;
      const asked = isLast ? told.asked - (done.length - some.length) : some.length;
      return { member, told: { ...told, asked }, done: some };
    });
  });
}

function scenariosIn(result: ReadMember['result']): readonly Part['told'][] {
  switch (result.kind) {
    case 'gameday':
      return result.scenarios;
    case 'campaign':
      return [{ ...result, tolerated: [] }];
    case 'run': {
      const { scenario, outcome, reason, predicted } = result;
      return [{ scenario, outcome, reason, predicted, asked: 1, compared: [], tolerated: [] }];
    }
  }
}

function together(
  parts: readonly Part[],
  on: (cluster: FleetCluster | undefined) => string,
): FleetScenario {
  const [first] = parts;
  if (first === undefined) throw new Error('a group has a part at least');
  const outcome = worst(parts.map(({ told }) => told.outcome));
  const done = parts
    .flatMap((part) => part.done)
    .toSorted((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
  const isOne = parts.length === 1;
  const trials = done.flatMap(({ result, trial }, index) =>
    result.trials.map((one) => ({ ...one, number: isOne ? trial : index + 1 })),
  );
  const configuration = done[0]?.configuration;
  const cluster = clusterOf(first.member);
  return {
    on: on(cluster),
    ...(cluster !== undefined && { cluster }),
    sources: parts.map(({ member }) => member.result.run),
    scenario: first.told.scenario,
    outcome,
    reason: parts.find(({ told }) => told.outcome === outcome)?.told.reason ?? '',
    asked: parts.reduce((sum, { told }) => sum + told.asked, 0),
    trials,
    runs: done.map(({ run, seed, startedAt, finishedAt }) => ({
      run,
      seed,
      startedAt,
      finishedAt,
    })),
    claims: claimStatistics(trials),
    clocks: clockStatistics(trials, new Set(done.flatMap(({ nodes }) => nodes))),
    compared: parts.flatMap(({ told }) => told.compared),
    predicted: parts.at(-1)?.told.predicted ?? [],
    tolerated: parts.flatMap(({ told }) => told.tolerated),
    ...(configuration !== undefined && { configuration }),
  };
}
