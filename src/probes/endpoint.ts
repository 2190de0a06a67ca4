import type { HttpSeen } from '../model/timeline.ts';
import { errorCode, type OpenProbe } from './probe.ts';

/** What must come from the datastore: an API server that has lost that still tells its version. */
const path = '/api/v1/namespaces/kube-system';

/** Asks by the address that the kubeconfig has, on a new connection each time: what somebody sees who comes now. */
export const endpoint: OpenProbe = (_, { links }) => ({
  look: async (timeoutMs) => {
    const kube = links.endpoint();
    try {
      const { status } = await kube.request('GET', path, { deadlineMs: timeoutMs });
      const value: HttpSeen = { status };
      return status === 200 ? { ok: true, value } : { ok: false, value, error: `HTTP ${status}` };
    } catch (error) {
      return { ok: false, error: errorCode(error) };
    } finally {
      kube.close();
    }
  },
  close: () => undefined,
});
