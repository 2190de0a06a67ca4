import { coredns, elector, libraryDir, nginx, pause, type Image } from '../images.ts';
import { kubernetesVersion } from '../programs.ts';

/** Of the lab's own build, where kubeadm has another version in mind. */
export const coreDnsTag = 'v1.14.6';

const registry = 'registry.k8s.io';
const components = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
] as const;
const tables = ['iptables', 'ip6tables'].flatMap((name) =>
  ['', '-save', '-restore'].map((ending) => `${name}${ending}`),
);

/** One image by the names of all of Kubernetes' programs, so that a node keeps them once. */
const kube: Image = {
  name: 'kube',
  tags: components.map((name) => `${registry}/${name}:${kubernetesVersion}`),
  entrypoint: [],
  program: { name: 'kube', path: '/usr/local/bin/kube' },
  // What kube-proxy calls.
  debian: ['/usr/sbin/xtables-nft-multi', `${libraryDir}/xtables`, '/usr/sbin/conntrack'],
  links: {
    ...Object.fromEntries(components.map((name) => [`/usr/local/bin/${name}`, 'kube'])),
    ...Object.fromEntries(tables.map((name) => [`/usr/sbin/${name}`, 'xtables-nft-multi'])),
  },
};

export const images: readonly Image[] = [
  kube,
  {
    name: 'etcd',
    tags: [`${registry}/etcd:3.6.5-0`],
    entrypoint: [],
    program: { name: 'etcd', path: '/usr/local/bin/etcd' },
    links: { '/usr/local/bin/etcdctl': 'etcd' },
  },
  {
    name: 'cloud-controller-manager',
    tags: [`holdfast.dev/lab/cloud-controller-manager:${kubernetesVersion}`],
    entrypoint: ['/cloud-controller-manager'],
    program: { name: 'cloud-controller-manager', path: '/cloud-controller-manager' },
  },
  pause(`${registry}/pause:3.10.1`),
  coredns(`${registry}/coredns/coredns:${coreDnsTag}`),
  nginx,
  elector,
];
