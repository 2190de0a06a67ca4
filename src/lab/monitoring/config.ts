import { stringify } from 'yaml';
import {
  apiServer,
  controlPlanes,
  hostAddress,
  kubernetesNodes,
  type Lab,
  type LabNode,
} from '../topology.ts';

export const prometheusPort = 9090;
export const alertmanagerPort = 9093;
/** Where Alertmanager posts to, on the host: for a cluster file with `alerts: { listen: … }`. */
const webhookPort = 9099;

/** Where the files of the credentials are on the monitor. */
export const credentialsDir = '/etc/prometheus/credentials';

const kubeletPort = 10_250;

/** Seldom enough for two cores, and often enough for limits of a minute. */
const everyS = 5;
const timeoutS = 3;
const forS = 10;

/** Of what its components say of themselves, the small part: all of it would keep the nodes busy. */
const slis = '/metrics/slis';

/**
 * What Prometheus looks at: the kubelet of every node, every API server, and the datastore if it tells anything.
 * @param members the nodes that hold a member which has metrics, as etcd's, and the port of each
 */
export function prometheusConfig(
  lab: Lab,
  members?: { readonly nodes: readonly LabNode[]; readonly port: number },
): string {
  const targets = (nodes: readonly LabNode[], address: (node: LabNode) => string): object[] =>
    nodes.map((node) => ({ targets: [address(node)], labels: { node: node.name } }));
  const tls = (who: 'admin' | 'datastore'): object => ({
    ca_file: `${credentialsDir}/${who}-ca.crt`,
    cert_file: `${credentialsDir}/${who}.crt`,
    key_file: `${credentialsDir}/${who}.key`,
  });
  return stringify({
    global: {
      scrape_interval: `${everyS}s`,
      scrape_timeout: `${timeoutS}s`,
      evaluation_interval: `${everyS}s`,
    },
    rule_files: ['/etc/prometheus/rules.yml'],
    alerting: {
      alertmanagers: [{ static_configs: [{ targets: [`127.0.0.1:${alertmanagerPort}`] }] }],
    },
    scrape_configs: [
      {
        job_name: 'node',
        scheme: 'https',
        metrics_path: slis,
        // A kubelet of kubeadm's signs its own certificate.
        tls_config: { ...tls('admin'), insecure_skip_verify: true },
        static_configs: targets(kubernetesNodes(lab), ({ address }) => `${address}:${kubeletPort}`),
      },
      {
        job_name: 'api-server',
        scheme: 'https',
        metrics_path: slis,
        tls_config: tls('admin'),
        static_configs: targets(controlPlanes(lab), (node) => new URL(apiServer(lab, node)).host),
      },
      ...(members === undefined
        ? []
        : [
            {
              job_name: 'datastore',
              scheme: 'https',
              tls_config: tls('datastore'),
              static_configs: targets(members.nodes, ({ address }) => `${address}:${members.port}`),
              metric_relabel_configs: [
                {
                  source_labels: ['__name__'],
                  regex: 'etcd_server_(?:leader_changes_seen_total|has_leader)',
                  action: 'keep',
                },
              ],
            },
          ]),
    ],
  });
}

/** When somebody is told. @param hasMembers the datastore tells of its leader: Dqlite does not */
export function rules(hasMembers: boolean): string {
  const down = (alert: string, job: string, summary: string): object => ({
    alert,
    expr: `up{job="${job}"} == 0`,
    for: `${forS}s`,
    labels: { severity: 'page' },
    annotations: { summary },
  });
  return stringify({
    groups: [
      {
        name: 'lab',
        rules: [
          down('NodeDown', 'node', 'the kubelet of {{ $labels.node }} does not answer'),
          down(
            'APIServerDown',
            'api-server',
            'the API server of {{ $labels.node }} does not answer',
          ),
          ...(hasMembers
            ? [
                down(
                  'DatastoreMemberDown',
                  'datastore',
                  'etcd of {{ $labels.node }} does not answer',
                ),
                {
                  alert: 'DatastoreLeaderChanged',
                  expr: 'max by (job) (increase(etcd_server_leader_changes_seen_total[1m])) > 0',
                  labels: { severity: 'warning' },
                  annotations: { summary: 'etcd has elected another leader' },
                },
              ]
            : []),
        ],
      },
    ],
  });
}

/** Every alert by itself, told at once; to a webhook of the host, whether or not somebody listens there. */
export function alertmanagerConfig(lab: Lab): string {
  return stringify({
    route: {
      receiver: 'host',
      group_by: ['...'],
      group_wait: '1s',
      group_interval: `${everyS}s`,
      repeat_interval: '1h',
    },
    receivers: [
      {
        name: 'host',
        webhook_configs: [
          { url: `http://${hostAddress(lab)}:${webhookPort}/`, send_resolved: true },
        ],
      },
    ],
  });
}
