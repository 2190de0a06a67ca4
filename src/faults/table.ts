import type { FaultTable } from '../model/tables.ts';
import { kill } from './kill.ts';

/** Every kind of fault, by the name a scenario gives it. */
export const faults = { kill } satisfies FaultTable;
