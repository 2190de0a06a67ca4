/**
 * How a run can end, worst first: a run has the worst outcome that holds for it.
 * @see docs/results.md for the meaning of each exit code
 */
export const outcomes = [
  'residue',
  'defect',
  'fail',
  'interrupted',
  'refused',
  'locked',
  'unreachable',
  'usage',
  'unhealthy',
  'invalid',
  'unknown',
  'skipped',
  'pass',
] as const;
export type Outcome = (typeof outcomes)[number];

const exitCodes: Readonly<Record<Outcome, number>> = {
  residue: 4,
  defect: 70,
  fail: 1,
  interrupted: 130,
  refused: 5,
  locked: 75,
  unreachable: 69,
  usage: 64,
  unhealthy: 6,
  invalid: 3,
  unknown: 2,
  skipped: 7,
  pass: 0,
};

/** The exit code of an outcome; a run that SIGTERM interrupted has 143 instead of 130. */
export function exitCodeOf(outcome: Outcome, signal?: 'SIGINT' | 'SIGTERM'): number {
  return outcome === 'interrupted' && signal === 'SIGTERM' ? 143 : exitCodes[outcome];
}

/** The worst of some outcomes; `pass` if there are none. */
export function worst(some: readonly Outcome[]): Outcome {
  return outcomes.find((outcome) => some.includes(outcome)) ?? 'pass';
}
