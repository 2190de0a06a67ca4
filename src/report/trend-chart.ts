import { isSeen, sayDuration, saySeconds } from '../model/span.ts';
import type { ClaimTrend, NightOfClaim } from '../model/trend.ts';
import { sayTick, ticks } from './chart.ts';
import { markup, type Markup } from './markup.ts';
import { middleOf } from './points.ts';

/** Pixels. */
const height = 156;
const topEdge = 12;
const bottomEdge = 28;

/** More nights could not be told apart. */
const mostNights = 60;

/** A limit farther off than so many times the longest is not drawn: it would flatten all else. */
const tooFar = 3;

/** The medians of a claim by night, each with its interval, and the limit; undefined of one night or without durations. */
export function trendChart(
  { claim, nights: all }: ClaimTrend,
  limitMs: number | undefined,
): Markup | undefined {
  const nights = all.slice(-mostNights);
  const told = nights.filter(({ median }) => median !== undefined);
  if (told.length < 2) return undefined;
  const longest = Math.max(...told.map(longestOf));
  const isLimitNear = limitMs !== undefined && limitMs <= tooFar * Math.max(1, longest);
  const to = Math.max(1, longest, isLimitNear ? limitMs : 0) * 1.08;
  const y = (ms: number): number =>
    Math.round((height - bottomEdge - (ms / to) * (height - bottomEdge - topEdge)) * 10) / 10;
  const x = (index: number): string =>
    `${Math.round(((index + 0.5) / nights.length) * 10_000) / 100}%`;
  const at = ticks({ from: 0, to }, 4);
  const step = (at[1] ?? to) - (at[0] ?? 0);
  const lines = nights.flatMap((night, index) => {
    const before = nights[index - 1];
    return before?.median && night.median && isSeen(before.median) && isSeen(night.median)
      ? [
          markup`<line class="path" x1="${x(index - 1)}" y1="${y(middleOf(before.median))}" x2="${x(index)}" y2="${y(middleOf(night.median))}"/>`,
        ]
      : [];
  });
  return markup`<div class="plot trend"><svg class="names" height="${height}" aria-hidden="true">${at.map((ms) => markup`<text x="100%" y="${y(ms) + 4}">${sayTick(ms, step)}</text>`)}</svg><svg class="body" height="${height}" role="img" aria-label="${describe(claim, told)}">${[
    ...at.map((ms) => markup`<line class="rule" x1="0" x2="100%" y1="${y(ms)}" y2="${y(ms)}"/>`),
    isLimitNear &&
      markup`<line class="limit" x1="0" x2="100%" y1="${y(limitMs)}" y2="${y(limitMs)}"/><text class="limit" x="4" y="${y(limitMs) - 5}">limit ${limitMs / 1000} s</text>`,
    ...lines,
    ...nights.map((night, index) => drawNight(night, x(index), y, index === nights.length - 1)),
    markup`<text class="soft" x="${x(0)}" y="${height - 5}" text-anchor="start" dx="-4">${dayOf(nights[0])}</text>`,
    markup`<text class="soft" x="${x(nights.length - 1)}" y="${height - 5}" text-anchor="end" dx="4">${dayOf(nights.at(-1))}</text>`,
  ]}</svg></div>`;
}

function longestOf({ median, upperMs }: NightOfClaim): number {
  return Math.max(median ? middleOf(median) : 0, upperMs ?? 0);
}

/** A night of too few trials has no interval, and is a ring; where no end was seen, an arrow points up. */
function drawNight(
  { night, median, lowerMs, upperMs, trials, passed }: NightOfClaim,
  x: string,
  y: (ms: number) => number,
  isLast: boolean,
): Markup | false {
  if (median === undefined) return false;
  const isBound = lowerMs !== undefined && upperMs !== undefined;
  const bounds = isBound ? ` [${saySeconds(lowerMs)}, ${saySeconds(upperMs)}]` : '';
  const says = markup`<title>${night}: median ${sayDuration(median)}${bounds}, held in ${passed} of ${trials}</title>`;
  const at = y(middleOf(median));
  const shape = isSeen(median)
    ? markup`<circle cx="${x}" cy="${at}" r="4"${!isBound && markup` class="open"`}/>`
    : markup`<svg x="${x}" y="${at}" class="at"><path d="M0 0V-12M-4 -7L0 -12L4 -7"/></svg>`;
  return markup`<g class="night${isLast && ' last'}${passed < trials && ' missed'}">${isBound && markup`<line x1="${x}" x2="${x}" y1="${y(lowerMs)}" y2="${y(upperMs)}"/>`}${shape}${says}</g>`;
}

/** The names of nights begin with their day. */
function dayOf(night: NightOfClaim | undefined): string {
  return night?.night.slice(0, 10) ?? '';
}

function describe(claim: string, nights: readonly NightOfClaim[]): string {
  const last = nights.at(-1)?.median;
  return `${claim}: the medians of ${nights.length} nights from ${dayOf(nights[0])} to ${dayOf(nights.at(-1))}; the last one ${last ? sayDuration(last) : ''}`;
}
