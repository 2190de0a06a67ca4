import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeFolders } from '../machine.ts';
import { labDir } from '../paths.ts';
import type { LabPlatform } from '../platform.ts';
import { haproxyConfig, keepalivedConfig } from './endpoint.ts';
import { giveEtcdPki, memberConfig } from './etcd.ts';

/** What a node has before kubeadm makes it one of the cluster. */
export const writeNode: LabPlatform['writeNode'] = async (lab, node) => {
  const { root } = nodeFolders(lab, node);
  const write = async (path: string, text: string): Promise<void> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  };
  const enable = (unit: string): Promise<void> =>
    symlink(
      `/usr/lib/systemd/system/${unit}`,
      join(root, 'etc/systemd/system/multi-user.target.wants', unit),
    );
  // The cluster's name server passes on what it does not know to that of its node. There is none: asked by the node
  // or one of its pods, this address refuses at once.
  await write('/etc/resolv.conf', `nameserver ${node.address}\n`);
  if (node.role === 'control-plane') {
    await write('/etc/haproxy/haproxy.cfg', haproxyConfig(lab));
    await write('/etc/keepalived/keepalived.conf', keepalivedConfig(lab, node));
    await enable('haproxy.service');
    await enable('keepalived.service');
  }
  if (node.role === 'etcd') await write('/etc/etcd/etcd.yaml', memberConfig(lab, node));
  if (lab.etcd === 'external' && node.role !== 'worker')
    await giveEtcdPki(node, join(labDir(lab.name), 'pki'), root);
};
