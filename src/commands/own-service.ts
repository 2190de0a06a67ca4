import { fromAnyApi } from '../acts/anyapi.ts';
import { messageOf } from '../acts/world.ts';
import type { Links } from '../links/open.ts';
import type { Plan } from '../model/plan.ts';
import { findOwnWorkload } from '../run/own-workload.ts';
import { CommandError } from './context.ts';

/**
 * Looks for the Service of one's own that a scenario asks, as a run does before it makes or breaks anything.
 * @returns that it was not looked for, and why, in words; undefined if it was found, or if none is asked
 * @throws CommandError with the refusal of a run
 */
export async function lookForOwnService(
  { scenario: { workload }, snapshot: { nodes } }: Pick<Plan, 'scenario' | 'snapshot'>,
  links: Links,
): Promise<string | undefined> {
  if (typeof workload !== 'object') return undefined;
  const controlPlanes = nodes.filter(({ controlPlane }) => controlPlane).map(({ name }) => name);
  const { namespace, service } = workload;
  try {
    const found = await fromAnyApi(links, controlPlanes, (kube) => findOwnWorkload(kube, workload));
    if ('noWay' in found) throw new CommandError('refused', found.noWay);
    return undefined;
  } catch (error) {
    if (error instanceof CommandError) throw error;
    return `whether Service ${namespace}/${service} is there, and a way to it, is not known: ${messageOf(error)}; a run looks before it does anything`;
  }
}
