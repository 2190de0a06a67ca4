import type { Act, ActsSeen } from '../model/timeline.ts';
import { anyServer } from './anyserver.ts';
import { errorCode, type OpenProbe } from './probe.ts';

interface Ledger {
  readonly data?: Readonly<Record<string, string>>;
}

/**
 * Reads the ledger of a workload that elects its leader: a ConfigMap named as its Service, in which each term has who led
 * and how often he has acted. It is well if somebody has acted since the look before.
 */
export const acts: OpenProbe = (_, context) => {
  const api = anyServer(context);
  const { namespace, workload } = context;
  if (workload === undefined) throw new Error('a run without a workload was planned for');
  const path = `/api/v1/namespaces/${namespace}/configmaps/${workload.service}`;
  let before = '';
  return {
    look: async (timeoutMs) => {
      try {
        const { data = {} } = await api.kube().get<Ledger>(path, { deadlineMs: timeoutMs });
        const value: ActsSeen = { acts: Object.entries(data).map(readAct) };
        const now = JSON.stringify(value);
        const isNew = now !== before;
        before = now;
        return isNew ? { ok: true, value } : { ok: false, value, error: 'EIDLE' };
      } catch (error) {
        api.failed();
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};

/** `7: "elector-abc 123"`: in its seventh term, elector-abc has acted 123 times. */
function readAct([term, text]: [string, string]): Act {
  const [by = '', count = ''] = text.split(' ');
  if (!/^\d+$/.test(term) || !/^\d+$/.test(count))
    throw new SyntaxError(`no act of a term: ${term}: ${text}`);
  return { term: Number(term), by, count: Number(count) };
}
