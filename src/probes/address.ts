import { showsAddress } from '../model/endpoint.ts';
import type { AddressSeen } from '../model/timeline.ts';
import { errorCode, nodeOf, type OpenProbe } from './probe.ts';

/** Asks a control plane whether one of its interfaces has the address of the kubeconfig, by SSH. */
export const address: OpenProbe = (series, { links }) => {
  const node = nodeOf(series);
  const { endpointAddress: wanted } = links;
  return {
    look: async (timeoutMs) => {
      if (wanted === undefined) return { ok: false, error: 'ENOADDRESS' };
      try {
        const ssh = await links.ssh(node);
        const { code, stdout } = await ssh.run(showsAddress(wanted), { timeoutMs });
        if (code !== 0) return { ok: false, error: `EXIT ${code ?? 'none'}` };
        const value: AddressSeen = { holds: stdout.trim() !== '' };
        return { ok: true, value };
      } catch (error) {
        return { ok: false, error: errorCode(error) };
      }
    },
    close: () => undefined,
  };
};
