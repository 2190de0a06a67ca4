import { isSeen, type Measured } from '../model/span.ts';
import type { ClaimTrend } from '../model/trend.ts';
import { none } from './figures.ts';
import { sayPoint, type Cells } from './trials-table.ts';

/** A row for each claim: how many trials in how many nights, the medians as a line of bars, the last one, what changed. */
export function trendCells(claims: readonly ClaimTrend[]): Cells {
  return [
    ['claim', 'nights', 'held', 'medians by night', 'last night', 'against earlier nights'],
    ...claims.map(({ claim, nights, last }) => [
      claim,
      String(nights.length),
      `${sum(nights.map(({ passed }) => passed))} of ${sum(nights.map(({ trials }) => trials))}`,
      sparkline(nights.map(({ median }) => median)),
      sayPoint(nights.at(-1)?.median),
      last?.change ?? none,
    ]),
  ];
}

/** More nights than these do not fit on a line. */
const mostNights = 30;
const bars = '▁▂▃▄▅▆▇█';

/** From nothing to the largest of the newest nights; `×` where the end was not seen, `·` where there was nothing. */
function sparkline(medians: readonly (Measured | undefined)[]): string {
  const newest = medians.slice(-mostNights);
  if (newest.every((one) => one === undefined)) return none;
  const largest = Math.max(1, ...newest.map((one) => (one && isSeen(one) ? one.hi : 0)));
  return newest
    .map((one) => {
      if (one === undefined) return '·';
      if (!isSeen(one)) return '×';
      const step = Math.floor(((one.lo + one.hi) / 2 / largest) * bars.length);
      return bars[Math.min(bars.length - 1, step)] ?? none;
    })
    .join('');
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
