import type { Prediction } from '../model/plan.ts';
import { isSeen, sayDuration, saySeconds } from '../model/span.ts';
import type { ClaimStatistics, QuantileEstimate, Summary } from '../model/statistics.ts';
import { percent, sayTick, share, ticks, type Extent } from './chart.ts';
import { inOrder, middleOf, type Point } from './points.ts';
import { markup, type Markup } from './markup.ts';
import { sayPoint, sayQuantile } from './trials-table.ts';

/** Pixels. */
const headHeight = 34;
const quantileHeight = 18;
const axisHeight = 24;
const tallest = 250;
const rowHeight = 13;

/** All that is drawn of one claim. */
export interface Distribution {
  readonly claim: ClaimStatistics;
  readonly summary: Summary;
  readonly points: readonly Point[];
  readonly prediction: Prediction | undefined;
}

/**
 * The durations of a claim as a drawing: a row for each trial, the shortest at the top, each as wide as it is uncertain,
 * over what is predicted and beside the limit; below, the quantiles with their intervals of confidence.
 */
export function distributionOf(told: Distribution): Markup {
  const { summary, points, claim } = told;
  const extent = extentOf(told);
  const rows = inOrder(points);
  const height = Math.max(26, Math.min(tallest, rows.length * rowHeight));
  const quantilesAt = headHeight + height + 6;
  const bottom = quantilesAt + summary.quantiles.length * quantileHeight;
  const names = [
    markup`<text x="100%" y="${headHeight + height / 2 + 4}">${points.length} ${points.length === 1 ? 'trial' : 'trials'}</text>`,
    ...summary.quantiles.map(
      (one, index) =>
        markup`<text x="100%" y="${quantilesAt + index * quantileHeight + 13}">${nameOf(one)}</text>`,
    ),
  ];
  const figures = summary.quantiles.map(
    (one, index) =>
      markup`<text x="0" y="${quantilesAt + index * quantileHeight + 13}">${sayQuantile(one)}</text>`,
  );
  return markup`<div class="plot"><svg class="names" height="${bottom + axisHeight}" aria-hidden="true">${names}</svg><svg class="body" height="${bottom + axisHeight}" role="img" aria-label="${describe(claim, summary)}">${[
    predictionBand(told.prediction, extent, bottom),
    axisOf(extent, bottom),
    limitLine(claim.limitMs, extent, bottom),
    markup`<line class="divide" x1="0" x2="100%" y1="${quantilesAt - 3}" y2="${quantilesAt - 3}"/>`,
    ...rows.map((point, index) =>
      mark(point, extent, rowAt(index, rows.length, height), sizeOf(rows.length, height)),
    ),
    ...labels(rows, extent, height),
    ...summary.quantiles.map((one, index) =>
      quantile(one, extent, quantilesAt + index * quantileHeight + 9),
    ),
  ]}</svg><svg class="figures" height="${bottom + axisHeight}" aria-hidden="true">${figures}</svg></div>`;
}

/** A limit or a prediction that is farther off than this many times the longest duration is named at the edge. */
const tooFar = 4;

function extentOf({ points, claim, prediction, summary }: Distribution): Extent {
  const seen = points.flatMap(({ measured }) => (isSeen(measured) ? [measured.hi] : []));
  const unseen = points.map(({ measured }) => middleOf(measured));
  const bounds = summary.quantiles.flatMap(({ upperMs }) => upperMs ?? []);
  // Those without an end lie at the edge if they would make all others too small to be told apart.
  const longest = seen.length > 0 ? Math.max(...seen, ...bounds) : Math.max(...unseen);
  const others = [claim.limitMs ?? 0, prediction?.p95Ms ?? 0, ...unseen];
  const near = others.filter((ms) => longest === 0 || ms <= tooFar * longest);
  return { from: 0, to: Math.max(1, longest, ...near) * 1.05 };
}

function nameOf({ share }: QuantileEstimate): string {
  return share === 0.5 ? 'median' : `p${share * 100}`;
}

function x(ms: number, extent: Extent): string {
  return percent(Math.min(extent.to, Math.max(extent.from, ms)), extent);
}

function rowAt(index: number, count: number, height: number): number {
  return Math.round((headHeight + ((index + 0.5) / count) * height) * 10) / 10;
}

function sizeOf(count: number, height: number): number {
  return Math.round(Math.min(3.6, Math.max(1.7, (height / count) * 0.42)) * 10) / 10;
}

/** A trial. What failed is a cross, what cannot be told a ring, what was not seen to end an arrow. */
function mark(
  { trial, measured, outcome }: Point,
  extent: Extent,
  y: number,
  size: number,
): Markup {
  const says = markup`<title>trial ${trial}: ${sayDuration(measured)}, ${outcome}</title>`;
  if (!isSeen(measured))
    return markup`<g class="unseen ${outcome}"><line x1="${x(measured.atLeast, extent)}" x2="100%" y1="${y}" y2="${y}"/><svg x="100%" y="${y}" class="at"><path d="M-6 -3.5L-1 0L-6 3.5"/></svg>${says}</g>`;
  const { lo, hi } = measured;
  const centre = x(middleOf(measured), extent);
  const big = Math.max(size, 3.2);
  const shape =
    outcome === 'fail'
      ? markup`<svg x="${centre}" y="${y}" class="at"><path d="M-${big} -${big}L${big} ${big}M-${big} ${big}L${big} -${big}"/></svg>`
      : markup`<circle cx="${centre}" cy="${y}" r="${outcome === 'unknown' ? big : size}"/>`;
  return markup`<g class="trial ${outcome}"><line x1="${x(lo, extent)}" x2="${x(hi, extent)}" y1="${y}" y2="${y}" stroke-width="${Math.max(1, size)}"/>${shape}${says}</g>`;
}

