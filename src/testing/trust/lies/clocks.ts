/** Lies of a node's clock about when a deed was done: what it says is used only as far as it can be believed. */
import { place } from '../../../links/armed.ts';
import type { Lie, Said } from './lie.ts';

export const clockLies: readonly Lie[] = [
  {
    lie: 'the clock of the node was stepped between the two comparisons',
    honest: () => placed(0),
    honestOutcome: 'node-stamps',
    told: () => placed(50),
    outcome: 'round-trip',
    because: /the clock of the node was stepped meanwhile/,
  },
  {
    lie: 'the node stamped the deed before it was ordered',
    honest: () => placed(0),
    honestOutcome: 'node-stamps',
    told: () => placed(0, -100),
    outcome: 'round-trip',
    because: /the stamps of the node do not lie between our sending and receiving/,
  },
];

/** @param stepMs how far the node's clock was set forward; @param awayMs how far its stamps lie from the deed */
function placed(stepMs: number, awayMs = 0): Said {
  const ahead = 1_000_000;
  const offset = (by: number, atMs: number) => ({
    offset: { lo: ahead + by - 1, hi: ahead + by + 1 },
    atMs,
  });
  const shot = {
    sentMs: 100,
    gotMs: 140,
    startedNodeMs: ahead + 110 + awayMs,
    endedNodeMs: ahead + 112 + awayMs,
  };
  const { by, because = '' } = place(shot, offset(0, 100), offset(stepMs, 140));
  return { outcome: by, because };
}
