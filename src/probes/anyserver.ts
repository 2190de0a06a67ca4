import type { Kube } from '../links/kube.ts';
import type { ProbeContext } from './probe.ts';

/** The API servers of a cluster as one: the next one is asked after one that failed. */
export interface AnyServer {
  /** Whom to ask now. */
  readonly kube: () => Kube;
  /** That one has failed: another is asked from now on. */
  readonly failed: () => void;
}

export function anyServer({ links, controlPlanes }: ProbeContext): AnyServer {
  let index = 0;
  return {
    kube: () => {
      const node = controlPlanes[index % controlPlanes.length];
      if (node === undefined) throw new Error('a cluster without control planes was planned for');
      return links.kube(node);
    },
    failed: () => void (index += 1),
  };
}
