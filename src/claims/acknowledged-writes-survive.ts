import { z } from 'zod';
import { sayOperation } from '../histories/say.ts';
import type { Violation } from '../histories/violation.ts';
import type { Claim } from '../model/claim.ts';
import { duration } from '../model/fields.ts';
import { between, sayDuration, type Span, sayInstant } from '../model/span.ts';
import type { Series } from '../model/plan.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { healedAt, injectedBy, neverFired } from './injected.ts';
import { keptWrites, type Acknowledged, type KeptWrites, type Shown } from './kept-writes.ts';
import { seriesOf, usedOf } from './series.ts';
import { sharedHistory, type SharedHistory } from './shared-history.ts';
import { sayLimit } from './timing.ts';

interface AcknowledgedWritesSurviveParams {
  readonly 'may-lose': number;
  readonly after?: string | undefined;
}

const name = 'acknowledged-writes-survive';

/** Of the writes acknowledged before the healing, so many must have been looked at again. */
const enoughSeen = 0.98;

/** So many writes and reads through each API server must have succeeded before the fault. */
const enoughBefore = 10;

/** How many of what is wrong are told one by one. */
const told = 5;

/**
 * What was acknowledged stays. Every API server writes numbers into an object of its own, each of which stays for some
 * seconds, and every API server reads all of these objects from the datastore; a read that was sent after a write's
 * acknowledgement must show it, or one that came after it in its place. Only acknowledgements count: what timed out may
 * have happened or not, at any time.
 */
export const acknowledgedWritesSurvive: Claim<AcknowledgedWritesSurviveParams> = {
  summary: 'what was acknowledged is still there',
  schema: z.strictObject({
    'may-lose': duration
      .default(0)
      .describe(
        'How far back before the fault acknowledged writes may be lost, where the fault destroys data; 0s without: none may',
      ),
    after: afterFault,
  }),
  probes: ['write', 'read', 'history'],
  failureStands: true,
  title,
  // Settling shows it; no step waits for it.
  seen: () => true,
  judge: (params, timeline) => {
    const head = {
      claim: name,
      title: title(params),
      ...(params['may-lose'] > 0 && { limitMs: params['may-lose'] }),
    };
    return { ...head, ...judged(params, timeline) };
  },
};

function title({ 'may-lose': mayLose }: AcknowledgedWritesSurviveParams): string {
  return mayLose === 0
    ? 'no acknowledged write is lost'
    : `no write is lost that was acknowledged more than ${sayLimit(mayLose)} before the fault`;
}

type Judged = Omit<Verdict, 'claim' | 'title' | 'limitMs'>;

function judged(
  { 'may-lose': mayLose, after }: AcknowledgedWritesSurviveParams,
  timeline: Timeline,
): Judged {
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return { outcome: 'invalid', because: neverFired, evidence: [] };
  const writes = seriesOf(timeline, 'write');
  const reads = seriesOf(timeline, 'read');
  if (writes.length === 0 || reads.length === 0)
    return { outcome: 'invalid', because: 'no API server is sampled', evidence: [] };
  const vacant = unwatched(timeline, [...writes, ...reads], injected.fired.lo);
  if (vacant !== undefined) return { outcome: 'invalid', because: vacant, evidence: [] };

  const kept = keptWrites(timeline);
  const allowed = ({ write }: Shown): boolean =>
    mayLose > 0 &&
    write.got >= injected.fired.lo - mayLose &&
    write.sent <= (injected.undone?.hi ?? Infinity);
  const evidence = [...sayCounts(kept), ...sayWrong(kept)];
  const wrong = kept.lost.filter((one) => !allowed(one));
  const [first] = wrong;
  if (first !== undefined)
    return {
      outcome: 'fail',
      because: `${count(wrong.length, 'acknowledged write')} ${wrong.length === 1 ? 'is' : 'are'} lost; the first: ${sayShown(first)}`,
      evidence,
    };
  const [strange] = kept.invented;
  if (strange !== undefined)
    return {
      outcome: 'fail',
      because: `a read through ${strange.through} at ${sayInstant(strange.got)} returned ${strange.n}, which nobody had written`,
      evidence,
    };
  // What a fault destroys takes the shared objects along, whose parts are of many instants.
  const shared = mayLose === 0 ? sharedHistory(timeline) : undefined;
  evidence.push(...sayShared(shared));
  const disorder = disorderIn(shared);
  if (disorder !== undefined) return { ...disorder, evidence: [...evidence, ...disorder.evidence] };
  const unseen = unseenBeforeHealing(kept, timeline);
  if (unseen.length > kept.acknowledged.length * (1 - enoughSeen))
    return {
      outcome: 'unknown',
      because: `${unseen.length} of ${kept.acknowledged.length} acknowledged writes were never looked at again, as nothing could be read until others had taken their places`,
      evidence,
    };
  return {
    outcome: 'pass',
    ...(kept.lost.length > 0 && { measuredMs: lostBack(kept.lost, injected.fired) }),
    because:
      kept.lost.length === 0
        ? `none of ${kept.acknowledged.length} acknowledged writes is lost`
        : `${count(kept.lost.length, 'acknowledged write')} ${kept.lost.length === 1 ? 'is' : 'are'} lost, back to ${sayDuration(lostBack(kept.lost, injected.fired))} before the fault, and ${sayLimit(mayLose)} may be`,
    evidence,
  };
}

