import { z } from 'zod';
import { duration, wrong } from '../model/fields.ts';
import { scenarioClasses } from '../model/scenario.ts';
import { platformNames } from '../model/snapshot.ts';
import type { PowerSupply } from '../model/clusterfile.ts';
import { oneOf } from './check.ts';

const text = z.string().min(1);

const uidAsText = {
  error: wrong(
    "the uid that kubectl get namespace kube-system -o jsonpath='{.metadata.uid}' prints",
  ),
};
const nameAsText = { error: wrong('a name as Kubernetes has it: small letters, digits, - and .') };
const kubeName = z.string(nameAsText).regex(/^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/, nameAsText);
const hostAsText = { error: wrong('a host name or an address, without a port') };
const host = z
  .string(hostAsText)
  .regex(/^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252})|[0-9A-Fa-f:]{2,45})$/, hostAsText);

const byCommand = z
  .strictObject({ command: z.strictObject({ off: text, on: text, state: text }) })
  .describe(
    'Commands, run on this machine, that switch the node off and on and print its state, on or off; ' +
      '{seconds} in that for off is the time after which the device switches on again by itself',
  );

const bySysrq = z
  .strictObject({ sysrq: z.literal(true) })
  .describe("No device: the node's own kernel resets it, and nothing can keep it off");

const power = oneOf<PowerSupply>({ command: byCommand, sysrq: bySysrq }, 'a power supply').describe(
  'What can be done about its power',
);

const node = z.strictObject({
  address: host,
  role: z
    .literal('etcd')
    .optional()
    .describe('A machine of an external etcd, which Kubernetes does not know'),
  power: power.optional(),
  'boots-within': duration
    .default(300_000)
    .describe(
      'How long it may take to boot and serve, 5m if not said; a dead man waits for so long, too',
    ),
});

const urlAsText = {
  error: wrong('a URL such as http://192.168.1.110:9093, without a user or a query'),
};
const listenAsText = {
  error: wrong('an address and a port of this machine, such as 0.0.0.0:9099'),
};

const url = z.string(urlAsText).refine(isPlainUrl, urlAsText);

const ofAlertmanager = z.strictObject({
  alertmanager: url.describe('Its base URL, without /api/v2'),
  'token-file': text.optional().describe('Path of a file with the bearer token that it wants'),
  prometheus: url
    .optional()
    .describe('Base URL of the Prometheus whose alerts these are: its rules predict them'),
});

const listening = z.strictObject({
  listen: z
    .string(listenAsText)
    .regex(/^(?:[A-Za-z0-9][A-Za-z0-9.-]{0,252}|\[[0-9A-Fa-f:]{2,45}\]):\d{1,5}$/, listenAsText)
    .refine((text) => portOf(text) >= 1 && portOf(text) <= 65_535, listenAsText)
    .describe(
      'Where this machine listens, while a run lasts, for what Alertmanager posts to a webhook',
    ),
});

const alerts = oneOf<WrittenAlerts>(
  { alertmanager: ofAlertmanager, listen: listening },
  'a source of alerts',
  ['token-file', 'prometheus'],
).describe('Whence the alerts of the cluster are known');

type WrittenAlerts = z.output<typeof ofAlertmanager> | z.output<typeof listening>;

function isPlainUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, search, hash } = new URL(text);
  return /^https?:$/.test(protocol) && `${username}${password}${search}${hash}` === '';
}

function portOf(listen: string): number {
  return Number(listen.slice(listen.lastIndexOf(':') + 1));
}

/** The schema of a cluster file; paths are as written, `~` and all. */
export const clusterFile = z
  .strictObject({
    apiVersion: z.literal('holdfast.dev/v1'),
    kind: z.literal('Cluster'),
    name: kubeName.describe('What you call it'),
    platform: z.enum(platformNames),
    'cluster-id': z
      .string(uidAsText)
      .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, uidAsText)
      .describe('uid of the namespace kube-system'),
    kubeconfig: z.strictObject({ file: text, context: text.optional() }),
    ssh: z.strictObject({
      user: text.describe('Who may sudo without a password on every node'),
      identity: text.describe('Path of the private key'),
      'known-hosts': text.describe('Path of the known hosts; others are refused'),
      port: z.int().min(1).max(65_535).default(22),
    }),
    allow: z
      .array(z.enum(scenarioClasses))
      .default(['reversible'])
      .describe('The classes of scenario it consents to'),
    nodes: z
      .record(kubeName, node)
      .refine((nodes) => Object.keys(nodes).length > 0, { error: 'is empty; write at least one' })
      .describe('By their names in Kubernetes; those of an external etcd by names of your own'),
    protect: z
      .strictObject({ namespaces: z.array(kubeName).default([]) })
      .default({ namespaces: [] })
      .describe('What no fault may hit'),
    alerts: alerts.optional(),
  })
  .describe(
    'How Holdfast reaches a cluster and what the cluster consents to; paths are relative to the file',
  );

export type WrittenCluster = z.output<typeof clusterFile>;
