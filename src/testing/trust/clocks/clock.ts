import { judge } from '../../../claims/judge.ts';
import type { claims } from '../../../claims/table.ts';
import type { Measured } from '../../../model/span.ts';
import type { Expectation } from '../../../model/scenario.ts';
import type { Verdict } from '../../../model/verdict.ts';
import { timelineOf, type Script } from '../../timelines.ts';

/** One clock in one simulated run of which the truth is known. */
export interface Reading {
  /** Milliseconds: an instant, or from when to when. */
  readonly truth: number | { readonly from: number; readonly to: number };
  /** Absent if the run was called invalid. */
  readonly measured?: Measured;
  /** Of the claim that the clock is of, if it judges by it; with what it said, and its limit. */
  readonly verdict?: Pick<Verdict, 'outcome' | 'because' | 'limitMs'>;
}

/** Something that is measured, and how to simulate a run in which its true value is known. */
export interface Clock {
  /** Of what, after "the true value lies in the interval". */
  readonly of: string;
  /** What it reads in a run that random numbers determine, by the names of what is read. */
  readonly trial: (random: Random) => Readonly<Record<string, Reading>>;
}

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

export function between(random: Random, lo: number, hi: number): number {
  return lo + (hi - lo) * random();
}

/** On the run's clock: room for two calm seconds before the fault, and for two after whatever comes of it. */
export const timing = { fired: 5300, heal: 12_300, recovered: 12_700, end: 13_300 };

/** Instants after the fault that the runs leave room for; milliseconds. */
export const latest = 4000;

/** Networks and machines from good to poor; a loss of 2 % is a bad wireless link. */
export function conditions(random: Random): Partial<Script> {
  const isLate = random() < 0.1;
  const isOneSided = random() < 0.5;
  return {
    seed: Math.floor(random() * 2 ** 31),
    roundTrip: between(random, 1, 60),
    // Half of the networks are quicker one way than the other, up to all of it.
    ...(isOneSided && { wayThere: random() }),
    spikes: between(random, 0, 0.02),
    lateness: between(random, 0, isLate ? 150 : 20),
    lost: between(random, 0, 0.02),
    missed: between(random, 0, 0.02),
    bracket: { before: between(random, 0, 12), after: between(random, 0, 12) },
  };
}

/** The same without loss: of what fails when a sample is lost, the truth would be another. */
export function lossless(random: Random): Partial<Script> {
  return { ...conditions(random), lost: 0 };
}

/** The same, of a claim whose limit may be far enough away to look less closely. */
export function paced(random: Random): Partial<Script> {
  return { ...lossless(random), ...(random() < 0.5 && { calm: true as const }) };
}

/** When a healing that begins then is done, within the interval in which it is said to be. */
export function undoneAt(heal: number, random: Random): number {
  return heal + between(random, 120, 310);
}

/** What a claim says of the run of a script, in which only what it needs is sampled. */
export function verdictOf(
  claim: keyof typeof claims,
  params: Expectation['params'],
  script: Partial<Script>,
): Verdict {
  const [verdict] = judge(timelineOf({ ...timing, ...script, expect: [{ claim, params }] }));
  if (verdict === undefined) throw new Error('nothing was judged');
  return verdict;
}

/** The clock that a claim judges by. */
export function judged(verdict: Verdict, truth: number): Reading {
  const { measuredMs, outcome } = verdict;
  // What is invalid may carry what it would have been.
  const isMeasured = measuredMs !== undefined && outcome !== 'invalid';
  return { truth, verdict, ...(isMeasured && { measured: measuredMs }) };
}

/** One that it tells beside. */
export function beside({ clocks }: Verdict, name: string, truth: number): Reading {
  const measured = clocks?.[name];
  return { truth, ...(measured !== undefined && { measured }) };
}
