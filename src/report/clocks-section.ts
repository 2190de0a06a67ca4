import type { Clock } from '../model/clock.ts';
import type { Prediction } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import { isSeen, sayDuration, saySeconds } from '../model/span.ts';
import { none, sayPredicted } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import { section } from './sections.ts';

/**
 * All clocks of a trial as a table with a picture in each row: when it happened, on an axis that shows a hundredth of a
 * second as well as minutes, over what the cluster's own settings predict.
 */
export function clocksSection({ trials, predicted }: Result): Markup | undefined {
  const clocks = trials.flatMap((trial) => trial.clocks);
  if (clocks.length === 0) return undefined;
  const told = clocks.filter(({ measuredMs }) => measuredMs !== undefined);
  const silent = clocks.filter(({ measuredMs }) => measuredMs === undefined);
  const rows = told.map((clock, index) => rowOf(clock, told[index - 1], predicted));
  const findings = trials
    .flatMap((trial) => trial.findings)
    .map((line) => markup`<li class="warn">${line}</li>`);
  const rest = silent.map(
    ({ clock, of, because }) =>
      markup`<dt>${words(clock)}${of !== undefined && ` ${of}`}</dt><dd>${because ?? 'not measured'}</dd>`,
  );
  return section(
    'clocks',
    'Clocks',
    markup`<p class="soft">All counted from the first fault; they judge nothing.</p>${findings.length > 0 && markup`<ul class="plain">${findings}</ul>`}<div class="scroll"><table class="clocks"><thead><tr><th scope="col">clock</th><th scope="col">of</th><th scope="col">after the fault</th><th scope="col">predicted</th><th scope="col">${axis()}</th></tr></thead><tbody>${rows}</tbody></table></div>${rest.length > 0 && markup`<details><summary>Clocks without a figure</summary><dl>${rest}</dl></details>`}`,
  );
}

function rowOf(clock: Clock, before: Clock | undefined, predicted: readonly Prediction[]): Markup {
  const { measuredMs } = clock;
  const first = before?.clock !== clock.clock;
  return markup`<tr><th scope="row" title="${clock.title}">${first ? words(clock.clock) : ''}</th><td>${clock.of ?? ''}</td><td class="figure">${measuredMs ? sayDuration(measuredMs) : none}</td><td class="figure">${first ? sayPredicted(clock.clock, predicted) : ''}</td><td>${bar(clock, predicted)}</td></tr>`;
}

function words(clock: string): string {
  return clock.replaceAll('-', ' ');
}

const width = 360;
const height = 16;
// From a hundredth of a second to ten minutes.
const leastMs = 10;
const mostMs = 600_000;
const marks = [10, 100, 1000, 10_000, 60_000, 600_000];

/** Where an instant is: each tenfold is as wide as the one before. */
function x(ms: number): number {
  const share =
    Math.log10(Math.min(mostMs, Math.max(leastMs, ms)) / leastMs) / Math.log10(mostMs / leastMs);
  return Math.round(share * (width - 8) * 10) / 10 + 4;
}

function axis(): Markup {
  const labels = marks.map((ms, index) => {
    const anchor = index === 0 ? 'start' : index === marks.length - 1 ? 'end' : 'middle';
    return markup`<text x="${x(ms)}" y="12" text-anchor="${anchor}">${ms < 60_000 ? saySeconds(ms) : `${ms / 60_000} min`}</text>`;
  });
  return markup`<svg class="clock" role="img" aria-label="seconds after the fault, each tenfold as wide as the one before" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${labels}</svg>`;
}

function bar({ clock, measuredMs }: Clock, predicted: readonly Prediction[]): Markup {
  const prediction = predicted.find(({ claim }) => claim === clock);
  const lines = marks.map((ms) => markup`<path class="mark" d="M${x(ms)} 0V${height}"/>`);
  const band =
    prediction &&
    markup`<rect class="predicted" x="${x(prediction.p50Ms)}" y="3" width="${Math.max(2, x(prediction.p95Ms) - x(prediction.p50Ms))}" height="10"/>`;
  return markup`<svg class="clock" aria-hidden="true" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">${lines}${band}${measuredMs && shape(measuredMs)}</svg>`;
}

/** An interval is a bar, never too thin to be seen; what was not seen to end is open to the right. */
function shape(measured: NonNullable<Clock['measuredMs']>): Markup {
  if (!isSeen(measured))
    return markup`<path class="open" d="M${x(measured.atLeast)} 8H${width - 8}m-5 -4l5 4l-5 4"/>`;
  const from = x(measured.lo);
  const to = x(measured.hi);
  const middle = (from + to) / 2;
  const wide = Math.max(5, to - from);
  return markup`<rect class="seen" x="${middle - wide / 2}" y="5" width="${wide}" height="6" rx="3"/>`;
}
