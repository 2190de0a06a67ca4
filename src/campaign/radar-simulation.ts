import { randomFrom, type Random } from '../model/random.ts';
import type { Measured } from '../model/span.ts';
import type { Change } from '../model/statistics.ts';
import { compareAll } from '../stats/comparison.ts';
import { splitNights } from './nights.ts';

/** What nights are simulated. */
export interface RadarNights {
  readonly distribution: keyof typeof radarDistributions;
  /** Nights before the change, and trials in each. */
  readonly nights: number;
  readonly trials: number;
  /** Claims that are compared together, of which one changes. */
  readonly claims: number;
  /** By what the durations of that one are multiplied. */
  readonly factor: number;
  /** Simulated histories. */
  readonly histories: number;
  readonly seed: number;
}

/** How often the radar spoke; shares from 0 to 1. */
export interface RadarPower {
  /** On a night on which nothing had changed, it said that something regressed or became better. */
  readonly falseAlarms: number;
  /** It had said which claim regressed by the first night after the change, by the second, and so on. */
  readonly seenBy: readonly number[];
}

/** How many nights after the change are simulated. */
export const nightsAfter = 10;

/** Durations in milliseconds, as they are in the lab or worse. */
export const radarDistributions = {
  /** Elections of the tuned lab. */
  election: (random: Random) => random.between(1800, 3100),
  /** Elections with the settings of MicroK8s: some wait for a second round. */
  stock: (random: Random) =>
    random.next() < 0.8 ? random.between(3000, 5000) : random.between(5000, 6500),
  /** A promotion that waits for the timer of the roles. */
  roles: (random: Random) => random.between(3500, 29_800),
  /** A tail to the right: median 6 s, and one in twenty takes 10.7 s. */
  skewed: (random: Random) => 6000 * Math.exp(0.35 * normal(random)),
} as const;

/**
 * How well nights are told apart: many histories of nights that are alike, then one more that is, or some that are not.
 * What decides is what decides in a real game day: where a night has fewer than ten trials, those before it count to it.
 */
export function simulateRadar(asked: RadarNights): RadarPower {
  const random = randomFrom(asked.seed).child(asked.distribution);
  let falseAlarms = 0;
  const seenBy = new Array<number>(nightsAfter).fill(0);
  for (let i = 0; i < asked.histories; i++) {
    const history = Array.from({ length: asked.claims }, () =>
      Array.from({ length: asked.nights }, () => night(asked, random, 1)),
    );
    const alike = history.map((nights) => [...nights, night(asked, random, 1)]);
    if (changesOf(alike).some((change) => change === 'regressed' || change === 'better'))
      falseAlarms += 1;
    const first = nightSeen(history, asked, random);
    for (let after = first; after < nightsAfter; after++) seenBy[after] = (seenBy[after] ?? 0) + 1;
  }
  return {
    falseAlarms: falseAlarms / asked.histories,
    seenBy: seenBy.map((count) => count / asked.histories),
  };
}

/** Durations of a claim by nights. */
type Nights = readonly (readonly Measured[])[];

/** The first night after the change on which it is seen, from 0; that after the last if it is not. */
function nightSeen(history: readonly Nights[], asked: RadarNights, random: Random): number {
  let grown = history;
  for (let after = 0; after < nightsAfter; after++) {
    grown = grown.map((nights, claim) => [
      ...nights,
      night(asked, random, claim === 0 ? asked.factor : 1),
    ]);
    if (changesOf(grown)[0] === 'regressed') return after;
  }
  return nightsAfter;
}

function changesOf(claims: readonly Nights[]): readonly Change[] {
  return compareAll(claims.map(splitNights)).map(({ change }) => change);
}

function night(
  { distribution, trials }: RadarNights,
  random: Random,
  factor: number,
): readonly Measured[] {
  return Array.from({ length: trials }, () => {
    const ms = factor * radarDistributions[distribution](random);
    const early = random.between(0, widthMs);
    return { lo: ms - early, hi: ms + widthMs - early };
  });
}

/** As wide as a duration is known in practice: 100 ms. */
const widthMs = 100;

/** Of the standard normal distribution, by Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
}
