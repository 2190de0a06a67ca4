import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { saySeconds, sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { injectedBy, neverFired, settledAt } from './injected.ts';
import { leadershipIn, type Leadership } from './leadership.ts';
import { membersBefore, nodeOf } from './members.ts';
import { endOfSampling } from './outages.ts';
import { vacuous } from './sampling.ts';
import { seriesOf } from './series.ts';

interface LeaderChangesParams {
  readonly 'at-most': number;
  readonly after?: string | undefined;
}

const name = 'leader-changes';

/**
 * From the fault to the end of settling, leadership moves from one member to another at most so often. That the same
 * member leads again after a while without a leader is no change, though it is told: Dqlite does not tell its terms.
 */
export const leaderChanges: Claim<LeaderChangesParams> = {
  summary: 'leadership of the datastore moves at most so often',
  schema: z.strictObject({
    'at-most': z
      .int()
      .min(0)
      .max(1000)
      .describe('How often another member may become leader; 0 for never'),
    after: afterFault,
  }),
  probes: ['leader', 'roles'],
  title,
  // It has no end of its own to wait for.
  seen: ({ after }, timeline) => injectedBy(timeline, after) !== undefined,
  judge: (params, timeline) => ({ claim: name, title: title(params), ...judged(params, timeline) }),
};

function title({ 'at-most': atMost }: LeaderChangesParams): string {
  if (atMost === 0) return 'no change of leader';
  return `at most ${atMost} ${atMost === 1 ? 'change' : 'changes'} of leader`;
}

type Judged = Pick<Verdict, 'outcome' | 'because' | 'evidence'>;

function judged({ 'at-most': atMost, after }: LeaderChangesParams, timeline: Timeline): Judged {
  const invalid = (because: string): Judged => ({ outcome: 'invalid', because, evidence: [] });
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return invalid(neverFired);
  const { leader, voters } = membersBefore(timeline, injected.fired.lo);
  if (leader === undefined)
    return invalid('no majority of the voters named the same leader just before the fault');
  const nodes = voters.map((id) => nodeOf(timeline.plan.snapshot, id));
  const series = seriesOf(timeline, 'leader');
  const blind = nodes.find((node) => !series.some((one) => one.node === node));
  if (blind !== undefined)
    return invalid(`${blind} was a voter when the fault fired and its leader was not sampled`);
  const vacant = vacuous(
    timeline,
    series.filter(({ node }) => node !== undefined && nodes.includes(node)),
    injected.fired.lo,
  );
  if (vacant !== undefined) return invalid(vacant);
  const until = endOfSampling(timeline, series, settledAt(timeline));
  const found = leadershipIn(timeline, { leader, voters }, injected.fired.lo, until);
  return verdictOf(found, leader, atMost, timeline);
}

/** How many gaps are told one by one. */
const toldGaps = 5;

function verdictOf(
  { changes, gaps, leaderlessMs }: Leadership,
  before: string,
  atMost: number,
  { plan }: Timeline,
): Judged {
  const node = (id: string): string => nodeOf(plan.snapshot, id);
  const evidence = [
    `${node(before)} led before`,
    ...changes.map(({ leader, at }) => `a majority named ${node(leader)} at ${sayInstant(at)}`),
    ...gaps
      .slice(0, toldGaps)
      .map(({ from, to }) => `a change may hide between ${sayInstant(from)} and ${sayInstant(to)}`),
    ...(gaps.length > toldGaps ? [`and in ${gaps.length - toldGaps} more gaps`] : []),
    `no majority named anybody for ${saySeconds(leaderlessMs)} in all`,
  ];
  const path = [before, ...changes.map(({ leader }) => leader)].map(node).join(' → ');
  const said =
    changes.length === 0
      ? `${node(before)} led throughout`
      : `leadership moved ${changes.length === 1 ? 'once' : `${changes.length} times`}, ${path}`;
  if (changes.length > atMost)
    return {
      outcome: 'fail',
      because: `${said}; ${atMost === 0 ? 'no change' : `at most ${atMost}`} was allowed`,
      evidence,
    };
  if (gaps.length > 0)
    return {
      outcome: 'unknown',
      because: `as far as was seen, ${said}; too few of the voters answered for a while, and a change may hide there`,
      evidence,
    };
  return { outcome: 'pass', because: said, evidence };
}
