import type { FaultLab } from './faultlab.ts';

/**
 * How a node's datastore answers another node, by the lab's back door: `serves` (it shows its certificate), `silent`
 * (it accepts the connection and says nothing), `refused` or `unreachable`.
 */
export async function askDatastorePort(lab: FaultLab, node: string): Promise<string> {
  const { nodes } = lab.lab;
  const address = nodes.find(({ name }) => name === node)?.address ?? node;
  const from = nodes.find(({ name }) => name !== node)?.name ?? '';
  const port = `${address}:19001`;
  const said = await lab.on(
    from,
    `timeout 2 bash -c "exec 3<>/dev/tcp/${port.replace(':', '/')}" 2>&1 && echo open
     timeout 3 openssl s_client -connect ${port} </dev/null 2>/dev/null || true`,
  );
  if (said.includes('BEGIN CERTIFICATE')) return 'serves';
  if (said.includes('Connection refused')) return 'refused';
  return said.includes('open') ? 'silent' : 'unreachable';
}
