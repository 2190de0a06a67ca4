import type { AlertsSeen } from '../model/timeline.ts';
import { errorCode, type OpenProbe } from './probe.ts';

/** Asks which alerts are active: Alertmanager itself, or what it has posted to us. */
export const alerts: OpenProbe = (_, { links }) => {
  const link = links.alerts();
  return {
    look: async (timeoutMs) => {
      try {
        const value: AlertsSeen = { alerts: await link.active(timeoutMs) };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    // Its links close it: one that is posted to listens as long as they last.
    close: () => undefined,
  };
};
