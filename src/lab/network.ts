import { existsSync } from 'node:fs';
import { run, succeeds } from './shell.ts';
import {
  bridgeName,
  hostAddress,
  hostNames,
  podNetwork,
  type Lab,
  type LabNode,
} from './topology.ts';

const prefixLength = 24;

/** Makes the bridge that all nodes of a lab hang on, if it is not there. */
export async function makeBridge(lab: Lab): Promise<void> {
  const bridge = bridgeName(lab);
  if (await exists(bridge)) return;
  await ip(['link', 'add', bridge, 'type', 'bridge']);
  await ip(['address', 'add', `${hostAddress(lab)}/${prefixLength}`, 'dev', bridge]);
  await ip(['link', 'set', bridge, 'up']);
}

export async function removeBridge(lab: Lab): Promise<void> {
  if (await exists(bridgeName(lab))) await ip(['link', 'delete', bridgeName(lab)]);
}

/** Makes a node's network anew: whatever was set in its namespace before, rules or addresses, is gone. */
export async function plugIn(lab: Lab, node: LabNode): Promise<void> {
  await unplug(lab, node);
  const { namespace, veth } = hostNames(lab, node);
  await ip(['netns', 'add', namespace]);
  await ip(['link', 'add', veth, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace]);
  await ip(['link', 'set', veth, 'master', bridgeName(lab), 'up']);
  const routes = lab.nodes
    .filter((peer) => peer !== node)
    .map((peer) => `route add ${podRange(peer)} via ${peer.address}`);
  await run('ip', ['-n', namespace, '-batch', '-'], {
    input: [
      `address add ${node.address}/${prefixLength} dev eth0`,
      'link set eth0 up',
      'link set lo up',
      `route add default via ${hostAddress(lab)}`,
      ...routes,
      // Of pods alone: what the node itself sends is translated only after it has been routed.
      ...(lab.serviceNetwork === undefined
        ? []
        : [`rule add iif cni0 to ${lab.serviceNetwork} unreachable`]),
      '',
    ].join('\n'),
  });
  const settings = ['net.ipv4.ip_forward=1'];
  // Without it, an answer from a pod to another on the same node bypasses the translation of the service's address.
  if (existsSync('/proc/sys/net/bridge')) settings.push('net.bridge.bridge-nf-call-iptables=1');
  await run('ip', ['netns', 'exec', namespace, 'sysctl', '-qw', ...settings]);
}

/** Cuts a node off at once: its host end goes down, so that nobody gets an answer, not even a refusal. */
export async function silence(lab: Lab, node: LabNode): Promise<void> {
  const { veth } = hostNames(lab, node);
  if (await exists(veth)) await ip(['link', 'set', veth, 'down']);
}

export async function unplug(lab: Lab, node: LabNode): Promise<void> {
  const { namespace, veth } = hostNames(lab, node);
  if (await exists(veth)) await ip(['link', 'delete', veth]);
  if (existsSync(`/run/netns/${namespace}`)) await ip(['netns', 'delete', namespace]);
}

/**
 * Cuts this machine off from all nodes of a lab, both ways and without a word, while the nodes still reach each other.
 * Whoever does this takes it back by `rejoin`.
 */
export async function cutOff(lab: Lab): Promise<void> {
  const bridge = bridgeName(lab);
  const chain = (hook: string, end: string): string =>
    `add chain inet ${cutTable(lab)} ${hook} { type filter hook ${hook} priority -300; policy accept; }
add rule inet ${cutTable(lab)} ${hook} ${end} "${bridge}" drop\n`;
  await rejoin(lab);
  await run('nft', ['-f', '-'], {
    input: `add table inet ${cutTable(lab)}\n${chain('input', 'iifname')}${chain('output', 'oifname')}`,
  });
}

/** Takes `cutOff` back, or does nothing. */
export async function rejoin(lab: Lab): Promise<void> {
  const table = ['table', 'inet', cutTable(lab)];
  if (await succeeds('nft', ['list', ...table])) await run('nft', ['delete', ...table]);
}

function cutTable({ name }: Lab): string {
  return `holdfast_lab_${name}`;
}

/** The addresses of the pods on a node. */
export function podRange(node: LabNode): string {
  return podNetwork.replace(/0\.0\/16$/, `${node.index}.0/24`);
}

function exists(link: string): Promise<boolean> {
  return succeeds('ip', ['link', 'show', link]);
}

async function ip(args: readonly string[]): Promise<void> {
  await run('ip', args);
}
