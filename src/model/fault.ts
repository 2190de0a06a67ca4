import type { z } from 'zod';
import type { Intent } from './intent.ts';
import type { Random } from './random.ts';
import type { FaultParams } from './scenario.ts';
import type { NodeFacts, Snapshot } from './snapshot.ts';

/** A kind of fault: a pure function from a cluster to an intent. No fault does any I/O. */
export interface Fault<Params extends FaultParams = FaultParams> {
  /** One line for `--help` and the docs. */
  readonly summary: string;
  /** Strict; what a person writes under the fault's name; its descriptions become the docs. */
  readonly schema: z.ZodType<Params>;
  /** Parameters as a person would write them: few, and they leave something to take back, if the fault ever does. */
  readonly example: Readonly<Record<string, unknown>>;
  /** @returns what it will do, or why it cannot be done in this cluster */
  readonly design: (params: Params, context: DesignContext) => Intent | Impossible;
}

/** Why a fault cannot be done in a cluster as it is: the reason, and what would help. */
export interface Impossible {
  readonly impossible: string;
  /**
   * What it will do, in words, if it aims at the run's own workload, which is not there before the run: a plan then
   * leaves the intent open, and it is designed just before it fires.
   */
  readonly untilDeployed?: string;
}

export function isImpossible(designed: object): designed is Impossible {
  return 'impossible' in designed;
}

export interface DesignContext {
  /** The intent's id: run and step, `[a-z0-9-]`, at most 40 characters. */
  readonly id: string;
  /** The nodes that the parameters' `target` picked; never empty if the fault has a target. */
  readonly targets: readonly NodeFacts[];
  /** The nodes on the other side: those that `from` picked, else all that are no targets. */
  readonly others: readonly NodeFacts[];
  readonly snapshot: Snapshot;
  /** The intents of earlier steps that have not been taken back. */
  readonly standing: readonly Intent[];
  /** For choices of its own, such as which of some pods: the same seed gives the same. */
  readonly random: Random;
}
