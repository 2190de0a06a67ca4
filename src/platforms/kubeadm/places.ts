/** Where kubeadm puts things. */
export const kubernetesDir = '/etc/kubernetes';
export const etcdClientPort = 2379;

/** Path of the manifest of a static pod. */
export function manifest(name: string): string {
  return `${kubernetesDir}/manifests/${name}.yaml`;
}
