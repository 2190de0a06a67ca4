import { coredns, elector, nginx, pause } from '../images.ts';
import type { LabPlatform } from '../platform.ts';
import { apiServer, firstControlPlane } from '../topology.ts';
import { adapt } from './adapt.ts';
import { formDatastore, formKubernetes, quieten, writeShared } from './form.ts';
import { rolesMissing } from './members.ts';
import { writeNode } from './nodefiles.ts';
import { binDir, containerdSocket, places } from './places.ts';

const bin = binDir.slice(1);
const calledAs = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kubelet',
  'kube-proxy',
  'kubectl',
];

/** MicroK8s on Dqlite: units, paths and arguments as its snap has them. */
export const microk8s: LabPlatform = {
  size: { controlPlanes: 4, workers: 0 },
  profiles: ['tuned', 'stock', 'sdcard'],
  etcd: [],
  places,
  root: {
    programs: {
      kube: `${bin}/kube`,
      'k8s-dqlite': `${bin}/k8s-dqlite`,
      kubelite: `${bin}/kubelite`,
      'apiserver-proxy': `${bin}/apiserver-proxy`,
    },
    links: {
      ...Object.fromEntries(calledAs.map((name) => [`${bin}/${name}`, 'kube'])),
      [`${bin}/dqlite`]: '/usr/bin/dqlite',
    },
    kubectl: `${bin}/kubectl`,
  },
  upgrade: { 'k8s-dqlite-next': `${bin}/k8s-dqlite` },
  images: [
    pause('registry.k8s.io/pause:3.10'),
    coredns('docker.io/coredns/coredns:1.14.6'),
    nginx,
    elector,
  ],
  containerd: { unit: 'snap.microk8s.daemon-containerd.service', socket: containerdSocket },
  endpoint: (lab) => apiServer(lab, firstControlPlane(lab)),
  writeShared,
  writeNode,
  formDatastore,
  formKubernetes,
  questions: (lab) => [() => rolesMissing(lab)],
  quieten,
  adapt,
  unit: (name) => `snap.microk8s.daemon-${name}.service`,
};
