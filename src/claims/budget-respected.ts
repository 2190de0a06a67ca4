import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { saySeconds, sayInstant } from '../model/span.ts';
import type { EvictionEvent, PodsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { neverFired, settledAt, sinceOf, type Since } from './injected.ts';
import { calmMs, widestChange } from './sampling.ts';
import { eventsOf, seriesOf, usedFrom, type Used } from './series.ts';

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
  const looks = looksIn(timeline, since);
  const answers = answersIn(timeline, since, looks);
  const evidence = sayEach(answers);
  const accepted = answers.filter(({ status }) => status < 400);
  const refused = answers.filter(({ status }) => status === heldBack);
  if (answers.length === 0)
    return {
      outcome: 'invalid',
      because: 'no eviction of a pod of the workload was asked for',
      evidence,
    };
  const found = accepted.map((one) => roomFor(one, accepted, looks, least, timeline));
  const without = found.find((one) => one.room === 'none');
  if (without !== undefined) return { outcome: 'fail', because: without.says, evidence };
  const unknown = found.find((one) => one.room === 'unknown');
  if (unknown !== undefined) return { outcome: 'unknown', because: unknown.says, evidence };
  const said = sayCounts(accepted, refused);
  if (waits && refused.length === 0)
    return { outcome: 'fail', because: `${said}: none had to wait for its budget`, evidence };
  return {
    outcome: 'pass',
    because: `${said}; there was room for each that was accepted`,
    evidence,
  };
}

/** Of API servers that told of the pods, from a little before the fault to the end, in the order of asking. */
function looksIn(timeline: Timeline, { before }: Since): readonly Used[] {
  const end = settledAt(timeline);
  return seriesOf(timeline, 'pods')
    .flatMap((series) => usedFrom(timeline, series, before - calmMs))
    .filter(({ ok, sent }) => ok && sent >= before - calmMs && sent <= end)
    .sort((a, b) => a.sent - b.sent);
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

interface Room {
  readonly room: 'some' | 'none' | 'unknown';
  readonly says: string;
}

/**
 * Whether the budget had room for an eviction that was accepted. It had none if the last look before it told of no more
 * ready pods than are to stay, less those that were let go since, and the first look after it told of fewer than are to
 * stay: a pod that became ready in between would be among those.
 */
function roomFor(
  { pod, span }: EvictionEvent,
  accepted: readonly EvictionEvent[],
  looks: readonly Used[],
  least: number,
  timeline: Timeline,
): Room {
  const before = looks.findLast(({ got }) => got <= span.lo);
  const after = looks.find(({ sent }) => sent >= span.hi);
  const widest = widestChange(seriesOf(timeline, 'pods')[0]?.everyMs ?? 0);
  const accept = `the eviction of ${pod} was accepted at ${sayInstant(span.hi)}`;
  if (before === undefined || span.lo - before.got > widest)
    return { room: 'unknown', says: `${accept}, and nobody told of the pods just before` };
  if (after === undefined || after.sent - span.hi > widest)
    return { room: 'unknown', says: `${accept}, and nobody told of the pods just after` };
  const gone = accepted.filter((one) => one.span.lo >= before.got && one.span.hi <= span.lo).length;
  const [was, is] = [readyIn(before) - gone, readyIn(after)];
  if (was > least || is >= least) return { room: 'some', says: '' };
  const others = gone === 0 ? '' : `, of which ${gone} had been let go since`;
  return {
    room: 'none',
    says:
      `${accept}, though ${least} are to stay: ${readyIn(before)} pods were ready at ${sayInstant(before.sent)}${others}, ` +
      `and ${is} at ${sayInstant(after.sent)}`,
  };
}

function podsOf({ value }: Used): PodsSeen['pods'] {
  return (value as PodsSeen).pods;
}

function readyIn(look: Used): number {
  return podsOf(look).filter(({ ready }) => ready).length;
}

function sayCounts(accepted: readonly EvictionEvent[], refused: readonly EvictionEvent[]): string {
  const waited = new Set(refused.map(({ pod }) => pod)).size;
  return (
    `${accepted.length} evictions were accepted, and ${refused.length} refused with HTTP ${heldBack}` +
    (waited === 0 ? '' : `, of ${waited} pod${waited === 1 ? '' : 's'}`)
  );
}

/** A line for each pod: how often it was held back, since when and until when, and in which words. */
function sayEach(answers: readonly EvictionEvent[]): readonly string[] {
  return [...new Set(answers.map(({ pod }) => pod))].map((pod) => {
    const all = answers.filter((one) => one.pod === pod);
    const held = all.filter(({ status }) => status === heldBack);
    const accepted = all.find(({ status }) => status < 400);
    const [first] = held;
    const last = held.at(-1);
    const end = accepted
      ? `accepted at ${sayInstant(accepted.span.hi)} (HTTP ${accepted.status})`
      : 'never accepted';
    if (first === undefined || last === undefined) return `${pod}: ${end}`;
    const waited = accepted && `, held back for ${saySeconds(accepted.span.lo - first.span.lo)}`;
    const words = [...new Set(held.map(({ message = '' }) => message))].join(' / ');
    return (
      `${pod}: HTTP ${heldBack} ${held.length} times from ${sayInstant(first.span.hi)} to ${sayInstant(last.span.hi)}, ` +
      `${end}${waited ?? ''}: ${words}`
    );
  });
}
