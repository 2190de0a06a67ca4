import { voters } from './snapshot.ts';
import type { Snapshot } from './snapshot.ts';

/** How the datastore stands: it accepts writes only while `live` is at least `majority`. */
export interface Quorum {
  /** Voters of the configuration: one that is dead counts until it is replaced. */
  readonly configured: number;
  readonly majority: number;
  /** Voters that answer. */
  readonly live: number;
}

/**
 * The quorum there would be with some members down. No stand-by is counted on: it becomes a voter when the leader next
 * looks, which may be half a minute later.
 * @param down ids of members; none for the quorum as it is
 */
export function quorumWithout(snapshot: Snapshot, down: readonly string[]): Quorum {
  const all = voters(snapshot);
  return {
    configured: all.length,
    majority: Math.floor(all.length / 2) + 1,
    live: all.filter((voter) => voter.answers && !down.includes(voter.id)).length,
  };
}

/** Do a majority of the configured voters live on with these members down? */
export function quorumKept(snapshot: Snapshot, down: readonly string[]): boolean {
  const { live, majority } = quorumWithout(snapshot, down);
  return live >= majority;
}