/**
 * A series that hardly worked before the fault tells nothing after it; how quick it was does not matter here, nor what
 * prepares the fault: a copy that is made for its undo stops a member for a moment.
 */
function unwatched(
  timeline: Timeline,
  series: readonly Series[],
  before: number,
): string | undefined {
  for (const one of series) {
    const good = usedOf(timeline, one).filter(({ ok, got }) => ok && got <= before).length;
    if (good < enoughBefore)
      return `${one.id} had ${good} good samples before the fault and needs ${enoughBefore}: nothing can be told from it`;
  }
  return undefined;
}

/** How long before the fault the oldest of the lost writes was done. */
function lostBack(lost: readonly Shown[], fired: Span): Span {
  const oldest = {
    lo: Math.min(...lost.map(({ write }) => write.sent)),
    hi: Math.min(...lost.map(({ write }) => write.got)),
  };
  return between(oldest, fired);
}

/** The last ones of a run are followed by no read, and need none. */
function unseenBeforeHealing(kept: KeptWrites, timeline: Timeline): readonly Acknowledged[] {
  const until = healedAt(timeline)?.hi ?? Infinity;
  const lost = new Set(kept.lost.map(({ write }) => write));
  return kept.acknowledged.filter(
    (write) => write.got <= until && !kept.found.has(write) && !lost.has(write),
  );
}

/** What is wrong with the shared objects, or not decided, with the smallest part of the history that shows it. */
function disorderIn(shared: SharedHistory | undefined): Judged | undefined {
  if (shared === undefined) return undefined;
  const [violation] = grave(shared);
  if (violation !== undefined)
    return {
      outcome: 'fail',
      because: `${violation.object}: ${violation.because}`,
      evidence: violation.operations.map(sayOperation),
    };
  const [undecided] = shared.judgement.undecided;
  if (undecided === undefined) return undefined;
  return { outcome: 'unknown', because: `${undecided.object}: ${undecided.because}`, evidence: [] };
}

/** A read that was old is told and is no loss; everything else that no order of the operations explains is grave. */
function grave({ judgement }: SharedHistory): readonly Violation[] {
  return judgement.violations.filter(({ wrong }) => wrong !== 'stale' && wrong !== 'went back');
}

function sayShared(shared: SharedHistory | undefined): string[] {
  if (shared === undefined) return [];
  const { operations, judgement } = shared;
  const { violations, phantomConflicts } = judgement;
  const trap = `${count(phantomConflicts.length, 'swap')} of shared objects had a conflict for an answer and happened all the same`;
  return [
    `${count(operations, 'operation')} on shared objects (swaps on a version, additions to a set, a counter): ` +
      (violations.length === 0 ? 'all in a possible order' : `${violations.length} violations`),
    ...violations
      .slice(0, told)
      .map(({ wrong, object, because }) => `${object}, ${wrong}: ${because}`),
    ...(phantomConflicts.length > 0 ? [trap] : []),
  ];
}

function sayCounts({ acknowledged, found, lost, stale, reads }: KeptWrites): readonly string[] {
  const rest =
    acknowledged.length - found.size - lost.filter(({ write }) => !found.has(write)).length;
  const [old] = stale;
  const missed = new Set(stale.map(({ write }) => write)).size;
  return [
    `${acknowledged.length} writes were acknowledged; ${count(reads, 'read')} found ${found.size} of them again and missed ${lost.length}; ${rest} had no read before another took their place`,
    ...(old === undefined
      ? []
      : [
          `${count(missed, 'write')} ${missed === 1 ? 'was' : 'were'} missed by reads that told of an older state, and found by later ones; one of them: ${sayShown(old)}`,
        ]),
  ];
}

function sayWrong({ lost }: KeptWrites): readonly string[] {
  const nodes = [...new Set(lost.map(({ write }) => write.node))];
  const ofNodes = nodes.map((node) => {
    const times = lost.filter(({ write }) => write.node === node).map(({ write }) => write.got);
    return `lost of those written through ${node}: ${times.length}, acknowledged between ${sayInstant(Math.min(...times))} and ${sayInstant(Math.max(...times))}`;
  });
  const more = lost.length - told;
  return [
    ...ofNodes,
    ...lost.slice(0, told).map(sayShown),
    ...(more > 0 ? [`and ${more} more`] : []),
  ];
}

function sayShown({ write, through, sent, got, instead }: Shown): string {
  return (
    `${write.n} was written through ${write.node} and acknowledged at ${sayInstant(write.got)}; ` +
    `a read through ${through} from ${sayInstant(sent)} to ${sayInstant(got)} returned ${instead ?? 'nothing'} in its place`
  );
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? '' : 's'}`;
}
