import type { LeaderSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

/** Asks one member whom it calls leader, on a connection that stays open. Members that do not vote know none. */
export const leader: OpenProbe = (series, { links }) => {
  const member = links.member(nodeOf(series));
  return {
    look: async (timeoutMs) => {
      try {
        const named = await member.leader(timeoutMs);
        const value: LeaderSeen = { leader: named?.id ?? '' };
        return { ok: named !== undefined, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
