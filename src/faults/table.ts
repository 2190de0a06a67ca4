import type { FaultTable } from '../model/tables.ts';
import { cordon } from './cordon.ts';
import { deletePod } from './delete-pod.ts';
import { drain } from './drain.ts';
import { kill } from './kill.ts';

/** Every kind of fault, by the name a scenario gives it. */
export const faults = { kill, cordon, drain, 'delete-pod': deletePod } satisfies FaultTable;
