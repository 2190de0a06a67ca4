import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { sayInstant } from '../model/span.ts';
import type { PodSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { lastBefore } from './clocks/kind.ts';
import { injectedBy, neverFired, settledAt, sinceOf } from './injected.ts';
import {
  madeAfter,
  notTold,
  podLooks,
  podsOf,
  readyIn,
  tooFewLooks,
  untested,
} from './pod-looks.ts';
import type { Used } from './series.ts';

interface SpreadKeptParams {
  readonly 'at-most': number;
  readonly after?: string | undefined;
}

const name = 'spread-kept';

/**
 * Never more ready pods of the workload on one node, from the fault to the end of settling. Each look is a list of one
 * moment, so that one is enough. A replica for which no node is left may wait for one: that is said, and no failure.
 */
export const spreadKept: Claim<SpreadKeptParams> = {
  summary: 'the ready pods of the workload stay apart',
  schema: z.strictObject({
    'at-most': z.int().min(1).max(1000).default(1).describe('So many on each node; 1 without'),
    after: afterFault,
  }),
  probes: ['pods'],
  title,
  // It has no end of its own to wait for.
  seen: ({ after }, timeline) => injectedBy(timeline, after) !== undefined,
  judge: (params, timeline) => ({ claim: name, title: title(params), ...judged(params, timeline) }),
};

function title({ 'at-most': atMost }: SpreadKeptParams): string {
  return `never more than ${countOf(atMost, 'ready pod')} of the workload on a node`;
}

type Judged = Pick<Verdict, 'outcome' | 'because' | 'evidence'>;

function judged({ 'at-most': atMost, after }: SpreadKeptParams, timeline: Timeline): Judged {
  const invalid = (because: string): Judged => ({ outcome: 'invalid', because, evidence: [] });
  const since = sinceOf(timeline, after);
  if (since === undefined) return invalid(neverFired);
  const looks = podLooks(timeline, since.before);
  const before = lastBefore({ timeline, since }, looks);
  if (before === undefined) return invalid(notTold);
  const already = crowdIn(before, atMost);
  if (already !== undefined) return invalid(sayCrowd(already, 'before the fault already'));
  const end = settledAt(timeline);
  const later = looks.filter(({ sent }) => sent >= since.at.lo && sent <= end);
  const evidence = later.flatMap((look) => {
    const crowd = crowdIn(look, atMost);
    return crowd === undefined ? [] : [sayCrowd(crowd, `at ${sayInstant(look.got)}`)];
  });
  const [crowded] = evidence;
  if (crowded !== undefined) return { outcome: 'fail', because: crowded, evidence };
  const during = later.filter(({ sent }) => sent <= since.until);
  const isNew = madeAfter(before);
  if (!later.some((look) => podsOf(look).some(isNew))) return untested(before, since);
  const why = tooFewLooks(timeline, later, since.at.lo, end);
  if (why !== undefined) return { outcome: 'unknown', because: why, evidence: [] };
  const wanted = readyIn(before);
  const last = during.at(-1) ?? before;
  return {
    outcome: 'pass',
    because: `never more than ${atMost} stood on a node; ${sayPlaces(last, wanted)}`,
    evidence: podsOf(last).map(sayPod),
  };
}

/** Ready pods on one node. */
interface Crowd {
  readonly node: PodSeen['node'];
  readonly pods: readonly PodSeen[];
}

/** The first that is too large. */
function crowdIn(look: Used, atMost: number): Crowd | undefined {
  const ready = podsOf(look).filter((pod) => pod.ready);
  return ready
    .map(({ node }) => ({ node, pods: ready.filter((pod) => pod.node === node) }))
    .find(({ pods }) => pods.length > atMost);
}

function sayCrowd({ node, pods }: Crowd, when: string): string {
  const names = pods.map(({ name }) => name).join(' and ');
  return `${pods.length} ready pods stood on ${node ?? 'a node'} ${when}: ${names}`;
}

/** What became of each replica: "2 of 3 stood apart and 1 waited for a node: 0/5 nodes are available". */
function sayPlaces(look: Used, wanted: number): string {
  const pods = podsOf(look);
  const ready = readyIn(look);
  const waiting = pods.filter(({ node }) => node === undefined);
  const apart = `when the fault was taken back, ${ready} of ${wanted} stood apart`;
  const [first] = waiting;
  if (first !== undefined)
    return `${apart} and ${waiting.length} waited for a node: ${first.pending ?? 'no scheduler said why'}`;
  return ready < wanted ? `${apart}, and the others were not ready` : apart;
}

function sayPod({ name, node, ready, pending }: PodSeen): string {
  if (node === undefined) return `${name} waited for a node: ${pending ?? 'no scheduler said why'}`;
  return `${name} was ${ready ? '' : 'not '}ready on ${node}`;
}
