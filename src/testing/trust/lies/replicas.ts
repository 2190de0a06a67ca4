/** Lies about the replicas of the workload: how many are ready, and where. */
import type { PodSeen, PodsSeen, ReplicasSeen, Timeline } from '../../../model/timeline.ts';
import { inTimeline, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const neverBelow = ['never-below', { ready: 3 }] as const;
/** The script has a second pod on pi2 once the victim's is replaced. */
const spread = ['spread-kept', { 'at-most': 2 }] as const;
const capacity = ['capacity-left', { within: '10s' }] as const;
const moved = ['pods-moved', { within: '20s' }] as const;

const replaced = { replaced: 8000 };
const nodeLost = { ...replaced, silenced: true } as const;

export const replicaLies: readonly Lie[] = [
  inTimeline({
    lie: 'a replica was away for a moment, between two looks at one of the watches',
    claim: neverBelow,
    written: watched(({ ready, opened }, after, series) =>
      series === 'replicas@pi2' && after > 5000 && after < 5491
        ? { ready, opened, least: 2 }
        : undefined,
    ),
    outcome: 'fail',
    because: /the watch on pi2 told at 27\.\d+ s that 2 replicas were ready, for 0\.\d\d s/,
  }),
  inTimeline({
    lie: 'all watches are silent, and a list tells of one replica less',
    claim: neverBelow,
    written: told((pods, after, series) =>
      series === 'pods@pi3' && after > 9000 && after < 9991 ? pods.slice(1) : pods,
    ),
    outcome: 'fail',
    because: /a list through pi3 told at 3\d\.\d+ s that 2 replicas were ready/,
  }),
  inTimeline({
    lie: 'all watches broke at once and were opened anew, and a replica may have been away meanwhile',
    claim: neverBelow,
    written: watched((seen, after) => (after > 6000 ? { ...seen, opened: 2 } : undefined)),
    outcome: 'unknown',
    because: /no watch can be relied on for \d\.\d\d s, first at 2\d\.\d+ s/,
  }),
  inTimeline({
    lie: 'the probe of the replicas says yes and has seen none',
    claim: neverBelow,
    written: samples(({ series }) =>
      series === 'replicas@pi2' ? { ok: true, value: undefined } : {},
    ),
    outcome: 'invalid',
    because: /replicas@pi2 said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'one look finds more replicas on a node than were promised, and no other does',
    claim: spread,
    world: replaced,
    written: told((pods, after, series) =>
      series === 'pods@pi2' && after > 12_000 && after < 12_991
        ? [...pods, { name: 'holdfast/web-5', node: 'pi2', ready: true }]
        : pods,
    ),
    outcome: 'fail',
    because: /3 ready pods stood on pi2 at 3\d\.\d+ s: .*web-5/,
  }),
  inTimeline({
    lie: 'replicas stay apart because none is made in place of the one that was lost',
    claim: spread,
    world: replaced,
    truth: { replaced: Infinity },
    outcome: 'unknown',
    because: /none was made in place of holdfast\/web-1 before the fault was taken back/,
  }),
  inTimeline({
    lie: 'the new replica has no place, until the fault was taken back',
    claim: capacity,
    world: replaced,
    written: told((pods, after) => (after < 30_000 ? pods.map(waiting) : pods)),
    outcome: 'fail',
    because: /web-4 waited for a node \(0\/4 nodes are available\) for > 2\d\.\d s, beyond 10 s/,
  }),
  inTimeline({
    lie: 'no API server answers while the new replica waits for a place',
    claim: capacity,
    world: replaced,
    written: samples(({ series }, after) =>
      series.startsWith('pods@') && after > 7000 && after < 25_000
        ? { ok: false, value: undefined, error: 'EDEADLINE' }
        : {},
    ),
    outcome: 'unknown',
    because: /no API server told the pods for 1\d\.\d s/,
  }),
  inTimeline({
    lie: 'the pod of a dead node is told to be ready, and none comes in its place',
    claim: moved,
    world: nodeLost,
    truth: { replaced: Infinity },
    outcome: 'fail',
    because: /3 ready pods were not seen again in the \d+\.\d s after the fault; that is beyond/,
  }),
  inTimeline({
    lie: 'one API server tells that the new pod is ready, and the others that it is not',
    claim: moved,
    world: nodeLost,
    written: told((pods, _, series) =>
      series === 'pods@pi3'
        ? pods
        : pods.map((pod) => (isNew(pod) ? { ...pod, ready: false } : pod)),
    ),
    outcome: 'fail',
    because: /3 ready pods were not seen again/,
  }),
];

function isNew({ name }: PodSeen): boolean {
  return name === 'holdfast/web-4';
}

function waiting(pod: PodSeen): PodSeen {
  const { name } = pod;
  return isNew(pod) ? { name, ready: false, pending: '0/4 nodes are available' } : pod;
}

/** What the watches tell otherwise; undefined leaves it as it is. */
function watched(
  change: (seen: ReplicasSeen, after: number, series: string) => ReplicasSeen | undefined,
): (timeline: Timeline) => Timeline {
  return samples(({ series, value }, after) => {
    const changed =
      series.startsWith('replicas@') && value !== undefined
        ? change(value as ReplicasSeen, after, series)
        : undefined;
    return changed === undefined ? {} : { value: changed };
  });
}

/** What lists tell otherwise. */
function told(
  change: (pods: readonly PodSeen[], after: number, series: string) => readonly PodSeen[],
): (timeline: Timeline) => Timeline {
  return samples(({ series, value }, after) =>
    series.startsWith('pods@') && value !== undefined
      ? { value: { pods: change((value as PodsSeen).pods, after, series) } }
      : {},
  );
}
