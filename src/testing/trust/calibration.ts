import { lowerBound } from '../../stats/clopper-pearson.ts';
import { clocks } from './clocks/table.ts';
import { checked, readingsOf } from './clocks/verify.ts';
import type { Part, Tried } from './part.ts';

/** Simulates many runs for each clock, and writes down how often the truth lay in what it measured. */
export const calibration: Part = {
  summary: 'simulates 10 000 runs for each clock: the truth must lie in what it measures',
  run,
};

const trials = 10_000;
/** Of the intervals, so many must hold the truth; and so many of the runs must give one. */
const enoughInside = 0.99;
const enoughMeasured = 0.9;

/** What became of all trials of one clock. */
interface Row {
  readonly name: string;
  trials: number;
  inside: number;
  readonly widths: number[];
  /** Verdicts that were wrong, and the first of them. */
  wrong: number;
  first?: string;
}

async function run(say: (line: string) => void): Promise<Tried> {
  const rows: Row[] = [];
  for (const clock of clocks) {
    const from = performance.now();
    const own = new Map<string, Row>();
    for (let seed = 1; seed <= trials; seed++)
      for (const [name, reading] of readingsOf(clock, seed)) {
        const row = own.get(name) ?? { name, trials: 0, inside: 0, widths: [], wrong: 0 };
        own.set(name, row);
        add(row, checked(reading), seed);
      }
    rows.push(...own.values());
    const tookS = ((performance.now() - from) / 1000).toFixed(0);
    for (const row of own.values()) say(`${row.name}: ${sayInside(row)} inside (${tookS} s)`);
    // What is printed is seen before the next begins.
    await new Promise(setImmediate);
  }
  const count = rows.reduce((sum, { widths }) => sum + widths.length, 0);
  return {
    broken: rows.flatMap(brokenIn),
    markdown: [
      `${count} intervals of ${rows.length} clocks, in simulated runs of which the truth was written first: networks of 1 to 60 ms, quicker one way than the other, with trips ten times as long and lost samples; machines that are late and miss slots; faults known to within 0 to 24 ms. ` +
        'The interval of a deed on a node is compared with the whole deed. A run of which too little was seen is *invalid* and gives no interval. ' +
        'The bound is the lower one of Clopper and Pearson for the share of intervals that hold the truth, 95 %.',
      '',
      '| clock | trials | measured | inside | at least | width, median | width, p95 | wrong verdicts |',
      '|---|--:|--:|--:|--:|--:|--:|--:|',
      ...rows.map(cellsOf),
    ].join('\n'),
  };
}

function add(row: Row, { span, inside, wrong }: ReturnType<typeof checked>, seed: number): void {
  row.trials += 1;
  if (inside) row.inside += 1;
  if (span !== undefined) row.widths.push(span.hi - span.lo);
  if (wrong === undefined) return;
  row.wrong += 1;
  row.first ??= `seed ${seed}: ${wrong}`;
}

function brokenIn(row: Row): readonly string[] {
  const { name, trials, widths, inside, wrong, first } = row;
  return [
    ...(inside < widths.length * enoughInside ? [`${name}: ${sayInside(row)} inside`] : []),
    ...(widths.length < trials * enoughMeasured
      ? [`${name}: measured in ${widths.length} of ${trials} runs`]
      : []),
    ...(wrong > 0 ? [`${name}: ${wrong} wrong verdicts, ${first ?? ''}`] : []),
  ];
}

function cellsOf(row: Row): string {
  const { name, trials, widths, inside, wrong } = row;
  const bound = `${(lowerBound(inside, widths.length) * 100).toFixed(2)} %`;
  const cells = [name, trials, widths.length, sayInside(row), bound];
  return `| ${[...cells, sayWidth(widths, 0.5), sayWidth(widths, 0.95), wrong].join(' | ')} |`;
}

function sayInside({ inside, widths }: Row): string {
  return `${((inside / Math.max(1, widths.length)) * 100).toFixed(2)} %`;
}

function sayWidth(widths: readonly number[], share: number): string {
  const sorted = widths.toSorted((a, b) => a - b);
  return `${(sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(0)} ms`;
}
