import type { Kube } from '../links/kube.ts';
import type { Links } from '../links/open.ts';
import { messageOf } from './world.ts';

/**
 * Asks the API servers of some nodes in turn until one answers, whatever it answers.
 * @param nodes control planes; never empty
 * @throws AggregateError if none does, with what each attempt said
 */
export async function fromAnyApi<T>(
  links: Links,
  nodes: readonly string[],
  ask: (kube: Kube) => Promise<T>,
): Promise<T> {
  const errors: unknown[] = [];
  for (const node of nodes) {
    try {
      return await ask(links.kube(node));
    } catch (error) {
      // A refusal is an answer: another server would say the same.
      if (error instanceof Error && error.name === 'KubeError') throw error;
      errors.push(error);
    }
  }
  const said = errors.map(messageOf);
  throw new AggregateError(errors, `no API server answers: ${said.join('; ')}`);
}
