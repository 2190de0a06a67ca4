import type { Clock } from './clock.ts';
import { elections } from './elections.ts';
import { instants } from './instants.ts';
import { members } from './members.ts';
import { recovery } from './recovery.ts';
import { watches } from './watches.ts';
import { workload } from './workload.ts';
import { writes } from './writes.ts';

/** Every clock that claims measure by, and that of the faults themselves. */
export const clocks: readonly Clock[] = [
  ...elections,
  ...members,
  ...writes,
  ...workload,
  ...watches,
  ...recovery,
  ...instants,
];
