import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { limit, type Limit } from '../model/fields.ts';
import type { Series } from '../model/plan.ts';
import { between, type Span, sayInstant } from '../model/span.ts';
import type { NodesSeen, StateEvent, Timeline } from '../model/timeline.ts';
import { allInjected, healedAt, notYet, settledAt } from './injected.ts';
import { membersBefore, votersIn } from './members.ts';
import { eventsOf, seriesOf, type Used, usedOf } from './series.ts';
import { calmMs } from './sampling.ts';
import { timingClaim, type Finding, type NoMeasurement } from './timing.ts';

interface ClusterRecoversParams {
  readonly within: Limit;
  readonly after: 'heal';
}

const probes = ['nodes', 'write', 'roles'];

/**
 * From an instant after the last fault was taken back, and until the end, the cluster is as it was before: every node
 * that was ready is ready by every API server's word and its kubelet renews its Lease, every API server takes writes,
 * every member of the datastore answers and tells as many voters as before. The survey after settling must find no
 * difference.
 */
export const clusterRecovers: Claim<ClusterRecoversParams> = timingClaim({
  name: 'cluster-recovers',
  summary: 'after healing, the cluster becomes what it was before, and stays so',
  schema: z.strictObject({
    within: limit,
    after: z.literal('heal').default('heal').describe('Counted from the healing of the last fault'),
  }),
  probes,
  failureStands: true,
  promise: 'the cluster as before',
  find,
});

function find(_: ClusterRecoversParams, timeline: Timeline): Finding {
  const end = settledAt(timeline);
  const healed = healedAt(timeline);
  const after = eventsOf(timeline, 'state').findLast((event) => event.when === 'after');
  const cutShort = eventsOf(timeline, 'end').some(({ interrupted }) => interrupted !== undefined);
  if (after !== undefined && after.differences.length > 0) {
    const differing = lasting(after, healed);
    // Had nobody interrupted the run, it would have waited on.
    if (!cutShort) return differing;
    return {
      ...differing,
      kind: 'unknown',
      because: `settling was cut short; ${differing.because}`,
    };
  }
  if (healed === undefined) return { kind: 'pending', because: notYet(timeline) };
  const unasked = probes.filter((probe) => seriesOf(timeline, probe).length === 0);
  if (unasked.length > 0)
    return {
      kind: 'invalid',
      because: `no series samples what the cluster must be: ${unasked.join(', ')}`,
    };
  // No step waits for it: settling does, and the survey is the end of that.
  if (after === undefined)
    return { kind: 'unknown', because: 'the cluster was not surveyed after settling' };
  const asked = conditions(timeline);
  const goods = asked.map((one) => returnOf(timeline, one, healed, end));
  const evidence = worstFirst(goods).map((one) => one.evidence);
  const never = goods.filter((one) => one.good === undefined);
  if (never.length > 0) {
    const until = Math.max(...never.map((one) => one.badUntil));
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, until - healed.hi) },
      says: 'the cluster was not seen as before to the end',
      evidence,
    };
  }
  const change = {
    lo: Math.max(healed.lo, ...goods.map((one) => one.badUntil)),
    hi: Math.max(healed.hi, ...goods.map((one) => one.good ?? healed.hi)),
  };
  return {
    kind: 'measured',
    measured: between(healed, change),
    says: 'the cluster was as before',
    evidence,
  };
}

function lasting({ at, differences }: StateEvent, healed: Span | undefined): NoMeasurement {
  return {
    kind: 'fail',
    ...(healed === undefined ? {} : { measured: { atLeast: Math.max(0, at - healed.hi) } }),
    because: `after settling the cluster still differs from before: ${differences.join('; ')}`,
    evidence: differences,
  };
}

/** One series and, for each of its samples, whether it shows what it must. */
interface Condition {
  readonly series: Series;
  readonly holds: (samples: readonly Used[]) => readonly boolean[];
}

function conditions(timeline: Timeline): readonly Condition[] {
  const { snapshot } = timeline.plan;
  const ready = snapshot.nodes
    .filter((node) => node.ready && node.datastoreOnly !== true)
    .map((node) => node.name);
  const before = Math.min(...allInjected(timeline).map(({ fired }) => fired.lo));
  const voterCount = membersBefore(timeline, before).voters.length;
  const of = (probe: string, holds: Condition['holds']): readonly Condition[] =>
    seriesOf(timeline, probe).map((series) => ({ series, holds }));
  const each =
    (holds: (sample: Used) => boolean): Condition['holds'] =>
    (samples) =>
      samples.map(holds);
  return [
    ...of('nodes', (samples) => nodesWell(samples, ready)),
    ...of(
      'write',
      each(({ ok }) => ok),
    ),
    ...of(
      'roles',
      each((sample) => (votersIn(sample)?.length ?? 0) >= voterCount),
    ),
  ];
}

/**
 * A kubelet renews its Lease every ten seconds (a quarter of the duration of 40 s that it has unless told otherwise), and
 * its node stays Ready for some fifty without. One and a half of its periods without a new renewal is not well.
 */
const renewalMs = 15_000;

/** Were these nodes ready at each sample, and their kubelets at work? */
function nodesWell(samples: readonly Used[], nodes: readonly string[]): readonly boolean[] {
  const last = new Map<string, { readonly renewed: string | undefined; readonly since: number }>();
  return samples.map(({ ok, value, sent, got }) => {
    if (!ok) return false;
    const { ready, renewed } = value as NodesSeen;
    return nodes.every((node) => {
      let known = last.get(node);
      if (known === undefined || known.renewed !== renewed[node])
        last.set(node, (known = { renewed: renewed[node], since: got }));
      return ready[node] && sent - known.since <= renewalMs;
    });
  });
}

interface Return {
  /** Send time of its last bad sample; the healing, if none was bad. */
  readonly badUntil: number;
  /** Receive time of the first good sample after it; absent if none came. */
  readonly good?: number;
  readonly evidence: string;
}

function returnOf(
  timeline: Timeline,
  { series, holds }: Condition,
  healed: Span,
  end: number,
): Return {
  const all = usedOf(timeline, series);
  const well = holds(all);
  const looks = all
    .map((sample, index) => ({ ...sample, well: well[index] }))
    .filter(({ sent, due }) => sent >= healed.lo && due <= end);
  const worst = looks.findLastIndex((look) => look.well !== true);
  const badUntil = looks[worst]?.sent ?? healed.lo;
  // To stay as before to the end is to be seen to.
  const blind = (looks.at(-1)?.due ?? healed.lo) < end - Math.max(calmMs, 3 * series.everyMs);
  const good = blind ? undefined : looks[worst + 1]?.got;
  const since = worst < 0 ? 'was well throughout' : `was last not well at ${sayInstant(badUntil)}`;
  const until = blind
    ? `not seen after ${sayInstant(looks.at(-1)?.due ?? healed.lo)}`
    : good === undefined
      ? 'not seen well after it'
      : `well at ${sayInstant(good)}`;
  return {
    badUntil,
    ...(good === undefined ? {} : { good }),
    evidence: `${series.id} ${since}, ${until}`,
  };
}

function worstFirst(all: readonly Return[]): readonly Return[] {
  return all.toSorted((a, b) => (b.good ?? Infinity) - (a.good ?? Infinity));
}
