import { stringify } from 'yaml';
import { controlPlanes, podNetwork, type Lab, type LabNode } from '../topology.ts';
import { kubernetesVersion } from '../programs.ts';
import { coreDnsTag } from './images.ts';
import { memberNodes } from './etcd.ts';
import {
  containerdSocket,
  controlPlaneEndpoint,
  etcdClientPort,
  etcdPkiDir,
  kubernetesDir,
  places,
} from './places.ts';

/** What a node must know to join; good for the forming of one cluster. */
export interface JoinSecrets {
  /** A bootstrap token, `<6 characters>.<16 characters>`. */
  readonly token: string;
  /** Of 32 bytes, as hexadecimal digits: what the control planes' certificates are encrypted with on their way. */
  readonly certificateKey: string;
}

const apiVersion = 'kubeadm.k8s.io/v1beta4';
const days = (n: number): string => `${n * 24}h0m0s`;
/** As good as those that the lab makes itself: a prepared cluster may be used for long. */
const certificatesFor = days(3650);

/** What `kubeadm init --config` is given on the first control plane. */
export function initConfig(lab: Lab, node: LabNode, secrets: JoinSecrets): string {
  return documents([
    {
      apiVersion,
      kind: 'InitConfiguration',
      bootstrapTokens: [{ token: secrets.token }],
      certificateKey: secrets.certificateKey,
      localAPIEndpoint: localEndpoint(node),
      nodeRegistration: registration(node),
    },
    {
      apiVersion,
      kind: 'ClusterConfiguration',
      clusterName: lab.name,
      kubernetesVersion,
      controlPlaneEndpoint: controlPlaneEndpoint(lab),
      certificateValidityPeriod: certificatesFor,
      caCertificateValidityPeriod: certificatesFor,
      dns: { imageTag: coreDnsTag },
      etcd: etcd(lab),
    },
    {
      apiVersion: 'kubelet.config.k8s.io/v1beta1',
      kind: 'KubeletConfiguration',
      cgroupDriver: 'cgroupfs',
      failSwapOn: false,
      failCgroupV1: false,
      localStorageCapacityIsolation: false,
      evictionHard: {
        'memory.available': '100Mi',
        'nodefs.available': '1%',
        'imagefs.available': '1%',
      },
    },
    {
      apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
      kind: 'KubeProxyConfiguration',
      clusterCIDR: podNetwork,
      // A virtual Pi may not change the host's table of connections.
      conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
    },
  ]);
}

/**
 * What `kubeadm join --config` is given on any other node.
 * @param caHash SHA-256 of the public key of the cluster's authority, as kubeadm writes it: `sha256:…`
 */
export function joinConfig(
  lab: Lab,
  node: LabNode,
  { token, certificateKey }: JoinSecrets,
  caHash: string,
): string {
  const controlPlane = { certificateKey, localAPIEndpoint: localEndpoint(node) };
  return documents([
    {
      apiVersion,
      kind: 'JoinConfiguration',
      discovery: {
        bootstrapToken: {
          token,
          apiServerEndpoint: controlPlaneEndpoint(lab),
          caCertHashes: [caHash],
        },
      },
      nodeRegistration: registration(node),
      ...(controlPlanes(lab).includes(node) && { controlPlane }),
    },
  ]);
}

function registration({ name, address }: LabNode): object {
  return {
    name,
    criSocket: `unix://${containerdSocket}`,
    imagePullPolicy: 'IfNotPresent',
    kubeletExtraArgs: [
      { name: 'cloud-provider', value: 'external' },
      { name: 'node-ip', value: address },
    ],
    ignorePreflightErrors: tolerated,
  };
}

/** What of a virtual Pi is not as kubeadm wants a node to be, and why that is no harm. */
const tolerated = [
  // A file system of its own has a folder lost+found.
  'DirAvailable--var-lib-etcd',
  // It has as many processors as its host.
  'NumCPU',
  // The host's kernel may have swap, control groups of version 1, and no configuration to look at.
  'Swap',
  'SystemVerification',
];

function localEndpoint({ address }: LabNode): object {
  return { advertiseAddress: address, bindPort: places.apiPort };
}

function etcd(lab: Lab): object {
  if (lab.etcd !== 'external') return { local: { dataDir: places.datastoreDir } };
  const client = `${kubernetesDir}/pki/apiserver-etcd-client`;
  return {
    external: {
      endpoints: memberNodes(lab).map(({ address }) => `https://${address}:${etcdClientPort}`),
      caFile: `${etcdPkiDir}/ca.crt`,
      certFile: `${client}.crt`,
      keyFile: `${client}.key`,
    },
  };
}

function documents(all: readonly object[]): string {
  return all.map((one) => stringify(one)).join('---\n');
}
