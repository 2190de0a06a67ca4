import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeFolders } from './machine.ts';
import { podRange } from './network.ts';
import { run } from './shell.ts';
import { sshUser, type Lab, type LabNode } from './topology.ts';

/**
 * Writes what every node has, whatever its platform: its name, the addresses of all, the network of its pods, keys of
 * SSH. Its root must be mounted.
 */
export async function writeNodeFiles(lab: Lab, node: LabNode, publicKey: string): Promise<void> {
  const { root } = nodeFolders(lab, node);
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  await write('/etc/hostname', `${node.name}\n`);
  await write('/etc/hosts', hosts(lab));
  if (node.role !== 'etcd') await write('/etc/cni/net.d/10-lab.conflist', cni(node));
  await authorize(root, publicKey);
  await run('ssh-keygen', [
    '-q',
    '-t',
    'ed25519',
    '-N',
    '',
    '-C',
    node.name,
    '-f',
    join(root, 'etc/ssh/ssh_host_ed25519_key'),
  ]);
}

/** Lets the lab's key log in. */
async function authorize(root: string, publicKey: string): Promise<void> {
  const folder = join(root, 'home', sshUser, '.ssh');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(join(folder, 'authorized_keys'), publicKey, { mode: 0o600 });
  await run('chroot', [root, 'chown', '-R', `${sshUser}:`, `/home/${sshUser}`]);
}

function hosts(lab: Lab): string {
  return [
    '127.0.0.1 localhost',
    '::1 localhost',
    ...lab.nodes.map((node) => `${node.address} ${node.name}`),
    '',
  ].join('\n');
}

function cni(node: LabNode): string {
  return JSON.stringify({
    cniVersion: '0.4.0',
    name: 'lab',
    plugins: [
      {
        type: 'bridge',
        bridge: 'cni0',
        isGateway: true,
        ipMasq: false,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          ranges: [[{ subnet: podRange(node) }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
      { type: 'portmap', capabilities: { portMappings: true } },
    ],
  });
}
