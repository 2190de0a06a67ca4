import type { Places } from '../topology.ts';

const common = '/var/snap/microk8s/common';

/** Flags, certificates and data of MicroK8s on a node. */
export const dataDir = '/var/snap/microk8s/current';
export const backendDir = `${dataDir}/var/kubernetes/backend`;
export const binDir = '/snap/microk8s/current/bin';
export const containerdSocket = `${common}/run/containerd.sock`;

export const datastorePort = 19001;
export const kubernetesServiceAddress = '10.152.183.1';

export const places: Places = {
  apiPort: 16443,
  clusterDns: '10.152.183.10',
  datastoreDir: backendDir,
  containerdDir: `${common}/var/lib/containerd`,
};
