import type { LeasesSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';
import { nameOf, textOf } from './text.ts';

interface LeaseList {
  readonly items: readonly {
    readonly metadata: {
      readonly name?: unknown;
      readonly labels?: Readonly<Record<string, string>>;
    };
    readonly spec: { readonly holderIdentity?: unknown; readonly renewTime?: unknown };
  }[];
}

/** By it an API server tells that it is there; it is not held by one of several. */
const identityLabel = 'apiserver.kubernetes.io/identity';

/**
 * Asks one API server who holds the Leases of the control plane (scheduler, controller manager and what else elects its
 * leader in kube-system), from the datastore rather than from its cache.
 */
export const leases: OpenProbe = (series, { links }) => {
  const kube = links.kube(nodeOf(series));
  return {
    look: async (timeoutMs) => {
      try {
        const { items } = await kube.get<LeaseList>(
          '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases',
          { deadlineMs: timeoutMs },
        );
        const held = items.filter(({ metadata }) => metadata.labels?.[identityLabel] === undefined);
        const value: LeasesSeen = {
          leases: Object.fromEntries(
            held.map(({ metadata, spec }) => [
              nameOf(metadata),
              { holder: textOf(spec.holderIdentity), renewed: textOf(spec.renewTime) },
            ]),
          ),
        };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
