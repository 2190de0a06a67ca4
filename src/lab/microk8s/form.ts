import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { kubeconfig } from '../certificates.ts';
import { inside } from '../machine.ts';
import { labDir, recipesDir } from '../paths.ts';
import type { LabPlatform } from '../platform.ts';
import { run } from '../shell.ts';
import {
  apiServer,
  controlPlanes,
  firstControlPlane,
  workers,
  type Lab,
  type LabNode,
} from '../topology.ts';
import { untilAnswered } from '../until.ts';
import { askMembers } from './members.ts';
import { makePki } from './pki.ts';

const memberTimeoutMs = 60_000;

export const writeShared: LabPlatform['writeShared'] = async (lab) => {
  const folder = labDir(lab.name);
  const pki = join(folder, 'pki');
  await makePki(lab, pki);
  const server = apiServer(lab, firstControlPlane(lab));
  await writeFile(join(folder, 'kubeconfig'), await kubeconfig(pki, 'admin', server), {
    mode: 0o600,
  });
};

/** One after another: members that join together may wait half a minute for their roles. */
export const formDatastore: LabPlatform['formDatastore'] = (lab, progress) =>
  progress.step('datastore members join', async () => {
    let members = 0;
    for (const node of controlPlanes(lab)) {
      await start(lab, node, ['k8s-dqlite']);
      members++;
      await untilMembers(lab, node, members);
      // From here on its API server starts while the next member joins.
      await start(lab, node, ['kubelite']);
    }
  });

/** Asked of the first member: a second one is a stand-by at first, and those know no leader to ask. */
async function untilMembers(lab: Lab, node: LabNode, count: number): Promise<void> {
  const first = firstControlPlane(lab);
  const ask = async (): Promise<string | undefined> => {
    const told = await inside(lab, first, `${askMembers([first])} 2>&1 || true`);
    const all = told.split('"Address"').length - 1 === count;
    return all && told.includes(`${node.address}:`) ? undefined : told;
  };
  await untilAnswered(
    ask,
    memberTimeoutMs,
    (told) =>
      `${node.name} is not a member of the datastore within ${memberTimeoutMs / 1000} s; it says: ${told}`,
  );
}

export const formKubernetes: LabPlatform['formKubernetes'] = async (lab, { kubectl }) => {
  await Promise.all(workers(lab).map((node) => start(lab, node, ['apiserver-proxy', 'kubelite'])));
  const config = join(labDir(lab.name), 'kubeconfig');
  const manifests = join(recipesDir, 'microk8s', 'manifests');
  const apply = ['--kubeconfig', config, 'apply', '-f', manifests];
  await untilAnswered(
    // The API server is still starting; what it says last is what a person needs to know.
    () => run(kubectl, apply).then(() => undefined),
    memberTimeoutMs,
    (said) => said,
  );
};

/** Starts services now and at each boot. */
async function start(lab: Lab, node: LabNode, services: readonly string[]): Promise<void> {
  const units = services.map((name) => `snap.microk8s.daemon-${name}.service`).join(' ');
  await inside(
    lab,
    node,
    `systemctl enable --quiet ${units} && systemctl start --no-block ${units}`,
  );
}

/**
 * Kubernetes first, so that nothing is written any more. The leases of the controllers go too: after a start from here
 * nobody should wait a minute for holders that are long dead.
 */
export const quieten: LabPlatform['quieten'] = async (lab, kubectl) => {
  const [first, ...others] = controlPlanes(lab);
  if (first === undefined) return;
  await Promise.all(
    others.map((node) => inside(lab, node, 'systemctl stop snap.microk8s.daemon-kubelite')),
  );
  // Frozen, they cannot take their leases again.
  await inside(lab, first, 'pkill -STOP -f "bin/kube-(controller-manager|scheduler) "');
  const leases = ['kube-controller-manager', 'kube-scheduler'];
  await kubectl(['delete', 'lease', '--namespace', 'kube-system', ...leases]);
};