/** The names of the trials that are not a pass, as far as there is room for them. */
function labels(rows: readonly Point[], extent: Extent, height: number): readonly Markup[] {
  let free = -Infinity;
  return rows.flatMap(({ trial, measured, outcome }, index) => {
    const y = rowAt(index, rows.length, height);
    if (outcome === 'pass' || y - free < 12) return [];
    free = y;
    const ms = isSeen(measured) ? measured.hi : measured.atLeast;
    const isRight = share(0, ms, extent) > 0.6;
    const from = isSeen(measured) && isRight ? measured.lo : ms;
    const says = isSeen(measured) ? `trial ${trial}` : `trial ${trial}: ${sayDuration(measured)}`;
    return [
      markup`<text class="${outcome}" x="${x(from, extent)}" dx="${isRight ? -8 : 8}" y="${isSeen(measured) ? y + 4 : y - 3}" text-anchor="${isRight ? 'end' : 'start'}">${says}</text>`,
    ];
  });
}

/** From p50 to p95, and no thinner than can be seen. */
function predictionBand(
  prediction: Prediction | undefined,
  extent: Extent,
  bottom: number,
): Markup | false {
  if (prediction === undefined) return false;
  const { p50Ms, p95Ms } = prediction;
  const width = `${Math.max(0.3, share(p50Ms, p95Ms, extent) * 100)}%`;
  const isRight = share(0, (p50Ms + p95Ms) / 2, extent) > 0.5;
  const says = `predicted ${saySeconds(p50Ms)} to ${saySeconds(p95Ms)}`;
  const beyond = p50Ms > extent.to;
  const text = markup`<text class="soft" x="${isRight ? x(p95Ms, extent) : x(p50Ms, extent)}" y="27" text-anchor="${isRight ? 'end' : 'start'}">${says}${beyond && ' →'}</text>`;
  return markup`${!beyond && markup`<rect class="predicted" x="${x(p50Ms, extent)}" width="${width}" y="${headHeight - 2}" height="${bottom - headHeight + 2}"/>`}${text}`;
}

function limitLine(limitMs: number | undefined, extent: Extent, bottom: number): Markup | false {
  if (limitMs === undefined) return false;
  const says = `limit ${limitMs / 1000} s`;
  if (limitMs > extent.to)
    return markup`<text class="limit" x="100%" y="12" text-anchor="end">${says} →</text>`;
  const isRight = share(0, limitMs, extent) > 0.6;
  return markup`<line class="limit" x1="${x(limitMs, extent)}" x2="${x(limitMs, extent)}" y1="16" y2="${bottom}"/><text class="limit" x="${x(limitMs, extent)}" y="12" text-anchor="${isRight ? 'end' : 'start'}">${says}</text>`;
}

/** A bound that there is none of is a dashed line to the edge. */
function quantile({ ms, lowerMs, upperMs }: QuantileEstimate, extent: Extent, y: number): Markup {
  const [from, to] = [x(lowerMs ?? 0, extent), x(upperMs ?? extent.to, extent)];
  const middle = x(middleOf(ms), extent);
  const half = (a: string, b: string, isBound: boolean): Markup =>
    markup`<line class="${isBound ? 'bound' : 'boundless'}" x1="${a}" x2="${b}" y1="${y}" y2="${y}"/>`;
  const end = (at: string): Markup =>
    markup`<line class="end" x1="${at}" x2="${at}" y1="${y - 4}" y2="${y + 4}"/>`;
  return markup`<g class="quantile">${half(from, middle, lowerMs !== undefined)}${half(middle, to, upperMs !== undefined)}${lowerMs !== undefined && end(from)}${upperMs !== undefined && end(to)}<circle cx="${middle}" cy="${y}" r="4"${!isSeen(ms) && markup` class="open"`}/></g>`;
}

function axisOf(extent: Extent, bottom: number): Markup {
  const at = ticks(extent, 6);
  const step = (at[1] ?? extent.to) - (at[0] ?? 0);
  return markup`<g class="axis">${at.map((ms) => {
    const part = share(0, ms, extent);
    const anchor = part < 0.02 ? 'start' : part > 0.97 ? 'end' : 'middle';
    return markup`<line x1="${x(ms, extent)}" x2="${x(ms, extent)}" y1="${headHeight}" y2="${bottom}"/><text x="${x(ms, extent)}" y="${bottom + 16}" text-anchor="${anchor}">${sayTick(ms, step)}</text>`;
  })}</g>`;
}

function describe({ title }: ClaimStatistics, summary: Summary): string {
  const { n, censored, min, max, quantiles } = summary;
  const told = quantiles.map((one) => `${nameOf(one)} ${sayQuantile(one)}`).join(', ');
  const unseen = censored === 0 ? '' : `, ${censored} without an end that was seen`;
  return `${title}: ${n} durations${unseen}, the shortest ${sayPoint(min)}, ${told}, the longest ${sayPoint(max)}. Each is in the table of trials.`;
}
