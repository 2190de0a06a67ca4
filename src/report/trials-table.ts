import { isSeen, saySeconds, type Measured } from '../model/span.ts';
import type { ClaimStatistics, QuantileEstimate } from '../model/statistics.ts';
import type { ScenarioTrials } from '../model/campaign-result.ts';
import { none } from './figures.ts';

/** A table as cells; the first row is its head. */
export type Cells = readonly (readonly string[])[];

/** What some trials say of each claim: how it went, and its durations with the intervals of their quantiles. */
export function claimCells({ claims }: ScenarioTrials): Cells {
  return [
    ['claim', 'limit', 'held', ...durationHead],
    ...claims.map((one) => [one.claim, sayLimit(one), sayHeld(one), ...durationCells(one)]),
  ];
}

/** The same of the clocks, which judge nothing. */
export function clockCells({ clocks }: ScenarioTrials): Cells {
  return [
    ['clock', ...durationHead],
    ...clocks.map((one) => [
      one.of === undefined ? one.clock : `${one.clock} (${one.of})`,
      ...durationCells(one),
    ]),
  ];
}

/** Each claim against earlier nights. */
export function comparisonCells({ compared }: Pick<ScenarioTrials, 'compared'>): Cells {
  return [
    ['claim', 'earlier', 'now', 'shift', 'verdict'],
    ...compared.map(({ claim, change, before, after, medianBefore, medianAfter, shiftMs, p }) => [
      claim,
      `${sayPoint(medianBefore)} of ${before}`,
      `${sayPoint(medianAfter)} of ${after}`,
      shiftMs === undefined ? none : `${shiftMs > 0 ? '+' : '−'}${saySeconds(Math.abs(shiftMs))}`,
      p === undefined ? change : `${change} (p ${p < 0.001 ? '< 0.001' : p.toFixed(3)})`,
    ]),
  ];
}

const durationHead = ['n', 'min', 'p50', 'p90', 'p95', 'largest of n', 'no end seen', 'lag 1'];

function durationCells({
  summary,
  autocorrelation,
}: Pick<ClaimStatistics, 'summary' | 'autocorrelation'>): readonly string[] {
  if (summary === undefined) return durationHead.map(() => none);
  const { n, censored, min, max, quantiles } = summary;
  const told = [...quantiles.map(sayQuantile), sayPoint(max), String(censored)];
  return [String(n), sayPoint(min), ...told, autocorrelation?.lag1.toFixed(2) ?? none];
}

function sayLimit({ limitMs }: ClaimStatistics): string {
  return limitMs === undefined ? none : `≤ ${limitMs / 1000} s`;
}

/** `58 of 59`, and what became of the others that are not failures. */
function sayHeld({ passed, failed, unknown, invalid, notApplicable }: ClaimStatistics): string {
  const others = [
    unknown > 0 && `${unknown} unknown`,
    invalid > 0 && `${invalid} invalid`,
    notApplicable > 0 && `${notApplicable} not applicable`,
  ].filter((one) => one !== false);
  const held = `${passed} of ${passed + failed + unknown}`;
  return others.length === 0 ? held : `${held} (${others.join(', ')})`;
}

/** `1.89 s [1.80, 2.10]`; a bound that so few values do not have is `–`. */
export function sayQuantile({ ms, lowerMs, upperMs }: QuantileEstimate): string {
  const bound = (ms: number | undefined): string =>
    ms === undefined ? none : saySeconds(ms).replace(/ s$/, '');
  return `${sayPoint(ms)} [${bound(lowerMs)}, ${bound(upperMs)}]`;
}

/** The middle of a span, or how long it lasted at least. */
export function sayPoint(measured: Measured | undefined): string {
  if (measured === undefined) return none;
  if (!isSeen(measured)) return `> ${saySeconds(measured.atLeast)}`;
  return saySeconds((measured.lo + measured.hi) / 2);
}
