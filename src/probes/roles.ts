import type { RolesSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

/** Asks one member for the datastore's configuration as it knows it; a member that was cut off may know an old one. */
export const roles: OpenProbe = (series, { links }) => {
  const member = links.member(nodeOf(series));
  return {
    look: async (timeoutMs) => {
      try {
        const members = await member.cluster(timeoutMs);
        const value: RolesSeen = { members: members.map(({ id, role }) => ({ id, role })) };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
