import { settingsFromFlags } from '../flags.ts';
import type { Platform } from '../platform.ts';
import { etcd } from './etcd.ts';
import { etcdClientPort, etcdUnit, kubernetesDir, manifest } from './places.ts';

const apiPort = 6443;

/**
 * kubeadm with etcd, stacked or external: static pods, and a kubelet that is a service of its own.
 * @see https://kubernetes.io/docs/reference/setup-tools/kubeadm/implementation-details/
 */
export const kubeadm: Platform = {
  name: 'kubeadm',
  services: (external) => ({
    datastore: {
      ...(external ? { unit: etcdUnit } : { manifest: manifest('etcd') }),
      process: 'etcd',
      port: etcdClientPort,
    },
    'api-server': { ...pod('kube-apiserver'), port: apiPort },
    scheduler: { ...pod('kube-scheduler'), port: 10259 },
    'controller-manager': { ...pod('kube-controller-manager'), port: 10257 },
    kubelet: { unit: 'kubelet.service', process: 'kubelet', port: 10250 },
    containers: { unit: 'containerd.service', process: 'containerd' },
    'load-balancer': { unit: 'haproxy.service', process: 'haproxy' },
  }),
  apiPort,
  controlPlaneLabel: 'node-role.kubernetes.io/control-plane',
  timings: {
    script: [
      'for name in kube-controller-manager kube-scheduler kube-apiserver; do',
      `sed -n "s/^ *- --/$name --/p" "${manifest('$name')}" 2>/dev/null`,
      'done',
      ...['advert_int', 'interval', 'fall', 'weight'].map(
        (name) =>
          `sed -n 's/^ *${name} \\(-\\{0,1\\}[0-9.]*\\).*/keepalived --${name.replace('_', '-')}=\\1/p' /etc/keepalived/keepalived.conf 2>/dev/null`,
      ),
      'exit 0',
    ].join('\n'),
    read: settingsFromFlags,
  },
  kubectl: `kubectl --kubeconfig ${kubernetesDir}/admin.conf`,
  datastore: etcd,
  defects: [],
};

function pod(name: string): { readonly manifest: string; readonly process: string } {
  return { manifest: manifest(name), process: name };
}
