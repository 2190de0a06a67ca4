import type { LabPlatform } from '../platform.ts';
import { datastoreMetrics } from './etcd.ts';
import { formDatastore, formKubernetes, quieten, writeShared } from './form.ts';
import { images } from './images.ts';
import { writeNode } from './nodefiles.ts';
import { containerdSocket, controlPlaneEndpoint, places } from './places.ts';
import { questions } from './serving.ts';

/** kubeadm on etcd, with a control-plane endpoint that outlives any one node, and a cloud controller manager. */
export const kubeadm: LabPlatform = {
  size: { controlPlanes: 3, workers: 2 },
  profiles: ['stock', 'sdcard'],
  etcd: ['stacked', 'external'],
  places,
  root: {
    programs: {
      kube: 'usr/bin/kube',
      kubeadm: 'usr/bin/kubeadm',
      etcd: 'usr/local/bin/etcd',
    },
    links: {
      'usr/bin/kubelet': 'kube',
      'usr/bin/kubectl': 'kube',
      'usr/local/bin/etcdctl': 'etcd',
    },
    kubectl: 'usr/bin/kubectl',
  },
  images,
  containerd: { unit: 'containerd.service', socket: containerdSocket },
  endpoint: (lab) => `https://${controlPlaneEndpoint(lab)}`,
  writeShared,
  writeNode,
  formDatastore,
  formKubernetes,
  questions,
  quieten,
  datastoreMetrics,
  unit: (name) => `${name}.service`,
};
