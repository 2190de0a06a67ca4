import { randomFrom } from '../model/random.ts';
import type { AgendaScenario, PlannedTrial } from '../model/agenda.ts';

/**
 * Every trial of some scenarios in the order in which they are run: in rounds of one trial each, and within a round, if
 * they are to be shuffled, in an order that the seed gives. So no scenario has all its trials at the beginning, where the
 * cluster is fresh. The seed of a trial comes from its own name alone, so the trials of a scenario stay the same
 * whatever stands beside it.
 */
export function trialsOf(
  scenarios: readonly Pick<AgendaScenario, 'name' | 'trials' | 'skipped'>[],
  seed: number,
  isShuffled: boolean,
): readonly PlannedTrial[] {
  const able = scenarios.filter(({ skipped }) => skipped === undefined);
  const rounds = Math.max(0, ...able.map(({ trials }) => trials));
  const random = randomFrom(seed);
  const inOrder = Array.from({ length: rounds }, (_, round) => {
    const left = able.filter(({ trials }) => trials > round);
    const order = isShuffled ? random.child(`round ${round}`).sample(left, left.length) : left;
    return order.map(({ name }) => ({ scenario: name, trial: round + 1 }));
  }).flat();
  return inOrder.map(({ scenario, trial }, index) => ({
    number: index + 1,
    scenario,
    trial,
    seed: seedOf(seed, scenario, trial),
  }));
}

/** The seed of one trial. */
export function seedOf(seed: number, scenario: string, trial: number): number {
  return Math.floor(randomFrom(seed).child(`${scenario} ${trial}`).next() * 2 ** 32);
}
