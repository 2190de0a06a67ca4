import { setTimeout as delay } from 'node:timers/promises';
import { partLabel } from '../model/namespace.ts';
import type { ScheduledSeen } from '../model/timeline.ts';
import { anyServer } from './anyserver.ts';
import { errorCode, type OpenProbe } from './probe.ts';

interface Pod {
  readonly spec: { readonly nodeName?: string };
}

const pollMs = 100;

/**
 * Makes a pod, waits until it was given a node, and removes it at once; its image is nowhere and may not be fetched, so
 * that no node ever runs it. Pods wait for the scheduler alone: whoever makes them, no other controller has a part in it.
 */
export const scheduled: OpenProbe = (_, context) => {
  const api = anyServer(context);
  const path = `/api/v1/namespaces/${context.namespace}/pods`;
  let count = 0;
  return {
    look: async (timeoutMs) => {
      const end = performance.now() + timeoutMs;
      const left = (): number => Math.max(1, end - performance.now());
      const kube = api.kube();
      const name = `canary-${(count += 1)}`;
      try {
        await kube.create(path, podNamed(name), { deadlineMs: left() });
        for (;;) {
          const { spec } = await kube.get<Pod>(`${path}/${name}`, { deadlineMs: left() });
          if (spec.nodeName !== undefined) {
            const value: ScheduledSeen = { node: spec.nodeName };
            return { ok: true, value };
          }
          if (left() <= pollMs) return { ok: false, error: 'EPENDING' };
          await delay(pollMs);
        }
      } catch (error) {
        api.failed();
        return { ok: false, error: errorCode(error) };
      } finally {
        const body = { gracePeriodSeconds: 0 };
        // If it does not go, it goes with its namespace.
        kube.request('DELETE', `${path}/${name}`, { body }).catch(() => undefined);
      }
    },
    close: () => undefined,
  };
};

function podNamed(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { [partLabel]: 'canary' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      containers: [{ name: 'none', image: 'holdfast.dev/canary:none', imagePullPolicy: 'Never' }],
    },
  };
}
