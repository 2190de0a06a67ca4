import type { Apart } from './quorum.ts';
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
  /** Ids of the datastore members that it takes down, or cuts off from every majority. */
  readonly membersDown: readonly string[];
  /** Pairs of members that it comes between. With `membersDown` it is all that the quorum guard knows of a fault. */
  readonly membersApart?: readonly Apart[];
  /**
   * How those members go, if they do not just fall silent until it is undone: they come back by themselves (`brief`),
   * give their tasks to others first (`handed-over`), or still speak and hear nothing (`deaf`). What is predicted rests
   * on it.
   */
  readonly loss?: 'brief' | 'handed-over' | 'deaf';
  /** Nodes that it takes down: while it stands they may not answer, or have booted a moment ago. */
  readonly nodesDown?: readonly string[];
  /** Leases whose holders it ends or freezes, by their names in the snapshot, besides those of the service it is aimed at. */
  readonly leases?: readonly string[];
  /** Pods that it may end or cut off, as `namespace/name`: none may be of a protected namespace. */
  readonly podsHit: readonly string[];
  /** Deployments and Services that it changes, as `namespace/name`. */
  readonly changes?: readonly string[];
  /**
   * What must stand before it can fire fast: done after arming and before firing, not timed. It may take a while and
   * may fail, which leaves nothing broken; `undo` takes it back too.
   */
  readonly prepare: readonly Act[];
  /** The deed itself, timed: as little as can be. Evictions begin once everything else in it is done. */
  readonly inject: readonly Act[];
  /** Did it bite? All must say yes. */
  readonly bit: readonly Proof[];
  /** How long it may take until it has bitten, if that is more than ten seconds: a machine boots, a member joins. */
  readonly bitWithinMs?: number;
  readonly undo: readonly Act[];
  /** Is it gone? All must say yes. */
  readonly gone: readonly Proof[];
  /** How long it may take until it is gone, if that is more than a minute and a half. */
  readonly goneWithinMs?: number;
  readonly undoBy: UndoBy;
}

/**
 * Who takes a fault back if Holdfast dies: a timer on each node of `undo` (`peer`: those are not its targets), which a
 * reboot makes needless; such a timer and a unit that runs at boot; the power device; nobody but `holdfast heal`; or
 * nobody at all (`nothing`), as it is momentary and leaves nothing to take back.
 */
export type UndoBy = 'node-timer' | 'boot' | 'device' | 'peer' | 'journal' | 'nothing';

/** One deed. `sh` runs as root on the node, by /bin/sh, and must be safe to run twice. */
export type Act =
  /** `ends`: the node is gone at once, before it can answer. */
  | { readonly on: string; readonly sh: string; readonly ends?: true }
  /** On whichever of these nodes can, in their order: for what any of them can do, such as asking the API. */
  | { readonly onAny: readonly string[]; readonly sh: string }
  /** A request to any API server; `body` of a PATCH is a JSON patch if it is a list, else a merge patch; of a DELETE its options. */
  | { readonly kube: 'PATCH' | 'POST' | 'DELETE'; readonly path: string; readonly body?: unknown }
  /** Through the Eviction API, which honours disruption budgets; waits up to `atMostMs` for its turn. */
  | { readonly evict: PodName; readonly uid: string; readonly atMostMs: number }
  /**
   * By the node's power device. `off`: a device that can switches it on again by itself, after `forMs` or else when a
   * dead man would undo the fault. `try`: shows that the device can be told *on* and says *on*, of a node that is on.
   */
  | { readonly power: 'on' | 'off' | 'try'; readonly node: string; readonly forMs?: number };

export interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/**
 * One question about the world, answered by yes, no or unclear.
 * `sh` answers by its exit status: 0 yes, 1 no, anything else unclear.
 */
export type Proof =
  | { readonly from: string; readonly sh: string; readonly says: string }
  /** What the API has at a path of keys with dots between them; `is: null` if it has nothing there. */
  | { readonly get: string; readonly at: string; readonly is: unknown; readonly says: string }
  /**
   * Has the object with this uid, at a path of keys, just this value? Of a Deployment also whether its controller has taken
   * note of that (`observed`), or has brought all its pods to it (`complete`). `orGone`: yes as well if there is no such
   * object any more.
   */
  | {
      readonly object: string;
      readonly uid: string;
      readonly at: readonly string[];
      readonly is: unknown;
      readonly rollout?: 'observed' | 'complete';
      readonly orGone?: true;
      readonly says: string;
    }
  | { readonly node: string; readonly answers: boolean; readonly says: string }
  /** Does the API know a pod with this uid no more? */
  | { readonly noPod: PodName; readonly uid: string; readonly says: string }
  | { readonly power: 'on' | 'off'; readonly node: string; readonly says: string };

export type Answer = 'yes' | 'no' | 'unclear';
