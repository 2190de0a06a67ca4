import { virtualAddress, type Lab, type Places } from '../topology.ts';

export const places: Places = {
  apiPort: 6443,
  clusterDns: '10.96.0.10',
  datastoreDir: '/var/lib/etcd',
  containerdDir: '/var/lib/containerd',
  serviceNetwork: '10.96.0.0/12',
};

export const containerdSocket = '/run/containerd/containerd.sock';
export const kubernetesDir = '/etc/kubernetes';
/** Certificates of etcd, where kubeadm has them; on nodes that have etcd alone, too. */
export const etcdPkiDir = `${kubernetesDir}/pki/etcd`;

export const etcdClientPort = 2379;
export const etcdPeerPort = 2380;

/** The control plane's endpoint shares its nodes with API servers, which have the usual port. */
export const endpointPort = 8443;

/** `address:port` by which all but the control planes themselves reach the API. */
export function controlPlaneEndpoint(lab: Lab): string {
  return `${virtualAddress(lab)}:${endpointPort}`;
}
