import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { kubeconfig } from '../certificates.ts';
import { nodeFolders } from '../machine.ts';
import { labDir } from '../paths.ts';
import type { LabPlatform } from '../platform.ts';
import { controlPlanes, podNetwork, type Lab, type LabNode } from '../topology.ts';
import {
  backendDir as backend,
  containerdSocket,
  dataDir as data,
  datastorePort,
  places,
} from './places.ts';

const { apiPort, clusterDns } = places;
const certs = `${data}/certs`;
const credentials = `${data}/credentials`;

/** What `network-latency` the tuned profile sets; the stock profile sets none. */
const tunedLatency = '100ms';

/** Certificates, credentials and flags of a node. */
export const writeNode: LabPlatform['writeNode'] = async (lab, node) => {
  const { root, datastore } = nodeFolders(lab, node);
  const pki = join(labDir(lab.name), 'pki');
  const write = async (path: string, text: string, mode = 0o644): Promise<void> => {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
  };
  const give = async (name: string, as = name): Promise<void> => {
    await mkdir(join(root, certs), { recursive: true });
    await copyFile(join(pki, name), join(root, certs, as));
  };

  await write(
    '/etc/resolv.conf',
    `nameserver ${clusterDns}\nsearch default.svc.cluster.local svc.cluster.local cluster.local\n`,
  );
  for (const file of ['ca.crt', `kubelet-${node.name}.crt`, `kubelet-${node.name}.key`]) {
    await give(file, file.replace(`-${node.name}`, ''));
  }
  for (const who of ['proxy', `kubelet-${node.name}`]) {
    const name = who.replace(`-${node.name}`, '');
    await write(
      `${credentials}/${name}.config`,
      await kubeconfig(pki, who, `https://127.0.0.1:${apiPort}`),
      0o600,
    );
  }
  await write(`${data}/args/kubelet`, flags(kubeletFlags(node)));
  await write(`${data}/args/kubelet.yaml`, kubeletConfig);
  await write(`${data}/args/kube-proxy`, flags([`--config=${data}/args/kube-proxy.yaml`]));
  await write(`${data}/args/kube-proxy.yaml`, proxyConfig(node));

  if (node.role === 'worker') {
    await write(`${data}/var/lock/no-k8s-dqlite`, '');
    const servers = controlPlanes(lab).map((peer) => `${peer.address}:${apiPort}\n`);
    await write(`${data}/args/apiserver-proxy-servers`, servers.join(''));
    return;
  }

  for (const file of controlPlaneFiles) await give(file);
  for (const who of ['controller', 'scheduler']) {
    await write(
      `${credentials}/${who}.config`,
      await kubeconfig(pki, who, `https://127.0.0.1:${apiPort}`),
      0o600,
    );
  }
  await write(
    `${credentials}/client.config`,
    await kubeconfig(pki, 'admin', `https://127.0.0.1:${apiPort}`),
    0o600,
  );
  await write(`${data}/args/kube-apiserver`, flags(apiServerFlags(node)));
  await write(`${data}/args/kube-controller-manager`, flags(controllerManagerFlags));
  await write(`${data}/args/kube-scheduler`, flags(schedulerFlags));
  await write(
    `${data}/args/k8s-dqlite`,
    flags([`--storage-dir=${backend}/`, `--listen=unix://${backend}/kine.sock:12379`]),
  );
  await write(`${data}/args/k8s-dqlite-env`, '# LIBDQLITE_TRACE=1\n');
  await write(`${data}/args/ha-conf`, `failure-domain=${node.index}\n`);
  await write(`${data}/var/lock/ha-cluster`, '');
  await writeDatastoreFiles(lab, node, pki, datastore);
};

async function writeDatastoreFiles(
  lab: Lab,
  node: LabNode,
  pki: string,
  datastore: string,
): Promise<void> {
  const write = (name: string, text: string): Promise<void> =>
    writeFile(join(datastore, name), text);
  const [first] = controlPlanes(lab);
  const joins =
    first === undefined || first === node ? '' : `Cluster:\n- ${first.address}:${datastorePort}\n`;
  for (const file of ['cluster.crt', 'cluster.key'])
    await copyFile(join(pki, file), join(datastore, file));
  await chmod(join(datastore, 'cluster.key'), 0o600);
  await write('init.yaml', `Address: ${node.address}:${datastorePort}\n${joins}`);
  await write('failure-domain', `${node.index}\n`);
  await write('tuning.yaml', `network-latency: ${tunedLatency}\n`);
}

