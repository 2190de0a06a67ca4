import type { DesignContext } from '../model/fault.ts';
import { randomFrom } from '../model/random.ts';
import { nodeNamed, type Snapshot } from '../model/snapshot.ts';
import { snapshotOf } from './snapshot.ts';

/** What planning gives a fault whose target picked some nodes; the others are all the rest. */
export function designContext(
  targets: readonly string[],
  snapshot: Snapshot = snapshotOf(),
  changes: Partial<DesignContext> = {},
): DesignContext {
  return {
    id: '3f9a1c-fault',
    targets: targets.map((name) => nodeNamed(snapshot, name)),
    others: snapshot.nodes.filter(({ name }) => !targets.includes(name)),
    snapshot,
    standing: [],
    random: randomFrom(1),
    ...changes,
  };
}
