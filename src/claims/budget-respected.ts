import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { countOf } from '../model/countof.ts';
import { saySeconds, sayInstant } from '../model/span.ts';
import type { EvictionEvent, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { neverFired, sinceOf, type Since } from './injected.ts';
import { podLooks, podsOf } from './pod-looks.ts';
import { widestChange } from './sampling.ts';
import { eventsOf, everyMsOf, type Used } from './series.ts';

interface BudgetRespectedParams {
  readonly 'min-available': number;
  readonly waits: boolean;
  readonly after?: string | undefined;
}

const name = 'budget-respected';
const probes = ['pods'];

/** The answer of the Eviction API where a budget does not let a pod go. */
const heldBack = 429;

/**
 * Evictions leave as many pods of the workload ready as its disruption budget says. Told by the answers of the Eviction API,
 * and by the looks before and after each that was accepted.
 */
export const budgetRespected: Claim<BudgetRespectedParams> = {
  summary:
    'no eviction of the workload’s pods is accepted that its disruption budget has no room for',
  schema: z.strictObject({
    'min-available': z
      .int()
      .min(0)
      .describe('How many ready pods the budget of the workload keeps (minAvailable)'),
    waits: z
      .boolean()
      .default(false)
      .describe('At least one eviction must have been held back: else the budget was not needed'),
    after: afterFault,
  }),
  probes,
  title,
  seen: (params, timeline) => sinceOf(timeline, params.after) !== undefined,
  judge: (params, timeline) => {
    const head = { claim: name, title: title(params) };
    const since = sinceOf(timeline, params.after);
    if (since === undefined)
      return { ...head, outcome: 'invalid', because: neverFired, evidence: [] };
    return { ...head, ...judged(params, timeline, since) };
  },
};

function title({ 'min-available': least, waits }: BudgetRespectedParams): string {
  return `evictions leave ${least} pods of the workload ready${waits ? ', and one at least waits for that' : ''}`;
}

type Judged = Pick<Verdict, 'outcome' | 'because' | 'evidence'>;

function judged(
  { 'min-available': least, waits }: BudgetRespectedParams,
  timeline: Timeline,
  since: Since,
): Judged {
  const looks = podLooks(timeline, since.before);
  const answers = answersIn(timeline, since, looks);
  const evidence = sayEach(answers);
  const accepted = answers.filter(isAccepted);
  const refused = answers.filter(({ status }) => status === heldBack);
  if (answers.length === 0)
    return {
      outcome: 'invalid',
      because: 'no eviction of a pod of the workload was asked for',
      evidence,
    };
  const widest = widestChange(everyMsOf(timeline, 'pods'));
  const doubts = accepted.flatMap((one) => doubtOf(one, accepted, looks, least, widest) ?? []);
  const worst = doubts.find(({ outcome }) => outcome === 'fail') ?? doubts[0];
  if (worst !== undefined) return { ...worst, evidence };
  const said = sayCounts(accepted, refused);
  if (waits && refused.length === 0)
    return { outcome: 'fail', because: `${said}: none had to wait for its budget`, evidence };
  return {
    outcome: 'pass',
    because: `${said}; there was room for each that was accepted`,
    evidence,
  };
}

/** Answers about pods of the workload: those that some look has told of. */
function answersIn(
  timeline: Timeline,
  { at }: Since,
  looks: readonly Used[],
): readonly EvictionEvent[] {
  const ours = new Set(looks.flatMap((look) => podsOf(look).map(({ name }) => name)));
  return eventsOf(timeline, 'eviction').filter(
    ({ span, pod }) => span.lo >= at.lo && ours.has(pod),
  );
}

function isAccepted({ status }: EvictionEvent): boolean {
  return status < 400;
}

/**
 * What speaks against an eviction that was accepted; undefined where the budget had room for it. It had none if the last
 * look before it told of no more ready pods than are to stay, less those that were let go since, and the first look after
 * it told of fewer than are to stay: a pod that became ready in between would be among those.
 * @param widest so long before it and after it somebody must have told of the pods; milliseconds
 */
function doubtOf(
  { pod, span }: EvictionEvent,
  accepted: readonly EvictionEvent[],
  looks: readonly Used[],
  least: number,
  widest: number,
): Pick<Verdict, 'outcome' | 'because'> | undefined {
  const before = looks.findLast(({ got }) => got <= span.lo);
  const after = looks.find(({ sent }) => sent >= span.hi);
  const accept = `the eviction of ${pod} was accepted at ${sayInstant(span.hi)}`;
  if (before === undefined || span.lo - before.got > widest)
    return { outcome: 'unknown', because: `${accept}, and nobody told of the pods just before` };
  if (after === undefined || after.sent - span.hi > widest)
    return { outcome: 'unknown', because: `${accept}, and nobody told of the pods just after` };
  const gone = accepted.filter((one) => one.span.lo >= before.got && one.span.hi <= span.lo).length;
  const [was, is] = [readyIn(before) - gone, readyIn(after)];
  if (was > least || is >= least) return undefined;
  const others = gone === 0 ? '' : `, of which ${gone} had been let go since`;
  return {
    outcome: 'fail',
    because:
      `${accept}, though ${least} are to stay: ${readyIn(before)} pods were ready at ${sayInstant(before.sent)}${others}, ` +
      `and ${is} at ${sayInstant(after.sent)}`,
  };
}

function readyIn(look: Used): number {
  return podsOf(look).filter(({ ready }) => ready).length;
}

function sayCounts(accepted: readonly EvictionEvent[], refused: readonly EvictionEvent[]): string {
  const waited = new Set(refused.map(({ pod }) => pod)).size;
  return (
    `${accepted.length} evictions were accepted, and ${refused.length} refused with HTTP ${heldBack}` +
    (waited === 0 ? '' : `, of ${countOf(waited, 'pod')}`)
  );
}

/** A line for each pod: how often it was held back, since when and until when, and in which words. */
function sayEach(answers: readonly EvictionEvent[]): readonly string[] {
  return [...new Set(answers.map(({ pod }) => pod))].map((pod) => {
    const all = answers.filter((one) => one.pod === pod);
    const held = all.filter(({ status }) => status === heldBack);
    const accepted = all.find(isAccepted);
    const end = accepted
      ? `accepted at ${sayInstant(accepted.span.hi)} (HTTP ${accepted.status})`
      : 'never accepted';
    if (held.length === 0) return `${pod}: ${end}`;
    const first = Math.min(...held.map(({ span }) => span.lo));
    const told = held.map(({ span }) => span.hi);
    const waited = accepted ? `, held back for ${saySeconds(accepted.span.lo - first)}` : '';
    const words = [...new Set(held.map(({ message }) => message))].join(' / ');
    return (
      `${pod}: HTTP ${heldBack} ${held.length} times from ${sayInstant(Math.min(...told))} to ${sayInstant(Math.max(...told))}, ` +
      `${end}${waited}: ${words}`
    );
  });
}
