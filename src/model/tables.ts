import type { z } from 'zod';
import type { DesignContext, Fault, Impossible } from './fault.ts';
import type { Intent } from './intent.ts';
import type { FaultParams } from './scenario.ts';

/** The kinds of faults and of claims that a scenario may name; a test may bring its own. */
export interface Tables {
  readonly faults: FaultTable;
  readonly claims: ClaimTable;
}

/** A kind of fault whose parameters are its own: only its schema's output may be given to its design. */
export interface AnyFault extends Pick<Fault, 'summary' | 'example'> {
  readonly schema: z.ZodType<FaultParams>;
  readonly design: (params: never, context: DesignContext) => Intent | Impossible;
}

export type FaultTable = Readonly<Record<string, AnyFault>>;

/** What reading and planning know of a kind of claim; judging is the claim's own. */
export interface ClaimKind {
  readonly summary: string;
  readonly schema: z.ZodType<object>;
  /** Names of the probes it reads. */
  readonly probes: readonly string[];
  /** Its `after` may be the word `heal` instead of the id of a fault. */
  readonly fromHealing?: true;
  readonly title: (params: never) => string;
}

export type ClaimTable = Readonly<Record<string, ClaimKind>>;

/**
 * The intent of a fault by its name, or why there is none.
 * @param params what the fault's own schema gave when the scenario was read
 * @throws Error if the table has no such fault: a defect of the caller, as reading a scenario checks the names
 */
export function designIntent(
  faults: FaultTable,
  fault: string,
  params: FaultParams,
  context: DesignContext,
): Intent | Impossible {
  const kind = faults[fault];
  if (kind === undefined) throw new Error(`no fault "${fault}" in the table of faults`);
  return (kind.design as Fault['design'])(params, context);
}

/** The promise of a claim in words: "a new leader within 5 s". */
export function titleOf(claims: ClaimTable, claim: string, params: object): string {
  const kind = claims[claim];
  if (kind === undefined) throw new Error(`no claim "${claim}" in the table of claims`);
  return (kind.title as (params: object) => string)(params);
}
