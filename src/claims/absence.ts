import type { Used } from './series.ts';

/** So many polls on end without an answer, and a member was away. */
const pollsOfAbsence = 3;
/** So many polls on end may be lost, of a member that is there. */
const mostLost = pollsOfAbsence - 1;

/** A time in which a member did not answer. */
export interface Absence {
  /** The sending of the last poll at which it was certainly away. */
  readonly awayAt: number;
  /** The sending of the last poll that it did not answer. */
  readonly silentAt: number;
}

/**
 * The latest absence of a member, by its polls in their order. A poll or two that were lost are none, and at the end of
 * an absence they do not tell that it was still away: only a refusal tells that, or more silence than may be lost.
 */
export function lastAbsence(polls: readonly Used[]): Absence | undefined {
  let silent: Used[] = [];
  let absence: Absence | undefined;
  for (const poll of polls) {
    if (poll.ok) {
      silent = [];
      continue;
    }
    silent.push(poll);
    if (silent.length < pollsOfAbsence) continue;
    const refused = silent.findLast(({ error }) => error !== 'EDEADLINE');
    const awayAt = Math.max(refused?.sent ?? 0, silent.at(-1 - mostLost)?.sent ?? 0);
    absence = { awayAt, silentAt: poll.sent };
  }
  return absence;
}
