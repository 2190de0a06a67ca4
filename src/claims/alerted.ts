import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import { duration, limit, type Limit } from '../model/fields.ts';
import { againstLimit, between, isSeen, sayDuration, sayInstant } from '../model/span.ts';
import { saySeconds, type Measured, type Span } from '../model/span.ts';
import type { AlertSeen, AlertsSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { wallOf } from '../model/wall.ts';
import { afterFault } from './after.ts';
import { firstShown, looksOf } from './clocks/kind.ts';
import { neverFired, sinceOf, type Since } from './injected.ts';
import { tooSparse, vacuous } from './sampling.ts';
import { everyMsOf, samplesOf, seriesOf, type Used } from './series.ts';
import { sayLimit, timingClaim, type Finding } from './timing.ts';

interface AlertedParams {
  readonly alert: string;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly within: Limit;
  /** From the healing of the last fault; milliseconds. */
  readonly resolves?: number | undefined;
  readonly after?: string | undefined;
}

const fires: Claim<AlertedParams> = timingClaim({
  name: 'alerted',
  summary: 'an alert is active at Alertmanager, or was posted to us, and ends after the healing',
  schema: z.strictObject({
    alert: z.string().min(1).describe('Name of the alert'),
    labels: z
      .record(z.string().min(1), z.string())
      .optional()
      .describe('Labels that it has, all of them; whatever else it has'),
    within: limit,
    resolves: duration.optional().describe('It ends within so long after the healing'),
    after: afterFault,
  }),
  probes: ['alerts'],
  promise: ({ alert }) => `${alert} is alerted`,
  find,
});

/**
 * Somebody is told of the fault: an alert that was not there before is active, by the word of Alertmanager, which whoever
 * is on duty is told by; and, if that is claimed, it is not any more once the fault was taken back.
 */
export const alerted: Claim<AlertedParams> = {
  ...fires,
  title: (params) => {
    const { resolves } = params;
    const title = fires.title(params);
    return resolves === undefined
      ? title
      : `${title}, and no more within ${sayLimit(resolves)} of healing`;
  },
  seen: (params, timeline) => fires.seen(params, timeline) && isOver(params, timeline),
  judge: (params, timeline) => {
    const verdict = { ...fires.judge(params, timeline), title: alerted.title(params) };
    const { resolves } = params;
    if (resolves === undefined || verdict.outcome !== 'pass') return verdict;
    return withEnd(verdict, endOf(params, timeline), resolves);
  },
};

function find(params: AlertedParams, timeline: Timeline): Finding {
  const { alert, after } = params;
  const since = sinceOf(timeline, after);
  if (since === undefined) return { kind: 'pending', because: neverFired };
  const series = seriesOf(timeline, 'alerts');
  if (series.every((one) => samplesOf(timeline, one).length === 0))
    return { kind: 'invalid', because: 'nobody told of alerts in this run' };
  const vacant = vacuous(timeline, series, since.before);
  if (vacant !== undefined) return { kind: 'invalid', because: vacant };
  const looks = looksOf({ timeline, since }, 'alerts');
  // One that was asked before the fault and answered after it may have seen either: it must not have seen the alert.
  const before = looks.findLast(
    (look) => look.sent < since.at.lo && shown(params, look).length > 0,
  );
  if (before !== undefined)
    return {
      kind: 'invalid',
      because: `${alert} was active already before the fault: that it is now is no proof that somebody was told of this one`,
      evidence: [`told at ${sayInstant(before.got)}: ${sayAlerts(shown(params, before))}`],
    };
  return toldIn(params, timeline, since, looks);
}

/** The first look after the fault that shows an alert which had not begun before it. */
function toldIn(
  params: AlertedParams,
  timeline: Timeline,
  since: Since,
  looks: readonly Used[],
): Finding {
  const { alert } = params;
  const faultMs = wallOf(since.at.lo, timeline) ?? Infinity;
  const isNew = ({ startsAt }: AlertSeen): boolean => Date.parse(startsAt) >= faultMs;
  const tells = (look: Used): boolean => shown(params, look).some(isNew);
  const later = looks.filter(({ sent }) => sent >= since.at.lo);
  const index = later.findIndex(tells);
  const denied = later.slice(0, index < 0 ? undefined : index).at(-1)?.sent ?? since.at.lo;
  const first = later[index];
  if (first !== undefined) {
    const told: Span = { lo: denied, hi: first.got };
    const evidence = [
      `told between ${sayInstant(told.lo)} and ${sayInstant(told.hi)}: ${sayAlerts(shown(params, first))}`,
    ];
    const sparse = tooSparse(told, everyMsOf(timeline, 'alerts'), params.within);
    if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
    return {
      kind: 'measured',
      measured: between(since.at, told),
      says: `${alert} was told`,
      evidence,
    };
  }
  const [old] = later.flatMap((look) => shown(params, look));
  if (old !== undefined)
    return {
      kind: 'invalid',
      because:
        `${alert} was told after the fault, and had begun before it: it is of something else, ` +
        'or the clock of whoever raised it is behind',
      evidence: [sayAlerts([old])],
    };
  const last = later.at(-1);
  return {
    kind: 'measured',
    measured: { atLeast: Math.max(0, denied - since.at.hi) },
    says: `${alert} was not told`,
    evidence: last === undefined ? [] : [`told at last: ${sayAlerts(alertsOf(last)) || 'nothing'}`],
  };
}

/** What a look shows of the alerts that are meant. */
function shown(
  { alert, labels = {} }: Pick<AlertedParams, 'alert' | 'labels'>,
  look: Used,
): readonly AlertSeen[] {
  const wanted = Object.entries(labels);
  return alertsOf(look).filter(
    (one) => one.name === alert && wanted.every(([label, is]) => one.labels[label] === is),
  );
}

function alertsOf({ value }: Used): readonly AlertSeen[] {
  return (value as AlertsSeen).alerts;
}

/** From the healing until none of the alerts that are meant is active any more, and to the end; absent before it. */
function endOf(params: AlertedParams, timeline: Timeline): Measured | undefined {
  const since = sinceOf(timeline, 'heal');
  if (since === undefined) return undefined;
  const looks = looksOf({ timeline, since: { ...since, before: since.at.lo } }, 'alerts');
  const last = looks.findLastIndex((look) => shown(params, look).length > 0);
  const ended = new Set(looks.slice(last + 1));
  return firstShown({ timeline, since }, looks, (look) => ended.has(look));
}

/** Before the healing, however long one waits, there is no end to be seen. */
function isOver(params: AlertedParams, timeline: Timeline): boolean {
  if (params.resolves === undefined) return true;
  const end = endOf(params, timeline);
  return end === undefined || isSeen(end);
}

/** The verdict of an alert that was told in time, with what became of it after the healing. */
function withEnd(verdict: Verdict, end: Measured | undefined, limitMs: number): Verdict {
  if (end === undefined)
    return { ...verdict, outcome: 'unknown', because: `${verdict.because}; nothing was healed` };
  const when = isSeen(end)
    ? `it was active no more ${sayDuration(end)} after healing`
    : `it was active still ${saySeconds(end.atLeast)} after healing`;
  return {
    ...verdict,
    outcome: againstLimit(end, limitMs),
    clocks: { ...verdict.clocks, resolved: end },
    because: `${verdict.because}; ${when}, and the limit is ${sayLimit(limitMs)}`,
  };
}

const mostTold = 3;

function sayAlerts(alerts: readonly AlertSeen[]): string {
  const said = alerts.slice(0, mostTold).map(({ name, labels, startsAt }) => {
    const of = Object.entries(labels).map(([label, is]) => `${label}="${is}"`);
    return `${name}{${of.join(', ')}}, by its own word since ${startsAt}`;
  });
  const more = alerts.length - mostTold;
  return [...said, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}
