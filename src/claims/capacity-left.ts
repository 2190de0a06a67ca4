import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { duration } from '../model/fields.ts';
import {
  againstLimit,
  isSeen,
  longest,
  sayDuration,
  sayInstant,
  type Measured,
} from '../model/span.ts';
import type { PodSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { lastBefore } from './clocks/kind.ts';
import { injectedBy, neverFired, sinceOf } from './injected.ts';
import { madeAfter, notTold, podLooks, podsOf, tooFewLooks, untested } from './pod-looks.ts';
import type { Used } from './series.ts';
import { sayLimit } from './timing.ts';

interface CapacityLeftParams {
  readonly within: number;
  readonly after?: string | undefined;
}

const name = 'capacity-left';

/**
 * Every replica of the workload that is made anew finds a node among those that the fault leaves: none waits for one for
 * longer. The question ends as the fault is taken back, which gives the place back that was lost.
 */
export const capacityLeft: Claim<CapacityLeftParams> = {
  summary: 'every replica of the workload finds a place on the nodes that are left',
  schema: z.strictObject({
    within: duration.default(30_000),
    after: afterFault,
  }),
  probes: ['pods'],
  title,
  // It has no end of its own to wait for.
  seen: ({ after }, timeline) => injectedBy(timeline, after) !== undefined,
  judge: (params, timeline) => ({
    claim: name,
    title: title(params),
    limitMs: params.within,
    ...judged(params, timeline),
  }),
};

function title({ within }: CapacityLeftParams): string {
  return `no pod of the workload waits for a node for longer than ${sayLimit(within)}`;
}

type Judged = Pick<Verdict, 'outcome' | 'measuredMs' | 'because' | 'evidence'>;

function judged({ within, after }: CapacityLeftParams, timeline: Timeline): Judged {
  const invalid = (because: string): Judged => ({ outcome: 'invalid', because, evidence: [] });
  const since = sinceOf(timeline, after);
  if (since === undefined) return invalid(neverFired);
  const looks = podLooks(timeline, since.before);
  const before = lastBefore({ timeline, since }, looks);
  if (before === undefined) return invalid(notTold);
  const already = podsOf(before).find(({ node }) => node === undefined);
  if (already !== undefined) return invalid(`${sayWaiting(already)} before the fault already`);
  const later = looks.filter(({ sent }) => sent >= since.at.lo && sent <= since.until);
  const waits = waitsIn(before, later).toSorted((a, b) => leastOf(b) - leastOf(a));
  const [worst] = waits;
  if (worst === undefined) return untested(before, since);
  const outcomes = waits.map(({ lasted }) => againstLimit(lasted, within));
  const evidence = waits.map(sayWait);
  const why = tooFewLooks(timeline, later, since.at.lo, since.until);
  if (outcomes.includes('fail'))
    return {
      outcome: 'fail',
      measuredMs: worst.lasted,
      because: `${sayWaiting(worst.pod)} for ${sayDuration(worst.lasted)}, beyond ${sayLimit(within)}`,
      evidence,
    };
  if (why !== undefined) return { outcome: 'unknown', because: why, evidence };
  const slowest = longest(waits.map(({ lasted }) => lasted));
  const open = waits[outcomes.indexOf('unknown')];
  return open === undefined
    ? {
        outcome: 'pass',
        measuredMs: slowest,
        because: `${countOf(waits.length, 'pod')} that ${waits.length === 1 ? 'was' : 'were'} made anew had a node after ${sayDuration(slowest)} at the latest`,
        evidence,
      }
    : {
        outcome: 'unknown',
        measuredMs: open.lasted,
        because: `${sayWaiting(open.pod)} for ${sayDuration(open.lasted)}, which does not decide about ${sayLimit(within)}`,
        evidence,
      };
}

/** A pod that was made anew, and how long it was without a node. */
interface Wait {
  readonly pod: PodSeen;
  readonly begun: number;
  readonly lasted: Measured;
}

/** In the order in which they were first told of. */
function waitsIn(before: Used, later: readonly Used[]): readonly Wait[] {
  const isNew = madeAfter(before);
  const waits = new Map<string, Wait>();
  let last = before;
  for (const [index, look] of later.entries()) {
    for (const pod of podsOf(look).filter(isNew))
      if (!waits.has(pod.name)) waits.set(pod.name, waitOf(pod, last, look, later.slice(index)));
    last = look;
  }
  return [...waits.values()];
}

/**
 * From the last look without the pod to the first in which it has a node, or is gone again.
 * @param rest from the first look with it on
 */
function waitOf(made: PodSeen, absent: Used, first: Used, rest: readonly Used[]): Wait {
  const waitingIn = (look: Used): PodSeen | undefined =>
    podsOf(look).find(({ name, node }) => name === made.name && node === undefined);
  const ended = rest.findIndex((look) => waitingIn(look) === undefined);
  const last = rest.slice(0, ended < 0 ? undefined : ended).at(-1) ?? first;
  const least = Math.max(0, last.sent - first.got);
  const end = rest[ended];
  return {
    pod: waitingIn(last) ?? made,
    begun: first.got,
    lasted: end === undefined ? { atLeast: least } : { lo: least, hi: end.got - absent.sent },
  };
}

function leastOf({ lasted }: Wait): number {
  return isSeen(lasted) ? lasted.lo : lasted.atLeast;
}

function sayWaiting({ name, pending }: PodSeen): string {
  return `${name} waited for a node (${pending ?? 'no scheduler said why'})`;
}

function sayWait({ pod, begun, lasted }: Wait): string {
  const reason = pod.pending === undefined ? '' : `: ${pod.pending}`;
  return `${pod.name}, first told at ${sayInstant(begun)}, had a node after ${sayDuration(lasted)}${reason}`;
}
