import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { sayInstant } from '../model/span.ts';
import type { Act, ActsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { injectedBy, neverFired } from './injected.ts';
import { vacuous } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';

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
  const looks = usedFrom(timeline, one, before)
    .filter(({ value }) => value !== undefined)
    .sort((a, b) => a.got - b.got);
  const last = looks.at(-1);
  const terms = last === undefined ? [] : actsIn(last);
  const evidence = terms.map(({ term, by, count }) => `${by} acted ${count} times in term ${term}`);
  const late = lateActs(looks);
  const [first] = late;
  if (first === undefined)
    return {
      outcome: 'pass',
      because: `no leader acted after one of a later term, in ${terms.length} terms`,
      evidence,
    };
  const times = late.reduce((sum, { from, to }) => sum + to - from, 0);
  const until = late.at(-1)?.at ?? first.at;
  return {
    outcome: 'fail',
    because: `${first.by} acted in term ${first.term} after ${first.later.by} had in term ${first.later.term}; ${times} such ${times === 1 ? 'act' : 'acts'}, seen from ${sayInstant(first.at)} to ${sayInstant(until)}`,
    evidence: [
      ...evidence,
      ...late.map(
        ({ by, term, from, to, at }) =>
          `${by} went from ${from} to ${to} acts of term ${term}, seen at ${sayInstant(at)}`,
      ),
    ],
  };
}

interface LateAct {
  readonly term: number;
  readonly by: string;
  readonly from: number;
  readonly to: number;
  readonly later: Act;
  readonly at: number;
}

/** Acts of a term between two looks, of which the first had acts of a later term already. */
function lateActs(looks: readonly Used[]): readonly LateAct[] {
  return looks.flatMap((look, index) => {
    // Looks may overlap: only one that had ended when this began came before it.
    const earlier = looks.slice(0, index).findLast(({ got }) => got <= look.sent);
    if (earlier === undefined) return [];
    const known = actsIn(earlier);
    return actsIn(look).flatMap(({ term, by, count }): LateAct[] => {
      const was = known.find((one) => one.term === term)?.count ?? 0;
      const later = known.find((one) => one.term > term);
      return later === undefined || count <= was
        ? []
        : [{ term, by, from: was, to: count, later, at: look.got }];
    });
  });
}

function actsIn({ value }: Used): readonly Act[] {
  return [...(value as ActsSeen).acts].sort((a, b) => a.term - b.term);
}
