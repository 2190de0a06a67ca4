import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { copyFile, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inside, nodeFolders } from '../machine.ts';
import { labDir, recipesDir } from '../paths.ts';
import type { LabPlatform } from '../platform.ts';
import { run } from '../shell.ts';
import {
  controlPlanes,
  firstControlPlane,
  kubernetesNodes,
  workers,
  type Lab,
  type LabNode,
} from '../topology.ts';
import { untilAnswered } from '../until.ts';
import { initConfig, joinConfig, type JoinSecrets } from './config.ts';
import { makeEtcdPki, memberNodes, membersMissing } from './etcd.ts';
import { kubernetesDir } from './places.ts';

const memberTimeoutMs = 60_000;
/** kubeadm itself waits up to four minutes for a control plane. */
const kubeadmTimeoutMs = 300_000;

/** kubeadm makes all certificates but those of an etcd that is not its own. */
export const writeShared: LabPlatform['writeShared'] = async (lab) => {
  if (lab.etcd === 'external') await makeEtcdPki(lab, join(labDir(lab.name), 'pki'));
};

/** Stacked members are made by kubeadm, one with each control plane. */
export const formDatastore: LabPlatform['formDatastore'] = async (lab, progress) => {
  if (lab.etcd !== 'external') return;
  await progress.step('members of etcd start', async () => {
    // Each is ready only when there is a majority.
    await Promise.all(
      memberNodes(lab).map((node) => inside(lab, node, 'systemctl enable --quiet --now etcd')),
    );
    await untilAnswered(
      () => membersMissing(lab),
      memberTimeoutMs,
      (missing) => `etcd is not healthy within ${memberTimeoutMs / 1000} s: ${missing}`,
    );
  });
};

export const formKubernetes: LabPlatform['formKubernetes'] = async (lab, { kubectl }, progress) => {
  const first = firstControlPlane(lab);
  const secrets = newSecrets();
  await progress.step('kubeadm init', () =>
    kubeadm(lab, first, 'init --upload-certs', initConfig(lab, first, secrets)),
  );
  const config = join(labDir(lab.name), 'kubeconfig');
  const { root } = nodeFolders(lab, first);
  await copyFile(join(root, kubernetesDir, 'admin.conf'), config);
  const manifests = join(recipesDir, 'kubeadm', 'manifests');
  await run(kubectl, ['--kubeconfig', config, 'apply', '-f', manifests]);

  const authority = await readFile(join(root, kubernetesDir, 'pki/ca.crt'));
  const joins = (node: LabNode): Promise<void> =>
    progress.step(`${node.name} joins`, () =>
      kubeadm(lab, node, 'join', joinConfig(lab, node, secrets, hashOf(authority))),
    );
  // etcd takes one new member at a time.
  const oneByOne = async (nodes: readonly LabNode[]): Promise<void> => {
    for (const node of nodes) await joins(node);
  };
  const others = controlPlanes(lab).filter((node) => node !== first);
  await Promise.all([...workers(lab).map(joins), oneByOne(others)]);
};

/** The configuration has secrets: it does not outlive the command. */
async function kubeadm(lab: Lab, node: LabNode, command: string, config: string): Promise<void> {
  const path = '/root/kubeadm.yaml';
  const file = join(nodeFolders(lab, node).root, path);
  await writeFile(file, config, { mode: 0o600 });
  try {
    await inside(
      lab,
      node,
      `systemctl enable --quiet kubelet && kubeadm ${command} --config ${path}`,
      { timeoutMs: kubeadmTimeoutMs },
    );
  } finally {
    await rm(file, { force: true });
  }
}

function newSecrets(): JoinSecrets {
  const token = randomBytes(11).toString('hex');
  return {
    token: `${token.slice(0, 6)}.${token.slice(6)}`,
    certificateKey: randomBytes(32).toString('hex'),
  };
}

function hashOf(certificate: Buffer): string {
  const key = new X509Certificate(certificate).publicKey.export({ type: 'spki', format: 'der' });
  return `sha256:${createHash('sha256').update(key).digest('hex')}`;
}

/**
 * Kubelets first: they would start again what is stopped. The leases of the controllers go too, so that after a start
 * from here nobody waits for holders that are long dead.
 */
export const quieten: LabPlatform['quieten'] = async (lab, kubectl) => {
  await Promise.all(
    kubernetesNodes(lab).map((node) => inside(lab, node, 'systemctl stop kubelet')),
  );
  const controllers = '(kube-controller-manager|kube-scheduler|/cloud-controller-manager)';
  // Frozen, they cannot take their leases again.
  await Promise.all(
    controlPlanes(lab).map((node) => inside(lab, node, `pkill -STOP -f "^${controllers} "`)),
  );
  const leases = ['kube-controller-manager', 'kube-scheduler', 'cloud-controller-manager'];
  await kubectl(['delete', 'lease', '--namespace', 'kube-system', ...leases]);
};
