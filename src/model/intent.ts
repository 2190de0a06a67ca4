import type { ServiceName } from './snapshot.ts';

/**
 * All that a fault will do, as plain data: the dry run prints it, the journal stores it before anything happens, the
 * timer on the node runs its `undo`, and `holdfast heal` replays it from disk on any machine.
 */
export interface Intent {
  /** Of this fault in this run, `[a-z0-9-]`, part of every name it leaves on a node. */
  readonly id: string;
  /** Name of the fault in the table of faults. */
  readonly fault: string;
  /** One line for people: "kill the datastore (k8s-dqlite) on pi1 and keep it down". */
  readonly says: string;
  /** The nodes it is aimed at. */
  readonly targets: readonly string[];
  /** The service it is aimed at, if it is aimed at one. */
  readonly service?: ServiceName;
  /** What it holds on to, such as `pi1/datastore`: two faults that hold the same thing cannot compose. */
  readonly holds: readonly string[];
  /** Ids of the datastore members that it takes down: all that the quorum guard knows of a fault. */
  readonly membersDown: readonly string[];
  /**
   * What must stand before it can fire fast: done after arming and before firing, not timed. It may take a while and
   * may fail, which leaves nothing broken; `undo` takes it back too.
   */
  readonly prepare: readonly Act[];
  /** The deed itself, timed: as little as can be. */
  readonly inject: readonly Act[];
  /** Did it bite? All must say yes. */
  readonly bit: readonly Proof[];
  readonly undo: readonly Act[];
  /** Is it gone? All must say yes. */
  readonly gone: readonly Proof[];
  readonly undoBy: UndoBy;
}

/** Who takes a fault back if Holdfast dies. */
export type UndoBy = 'node-timer' | 'boot' | 'device' | 'peer' | 'journal';

/** One deed. `sh` runs as root on the node, by /bin/sh, and must be safe to run twice. */
export type Act =
  | { readonly on: string; readonly sh: string }
  | { readonly kube: 'PATCH' | 'POST' | 'DELETE'; readonly path: string; readonly body?: unknown };

/**
 * One question about the world, answered by yes, no or unclear.
 * `sh` answers by its exit status: 0 yes, 1 no, anything else unclear.
 */
export type Proof =
  | { readonly from: string; readonly sh: string; readonly says: string }
  | { readonly get: string; readonly at: string; readonly is: unknown; readonly says: string }
  | { readonly node: string; readonly answers: boolean; readonly says: string };

export type Answer = 'yes' | 'no' | 'unclear';
