import type { ProbeName } from './kinds.ts';
import { leader } from './leader.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import type { OpenProbe } from './probe.ts';
import { read } from './read.ts';
import { roles } from './roles.ts';
import { watch } from './watch.ts';
import { webNew, webReused } from './web.ts';
import { write } from './write.ts';

/** How each kind of probe looks. */
export const probes: Readonly<Record<ProbeName, OpenProbe>> = {
  leader,
  roles,
  write,
  read,
  watch,
  nodes,
  'web-new': webNew,
  'web-reused': webReused,
  pods,
};
