import { voters } from './snapshot.ts';
import type { Member, Snapshot } from './snapshot.ts';

/** How the datastore stands: it accepts writes only while `live` is at least `majority`. */
export interface Quorum {
  /** Voters of the configuration: one that is dead counts until it is replaced. */
  readonly configured: number;
  readonly majority: number;
  /** Voters that answer and can talk to one another's leader. */
  readonly live: number;
}

/** Two members that cannot talk to each other, by their ids. */
export type Apart = readonly [string, string];

/**
 * The quorum there would be with some members down, and some that cannot talk to each other: of the live voters, those
 * that one of them reaches, itself among them, for whichever reaches most. No stand-by is counted on: it becomes a voter
 * when the leader next looks, which may be half a minute later.
 * @param down ids of members; none for the quorum as it is
 */
export function quorumWithout(
  snapshot: Snapshot,
  down: readonly string[],
  apart: readonly Apart[] = [],
): Quorum {
  const all = voters(snapshot);
  const live = all.filter((voter) => voter.answers && !down.includes(voter.id));
  return {
    configured: all.length,
    majority: Math.floor(all.length / 2) + 1,
    live: Math.max(0, ...live.map(({ id }) => reached(id, live, apart).length)),
  };
}

/** Do a majority of the configured voters live on with these members down, and these apart? */
export function quorumKept(
  snapshot: Snapshot,
  down: readonly string[],
  apart: readonly Apart[] = [],
): boolean {
  const { live, majority } = quorumWithout(snapshot, down, apart);
  return live >= majority;
}

/**
 * The members that pairs being apart leaves without a datastore: those that can neither lead a majority of the voters
 * nor talk to one that can, and could before.
 * @returns their ids, in the snapshot's order
 */
export function cutOff(snapshot: Snapshot, apart: readonly Apart[]): readonly string[] {
  const before = led(snapshot, []);
  const after = led(snapshot, apart);
  return before.filter((id) => !after.includes(id));
}

/** The members that can lead a majority of the voters, or talk to one that can. */
function led(snapshot: Snapshot, apart: readonly Apart[]): readonly string[] {
  const live = voters(snapshot).filter((voter) => voter.answers);
  const { majority } = quorumWithout(snapshot, []);
  const leaders = live.filter(({ id }) => reached(id, live, apart).length >= majority);
  return snapshot.datastore.members
    .map(({ id }) => id)
    .filter((id) => reached(id, leaders, apart).length > 0);
}

/** Those of some members that a member can talk to, itself among them. */
function reached(id: string, among: readonly Member[], apart: readonly Apart[]): readonly Member[] {
  return among.filter(
    (one) => !apart.some((pair) => pair.includes(id) && pair.includes(one.id) && one.id !== id),
  );
}
