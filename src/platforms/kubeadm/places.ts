/** Where kubeadm puts things. */
export const kubernetesDir = '/etc/kubernetes';
/** Certificates of etcd and of who asks it: kubeadm's own, or by the same names on a machine of an external one. */
export const etcdPki = `${kubernetesDir}/pki/etcd`;
export const etcdClientPort = 2379;
/** Of an external etcd. */
export const etcdUnit = 'etcd.service';
/** Where each member keeps its data. */
export const dataFolder = '/var/lib/etcd';

/** Path of the manifest of a static pod. */
export function manifest(name: string): string {
  return `${kubernetesDir}/manifests/${name}.yaml`;
}
