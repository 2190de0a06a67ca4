import { counts } from '../model/claim-verdicts.ts';
import type { Measured } from '../model/span.ts';
import type { ClaimComparison } from '../model/statistics.ts';
import { compareAll, type Sides } from '../stats/comparison.ts';
import { configurationKey } from './configuration.ts';
import type { HistoryEntry } from './history.ts';
import { splitNights } from './nights.ts';

/** The trials of one scenario, earlier and now. */
export interface NightSides {
  readonly scenario: string;
  readonly before: readonly HistoryEntry[];
  readonly after: readonly HistoryEntry[];
}

/**
 * What a night is compared with: the earlier trials of the same configuration.
 * @param tonight the trials of one scenario, which may or may not be in the history
 */
export function sidesOf(
  history: readonly HistoryEntry[],
  tonight: readonly HistoryEntry[],
): Omit<NightSides, 'scenario'> {
  const [first] = tonight;
  if (first === undefined) return { before: [], after: [] };
  const key = configurationKey(first.configuration);
  const nights = new Map<string, HistoryEntry[]>();
  for (const entry of history)
    if (entry.night !== first.night && configurationKey(entry.configuration) === key)
      nights.set(entry.night, [...(nights.get(entry.night) ?? []), entry]);
  return splitNights([...nights.values(), tonight]);
}

/**
 * Compares each claim that measures a duration, over all scenarios of a night at once, so that the correction is for all
 * of them.
 * @returns by scenario
 */
export function compareSides(
  scenarios: readonly NightSides[],
): ReadonlyMap<string, readonly ClaimComparison[]> {
  const pairs = scenarios.flatMap(({ scenario, before, after }) =>
    (after[0]?.claims ?? []).flatMap(({ claim, title }) => {
      const sides: Sides = {
        before: durationsIn(before, claim),
        after: durationsIn(after, claim),
      };
      const isDuration = sides.before.length + sides.after.length > 0;
      return isDuration ? [{ scenario, claim, title, sides }] : [];
    }),
  );
  const compared = compareAll(pairs.map(({ sides }) => sides));
  return new Map(
    scenarios.map(({ scenario }) => [
      scenario,
      pairs.flatMap(({ claim, title, ...pair }, index) => {
        const one = compared[index];
        return pair.scenario === scenario && one !== undefined ? [{ claim, title, ...one }] : [];
      }),
    ]),
  );
}

/**
 * Compares the trials of a night with those of earlier ones, scenario by scenario. Before there is a history, that there
 * is none is no news; a night before, too short to be compared with, is told as too little.
 * @returns by scenario
 */
export function compareTonight(
  history: readonly HistoryEntry[],
  scenarios: readonly { readonly scenario: string; readonly tonight: readonly HistoryEntry[] }[],
): ReadonlyMap<string, readonly ClaimComparison[]> {
  return compareSides(
    scenarios.flatMap(({ scenario, tonight }) => {
      const { before, after } = sidesOf(history, tonight);
      const isFirst = before.length + after.length === tonight.length;
      return isFirst ? [] : [{ scenario, before, after }];
    }),
  );
}

/** The durations of one claim; of a trial that measured none where others did, no more is known than that. */
export function durationsIn(entries: readonly HistoryEntry[], claim: string): readonly Measured[] {
  const all = entries
    .flatMap(({ claims }) => claims.find((one) => one.claim === claim) ?? [])
    .filter(counts);
  return all.every(({ ms }) => ms === undefined) ? [] : all.map(({ ms }) => ms ?? { atLeast: 0 });
}
