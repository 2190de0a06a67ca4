import type { z } from 'zod';
import type { Intent } from './intent.ts';
import type { FaultParams } from './scenario.ts';
import type { NodeFacts, Snapshot } from './snapshot.ts';

/** A kind of fault: a pure function from a cluster to an intent. No fault does any I/O. */
export interface Fault<Params extends FaultParams = FaultParams> {
  /** One line for `--help` and the docs. */
  readonly summary: string;
  /** Strict; what a person writes under the fault's name; its descriptions become the docs. */
  readonly schema: z.ZodType<Params>;
  readonly design: (params: Params, context: DesignContext) => Intent;
}

export interface DesignContext {
  /** The intent's id: run and step, `[a-z0-9-]`, at most 40 characters. */
  readonly id: string;
  /** The nodes that the parameters' `target` picked; never empty if the fault has a target. */
  readonly targets: readonly NodeFacts[];
  readonly snapshot: Snapshot;
}
