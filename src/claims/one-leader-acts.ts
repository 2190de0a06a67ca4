import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { sayInstant } from '../model/span.ts';
import type { Act, ActsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { injectedBy, neverFired } from './injected.ts';
import { vacuous } from './sampling.ts';
import { seriesOf, usedFrom } from './series.ts';

interface OneLeaderActsParams {
  readonly after?: string | undefined;
}

const name = 'one-leader-acts';
const title = 'never two leaders of the workload act';

/**
 * Once a leader of a later term has acted, none of an earlier one does: what a fencing token is there to prevent. A Lease
 * cannot show it, as it has one holder whoever else takes himself for the leader; the ledger of acts can, whenever it is
 * read.
 */
export const oneLeaderActs: Claim<OneLeaderActsParams> = {
  summary: 'no leader of the workload acts once one of a later term has',
  schema: z.strictObject({ after: afterFault }),
  probes: ['acts'],
  title: () => title,
  // It has no end of its own to wait for.
  seen: ({ after }, timeline) => injectedBy(timeline, after) !== undefined,
  judge: (params, timeline) => ({ claim: name, title, ...judged(params, timeline) }),
};

type Judged = Pick<Verdict, 'outcome' | 'because' | 'evidence'>;

function judged({ after }: OneLeaderActsParams, timeline: Timeline): Judged {
  const invalid = (because: string): Judged => ({ outcome: 'invalid', because, evidence: [] });
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return invalid(neverFired);
  const series = seriesOf(timeline, 'acts');
  const [one] = series;
  if (one === undefined) return invalid('nobody read what the leaders of the workload did');
  const before = injected.fired.lo;
  const vacant = vacuous(timeline, series, before);
  if (vacant !== undefined) return invalid(vacant);
  const ledgers = usedFrom(timeline, one, before)
    .filter(({ value }) => value !== undefined)
    .map(({ got, value }): Ledger => ({ at: got, acts: (value as ActsSeen).acts }));
  const terms = termsIn(ledgers);
  const evidence = terms.map(({ term, by, count }) => `${by} acted ${count} times in term ${term}`);
  const late = terms.flatMap((act) => lateActs(act, ledgers));
  const [first] = late;
  if (first === undefined)
    return {
      outcome: 'pass',
      because: `no leader acted after one of a later term, in ${terms.length} terms`,
      evidence,
    };
  const times = late.reduce((sum, { from, to }) => sum + to - from, 0);
  const seen = late.map((one) => one.seen);
  return {
    outcome: 'fail',
    because: `${first.by} acted in term ${first.term} after ${first.later.by} had in term ${first.later.term}; ${times} such ${times === 1 ? 'act' : 'acts'}, seen from ${sayInstant(Math.min(...seen))} on`,
    evidence: [
      ...evidence,
      ...late.map(
        ({ by, term, from, to, later, seen }) =>
          `${by} went from ${from} to ${to} acts of term ${term} once ${later.by} had acted in term ${later.term}, seen from ${sayInstant(seen)} on`,
      ),
    ],
  };
}

/** What the ledger had when it was looked at. */
interface Ledger {
  /** When the look ended; milliseconds on the run's clock. */
  readonly at: number;
  readonly acts: readonly Act[];
}

interface LateActs {
  readonly term: number;
  readonly by: string;
  readonly from: number;
  readonly to: number;
  readonly later: Act;
  readonly seen: number;
}

/** Every term with as many acts as were ever seen of it. */
function termsIn(ledgers: readonly Ledger[]): readonly Act[] {
  const terms = new Map<number, Act>();
  for (const act of ledgers.flatMap(({ acts }) => acts))
    if (act.count > (terms.get(act.term)?.count ?? -1)) terms.set(act.term, act);
  return [...terms.values()].sort((a, b) => a.term - b.term);
}

/**
 * The acts of a term that came after one of a later term. The ledger is one object, so that a look sees all of it at one
 * instant, and its counts only grow: more than in a look that had a later term was done after that, in whatever order
 * looks were answered.
 */
function lateActs({ term, by, count: to }: Act, ledgers: readonly Ledger[]): readonly LateActs[] {
  const knowing = ledgers.filter(({ acts }) => laterThan(term, acts) !== undefined);
  const from = Math.min(...knowing.map(({ acts }) => countOf(term, acts)));
  const then = knowing.find(({ acts }) => countOf(term, acts) === from);
  const later = then && laterThan(term, then.acts);
  const first = ledgers.find(({ acts }) => countOf(term, acts) > from);
  return later === undefined || first === undefined
    ? []
    : [{ term, by, from, to, later, seen: first.at }];
}

function countOf(term: number, acts: readonly Act[]): number {
  return acts.find((one) => one.term === term)?.count ?? 0;
}

function laterThan(term: number, acts: readonly Act[]): Act | undefined {
  return acts.find((one) => one.term > term);
}
