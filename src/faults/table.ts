import type { z } from 'zod';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { FaultParams } from '../model/scenario.ts';
import { kill } from './kill.ts';

/** A kind of fault whose parameters are its own: only its schema's output may be given to its design. */
export interface AnyFault extends Pick<Fault, 'summary'> {
  readonly schema: z.ZodType<FaultParams>;
  readonly design: (params: never, context: DesignContext) => Intent;
}

export type FaultTable = Readonly<Record<string, AnyFault>>;

/** Every kind of fault, by the name a scenario gives it. */
export const faults = { kill } satisfies FaultTable;

/**
 * The intent of a fault by its name.
 * @param params what the fault's own schema gave when the scenario was read
 * @throws Error if the table has no such fault: a defect of the caller, as reading a scenario checks the names
 */
export function designIntent(
  table: FaultTable,
  fault: string,
  params: FaultParams,
  context: DesignContext,
): Intent {
  const kind = table[fault];
  if (kind === undefined) throw new Error(`no fault "${fault}" in the table of faults`);
  return (kind.design as Fault['design'])(params, context);
}
