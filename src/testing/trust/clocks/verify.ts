import { isSeen, type Span } from '../../../model/span.ts';
import { randomFrom } from '../../../model/random.ts';
import type { Clock, Reading } from './clock.ts';

/** What came of one reading: whether the truth lay in the interval, and whether the verdict was right. */
export interface Checked {
  /** Absent if nothing was measured. */
  readonly span?: Span;
  readonly inside: boolean;
  /** What is wrong with the verdict, or with there being no interval; undefined if nothing is. */
  readonly wrong?: string;
}

/** What a clock reads in the run of a seed, by the names of what is read. */
export function readingsOf(clock: Clock, seed: number): readonly (readonly [string, Reading])[] {
  return Object.entries(clock.trial(randomFrom(seed).next));
}

/** Compares a reading with its truth. */
export function checked({ truth, measured, verdict }: Reading): Checked {
  if (measured === undefined) {
    const isRare = verdict === undefined || isHonest(verdict);
    return { inside: false, ...(!isRare && { wrong: `not measured: ${verdict.because}` }) };
  }
  if (!isSeen(measured)) return { inside: false, wrong: 'its end was not seen, and it had one' };
  const { from, to } = typeof truth === 'number' ? { from: truth, to: truth } : truth;
  const wrong = verdict === undefined ? undefined : wrongVerdict(verdict, from);
  return {
    span: measured,
    inside: measured.lo <= from && to <= measured.hi,
    ...(wrong !== undefined && { wrong }),
  };
}

/** A run of which too little was seen may be called invalid, and for that reason alone. */
function isHonest({ outcome, because }: NonNullable<Reading['verdict']>): boolean {
  return outcome === 'invalid' && /too sparse|good samples|too slow to see/.test(because);
}

function wrongVerdict(
  { outcome, limitMs = Infinity }: NonNullable<Reading['verdict']>,
  truth: number,
): string | undefined {
  if (outcome === 'pass' && truth > limitMs) return `pass, though it took ${truth} ms`;
  if (outcome === 'fail' && truth <= limitMs) return `fail, though it took ${truth} ms`;
  if (outcome === 'pass' || outcome === 'fail' || outcome === 'unknown') return undefined;
  return `${outcome}, though it was measured`;
}
