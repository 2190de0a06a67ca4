import type { FaultTable } from '../model/tables.ts';
import { addMember } from './add-member.ts';
import { cordon } from './cordon.ts';
import { deletePod } from './delete-pod.ts';
import { destroyData } from './destroy-data.ts';
import { drain } from './drain.ts';
import { fillDisk } from './fill-disk.ts';
import { flap } from './flap.ts';
import { freeze } from './freeze.ts';
import { freezePod } from './freeze-pod.ts';
import { hogCpu } from './hog-cpu.ts';
import { hogMemory } from './hog-memory.ts';
import { isolate } from './isolate.ts';
import { kill } from './kill.ts';
import { lose } from './lose.ts';
import { partition } from './partition.ts';
import { removeMember } from './remove-member.ts';
import { slowDisk } from './slow-disk.ts';
import { rollback } from './rollback.ts';
import { scale } from './scale.ts';
import { stop } from './stop.ts';
import { switchService } from './switch.ts';
import { update } from './update.ts';
import { powerCycle } from './power-cycle.ts';
import { powerOff } from './power-off.ts';
import { reboot } from './reboot.ts';

/** Every kind of fault, by the name a scenario gives it. */
export const faults = {
  kill,
  stop,
  freeze,
  'hog-cpu': hogCpu,
  'hog-memory': hogMemory,
  'fill-disk': fillDisk,
  'slow-disk': slowDisk,
  isolate,
  partition,
  flap,
  lose,
  cordon,
  drain,
  'delete-pod': deletePod,
  'freeze-pod': freezePod,
  'remove-member': removeMember,
  'add-member': addMember,
  'destroy-data': destroyData,
  'power-off': powerOff,
  'power-cycle': powerCycle,
  reboot,
  update,
  rollback,
  scale,
  switch: switchService,
} satisfies FaultTable;
