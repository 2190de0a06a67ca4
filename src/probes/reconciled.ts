import { setTimeout as delay } from 'node:timers/promises';
import type { Kube } from '../links/kube.ts';
import { partLabel } from '../model/namespace.ts';
import type { ReconciledSeen } from '../model/timeline.ts';
import { anyServer } from './anyserver.ts';
import { errorCode, type OpenProbe } from './probe.ts';

interface Deployment {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly observedGeneration?: number };
}

const name = 'canary';
const pollMs = 50;

/**
 * Changes a Deployment of ours that wants no pods, and waits until its controller says that it has seen the change: by
 * the number of the change, so that nothing but a controller at work makes it come true.
 */
export const reconciled: OpenProbe = (_, context) => {
  const api = anyServer(context);
  const path = `/apis/apps/v1/namespaces/${context.namespace}/deployments`;
  let made = false;
  let count = 0;
  return {
    look: async (timeoutMs) => {
      const end = performance.now() + timeoutMs;
      const left = (): number => Math.max(1, end - performance.now());
      const kube = api.kube();
      try {
        const refused = made ? undefined : await make(kube, path, left());
        if (refused !== undefined) return { ok: false, error: refused };
        made = true;
        // Any number but the last one is a change.
        const spec = { revisionHistoryLimit: (count += 1) % 10 };
        const asking = { deadlineMs: left() };
        const { metadata } = await kube.patch<Deployment>(`${path}/${name}`, { spec }, asking);
        for (;;) {
          const { status } = await kube.get<Deployment>(`${path}/${name}`, { deadlineMs: left() });
          const { generation } = metadata;
          if ((status?.observedGeneration ?? 0) >= generation) {
            const value: ReconciledSeen = { generation };
            return { ok: true, value };
          }
          if (left() <= pollMs) return { ok: false, error: 'EUNOBSERVED' };
          await delay(pollMs);
        }
      } catch (error) {
        api.failed();
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};

/** It is there already if an earlier look made it whose answer did not come. @returns the refusal, if it is one */
async function make(kube: Kube, path: string, deadlineMs: number): Promise<string | undefined> {
  const { status } = await kube.request('POST', path, { body: deployment, deadlineMs });
  return status === 201 || status === 409 ? undefined : `HTTP ${status}`;
}

const label = { [partLabel]: 'canary' };
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 0,
    selector: { matchLabels: label },
    template: {
      metadata: { labels: label },
      spec: { containers: [{ name: 'none', image: 'holdfast.dev/canary:none' }] },
    },
  },
};
