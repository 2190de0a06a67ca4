import type { ProbeName } from './kinds.ts';
import { acts } from './acts.ts';
import { address } from './address.ts';
import { alerts } from './alerts.ts';
import { eachEndpoint } from './each-endpoint.ts';
import { endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { history } from './history.ts';
import { insideNamed, insideNew, insideReused, names } from './inside.ts';
import { leader } from './leader.ts';
import { leases } from './leases.ts';
import { nodes } from './nodes.ts';
import { pods } from './pods.ts';
import type { OpenProbe } from './probe.ts';
import { reconciled } from './reconciled.ts';
import { read } from './read.ts';
import { replicas } from './replicas.ts';
import { roles } from './roles.ts';
import { scheduled } from './scheduled.ts';
import { watch } from './watch.ts';
import { load, webNew, webReused } from './web.ts';
import { write } from './write.ts';

/** How each kind of probe looks. */
export const probes: Readonly<Record<ProbeName, OpenProbe>> = {
  leader,
  roles,
  write,
  read,
  watch,
  history,
  nodes,
  leases,
  scheduled,
  reconciled,
  acts,
  endpoint,
  address,
  alerts,
  'web-new': webNew,
  'web-reused': webReused,
  load,
  'inside-new': insideNew,
  'inside-reused': insideReused,
  'inside-named': insideNamed,
  'each-endpoint': eachEndpoint,
  names,
  endpoints,
  pods,
  replicas,
};
