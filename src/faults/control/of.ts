import type { Service } from '../../model/snapshot.ts';
import type { Control } from './control.ts';
import { staticPod } from './static-pod.ts';
import { unit } from './unit.ts';

/** How a service is found, ended, kept down and started, by what runs it. */
export function controlOf(service: Service): Control {
  return 'unit' in service ? unit(service) : staticPod(service);
}