const controlPlaneFiles = [
  'server.crt',
  'server.key',
  'front-proxy-ca.crt',
  'front-proxy-client.crt',
  'front-proxy-client.key',
  'apiserver-kubelet-client.crt',
  'apiserver-kubelet-client.key',
  'serviceaccount.key',
  'ca.key',
];

function flags(list: readonly string[]): string {
  return `${list.join('\n')}\n`;
}

function apiServerFlags(node: LabNode): readonly string[] {
  return [
    `--etcd-servers=unix://${backend}/kine.sock:12379`,
    `--secure-port=${apiPort}`,
    `--advertise-address=${node.address}`,
    '--service-cluster-ip-range=10.152.183.0/24',
    '--authorization-mode=RBAC,Node',
    `--client-ca-file=${certs}/ca.crt`,
    `--tls-cert-file=${certs}/server.crt`,
    `--tls-private-key-file=${certs}/server.key`,
    `--kubelet-client-certificate=${certs}/apiserver-kubelet-client.crt`,
    `--kubelet-client-key=${certs}/apiserver-kubelet-client.key`,
    `--service-account-key-file=${certs}/serviceaccount.key`,
    `--service-account-signing-key-file=${certs}/serviceaccount.key`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--requestheader-client-ca-file=${certs}/front-proxy-ca.crt`,
    '--requestheader-allowed-names=front-proxy-client',
    '--requestheader-username-headers=X-Remote-User',
    '--requestheader-group-headers=X-Remote-Group',
    '--requestheader-extra-headers-prefix=X-Remote-Extra-',
    `--proxy-client-cert-file=${certs}/front-proxy-client.crt`,
    `--proxy-client-key-file=${certs}/front-proxy-client.key`,
    '--event-ttl=5m',
    '--profiling=false',
  ];
}

const controllerManagerFlags = [
  `--kubeconfig=${credentials}/controller.config`,
  `--service-account-private-key-file=${certs}/serviceaccount.key`,
  `--root-ca-file=${certs}/ca.crt`,
  `--cluster-signing-cert-file=${certs}/ca.crt`,
  `--cluster-signing-key-file=${certs}/ca.key`,
  '--use-service-account-credentials',
  '--leader-elect-lease-duration=60s',
  '--leader-elect-renew-deadline=30s',
  '--profiling=false',
];

const schedulerFlags = [
  `--kubeconfig=${credentials}/scheduler.config`,
  '--leader-elect-lease-duration=60s',
  '--leader-elect-renew-deadline=30s',
  '--profiling=false',
];

function kubeletFlags(node: LabNode): readonly string[] {
  const label =
    node.role === 'worker'
      ? 'node.kubernetes.io/microk8s-worker=microk8s-worker'
      : 'node.kubernetes.io/microk8s-controlplane=microk8s-controlplane';
  return [
    `--config=${data}/args/kubelet.yaml`,
    `--kubeconfig=${credentials}/kubelet.config`,
    `--node-ip=${node.address}`,
    `--hostname-override=${node.name}`,
    `--node-labels=microk8s.io/cluster=true,${label}`,
  ];
}

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: ${certs}/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: ${certs}/kubelet.crt
tlsPrivateKeyFile: ${certs}/kubelet.key
cgroupDriver: cgroupfs
failSwapOn: false
failCgroupV1: false
localStorageCapacityIsolation: false
clusterDNS: [${clusterDns}]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://${containerdSocket}
resolvConf: /etc/resolv.conf
registerNode: true
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
`;

function proxyConfig(node: LabNode): string {
  return `apiVersion: kubeproxy.config.k8s.io/v1alpha1
kind: KubeProxyConfiguration
clientConnection: {kubeconfig: ${credentials}/proxy.config}
clusterCIDR: ${podNetwork}
mode: iptables
hostnameOverride: ${node.name}
# A virtual Pi may not change the host's table of connections.
conntrack: {maxPerCore: 0, min: 0, tcpEstablishedTimeout: 0s, tcpCloseWaitTimeout: 0s}
`;
}
