import type { Act, Intent, UndoBy } from '../model/intent.ts';

/** An intent that does nothing, with an undo of its own. */
export function intentOf(id: string, target: string, undoBy: UndoBy, undo: readonly Act[]): Intent {
  return {
    id,
    fault: 'test',
    says: "be a test's",
    targets: [target],
    holds: [],
    membersDown: [],
    podsHit: [],
    prepare: [],
    inject: [],
    bit: [],
    undo,
    gone: [],
    undoBy,
  };
}
