import { parse } from 'yaml';
import { settingsFromFlags } from '../flags.ts';
import type { LocalMember, Platform } from '../platform.ts';
import { defects } from './defects.ts';

const data = '/var/snap/microk8s/current';
const backend = `${data}/var/kubernetes/backend`;
const datastorePort = 19001;
const dqlite = '/snap/microk8s/current/bin/dqlite';
const shell = (server: string) =>
  `timeout -k 1 10 ${dqlite} -s ${server} -c ${backend}/cluster.crt -k ${backend}/cluster.key`;

// dqlite: heartbeats every 500 ms and elections after 3 s are those of a network latency of 200 ms.
const defaultNetworkLatencyMs = 200;

/** One process for all of Kubernetes but its datastore: what hits one hits all. */
const kubelite = { unit: 'snap.microk8s.daemon-kubelite.service', process: 'kubelite' } as const;

/**
 * MicroK8s with its Dqlite datastore: services of a snap, one process for most of Kubernetes.
 * @see https://microk8s.io/docs/services-and-ports
 */
export const microk8s: Platform = {
  name: 'microk8s',
  // Its datastore is always its own.
  services: () => ({
    datastore: {
      unit: 'snap.microk8s.daemon-k8s-dqlite.service',
      process: 'k8s-dqlite',
      port: datastorePort,
    },
    'api-server': { ...kubelite, port: 16443 },
    scheduler: kubelite,
    'controller-manager': kubelite,
    kubelet: kubelite,
    containers: { unit: 'snap.microk8s.daemon-containerd.service', process: 'containerd' },
  }),
  apiPort: 16443,
  controlPlaneLabel: 'node.kubernetes.io/microk8s-controlplane',
  timings: {
    script: [
      `cd ${data}/args || exit 0`,
      'for name in kube-controller-manager kube-scheduler kube-apiserver; do sed -n "s/^--/$name --/p" "$name" 2>/dev/null; done',
      'exit 0',
    ].join('\n'),
    read: settingsFromFlags,
  },
  defects,
  // Debian's sudo does not look into /snap/bin.
  kubectl: '/snap/bin/microk8s kubectl',
  datastore: {
    kind: 'dqlite',
    folder: backend,
    pair: { cert: `${backend}/cluster.crt`, key: `${backend}/cluster.key` },
    member: { script: printed(`${backend}/info.yaml`), read: readMember },
    settings: { script: printed(`${backend}/tuning.yaml`), read: readSettings },
    scripts: () => ({
      list: `${shell('"$SERVERS"')} -f json --timeout 4000 k8s .cluster`,
      remove: `${shell('"$SERVERS"')} k8s ".remove $MEMBER"`,
      wipe:
        `find ${backend} -mindepth 1 -maxdepth 1 ` +
        ['cluster.crt', 'cluster.key', 'failure-domain', 'tuning.yaml', 'lost+found']
          .map((kept) => `! -name ${kept}`)
          .join(' ') +
        ' -exec rm -rf {} +',
      join: `{ echo "Address: $MEMBER"; echo Cluster:; echo "$SERVERS" | tr , '\\n' | sed 's/^/- /'; } >${backend}/init.yaml`,
      hasData: `[ -e ${backend}/info.yaml ]`,
      joining: `[ -e ${backend}/init.yaml ]`,
      abandon: `rm -f ${backend}/init.yaml`,
      // As MicroK8s' guide to a lost quorum has it: https://microk8s.io/docs/restore-quorum
      reform: [
        `id=$(sed -n 's/^ID: //p' ${backend}/info.yaml)`,
        '[ -n "$id" ] || exit 1',
        `printf -- '- ID: %s\\n  Address: %s\\n  Role: 0\\n' "$id" "$MEMBER" >${backend}/cluster.yaml || exit 1`,
        `${shell('"$MEMBER"')} k8s ".reconfigure ${backend} ${backend}/cluster.yaml"`,
      ].join('\n'),
    }),
    versionCommand: '/snap/microk8s/current/bin/k8s-dqlite version',
  },
};

/** Prints a file that need not be there. */
function printed(file: string): string {
  return `[ ! -e ${file} ] || cat ${file}`;
}

function readSettings(text: string): { networkLatencyMs: number } {
  const tuning = asRecord(parse(text, { logLevel: 'error' }));
  const latency = tuning['network-latency'];
  return {
    networkLatencyMs: latency === undefined ? defaultNetworkLatencyMs : readGoDuration(latency),
  };
}

function readMember(text: string): LocalMember | undefined {
  if (text === '') return undefined;
  // Ids have 64 bits: as numbers they would be rounded.
  const info = asRecord(parse(text, { intAsBigInt: true, logLevel: 'error' }));
  const { ID: id, Address: address } = info;
  const split = typeof address === 'string' ? /^\[?(.+?)\]?:(\d+)$/.exec(address) : null;
  const [, host, port] = split ?? [];
  if (typeof id !== 'bigint' || host === undefined || port === undefined)
    throw new Error(`no member with ID and Address in: ${text.trim().slice(0, 200)}`);
  return { id: id.toString(), host, port: Number(port) };
}

const goUnitsMs = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1e3, m: 6e4, h: 36e5 } as const;

/** A duration as Go writes it into YAML: `100ms`, `1m30s`, or a number of nanoseconds. */
function readGoDuration(value: unknown): number {
  if (typeof value === 'number') return value * goUnitsMs.ns;
  const text = String(value);
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map(([part]) => part).join('') !== text)
    throw new Error(`network-latency: ${JSON.stringify(value)} is no duration such as 100ms`);
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * goUnitsMs[unit as keyof typeof goUnitsMs],
    0,
  );
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw new Error('it is not a mapping');
  return value as Readonly<Record<string, unknown>>;
}
