import { isIP } from 'node:net';
import { urlHost } from '../model/url-host.ts';
import { platforms } from '../platforms/table.ts';
import type { Access, DatastoreAccess, MemberAccess, NodeAccess } from './access.ts';
import { openReceiver } from './alert-receiver.ts';
import { openAlertmanager } from './alertmanager.ts';
import type { AlertsLink } from './alerts.ts';
import { DqliteLink } from './dqlite.ts';
import { LinkError } from './errors.ts';
import { EtcdLink } from './etcd.ts';
import { type Kube, openKube } from './kube.ts';
import type { MemberLink } from './member.ts';
import { SshLink } from './ssh.ts';

/** Links to all nodes of a cluster, each opened when it is first asked for. Nodes are named as in the cluster file. */
export interface Links {
  /**
   * The SSH connection to a node; another one if the one before was lost.
   * @throws LinkError of SshLink.connect
   */
  readonly ssh: (node: string) => Promise<SshLink>;
  /** The API server of a node, by the node's own address. */
  readonly kube: (node: string) => Kube;
  /** The datastore member of a node; it reconnects by itself. */
  readonly member: (node: string) => MemberLink;
  /**
   * The API by the address that the kubeconfig has: an API server's, or that of a load balancer. A new link each time,
   * on connections of its own, for the caller to close.
   */
  readonly endpoint: () => Kube;
  /** Its address without the port; undefined if the kubeconfig has a name instead. */
  readonly endpointAddress: string | undefined;
  /**
   * Who tells of alerts; one that is posted to listens from the first call on.
   * @throws Error if the cluster file names none
   */
  readonly alerts: () => AlertsLink;
  /** Ends all connections at once. */
  readonly close: () => void;
}

export interface LinksOptions {
  /** For an SSH connection, log-in included; default 5000 ms. */
  readonly connectTimeoutMs?: number;
  /** For each request to an API server that does not bring its own; default 5000 ms. */
  readonly deadlineMs?: number;
}

/** Opens nothing yet: gives out links as they are asked for, and keeps them. */
export function openLinks(access: Access, options: LinksOptions = {}): Links {
  const sshLinks = keptSshLinks(access, options.connectTimeoutMs ?? 5_000);
  const kubes = new Map<string, Kube>();
  const members = new Map<string, MemberLink>();
  let alerts: AlertsLink | undefined;
  return {
    ssh: sshLinks.get,
    kube: (node) =>
      kept(kubes, node, () =>
        openKube({
          node,
          server: apiServer(access, nodeAccess(access, node)),
          credentials: access.kube,
          deadlineMs: options.deadlineMs ?? 5_000,
        }),
      ),
    member: (node) =>
      kept(members, node, () =>
        openMember(access.datastore, memberAccess(access, node), sshLinks.get),
      ),
    endpoint: () =>
      openKube({
        node: 'the endpoint',
        server: access.kube.server,
        credentials: access.kube,
        deadlineMs: options.deadlineMs ?? 5_000,
      }),
    endpointAddress: addressIn(access.kube.server),
    alerts: () => (alerts ??= openAlerts(access)),
    close: () => {
      alerts?.close();
      for (const member of members.values()) member.close();
      for (const kube of kubes.values()) kube.close();
      sshLinks.close();
    },
  };
}

/** The address in a server's `https://address:port`; undefined of a name. */
function addressIn(server: string): string | undefined {
  const host = URL.canParse(server) ? new URL(server).hostname.replace(/^\[|\]$/g, '') : '';
  return isIP(host) === 0 ? undefined : host;
}

/** Base address of a node's API server. */
export function apiServer(access: Pick<Access, 'platform'>, node: NodeAccess): string {
  return `https://${urlHost(node.address)}:${platforms[access.platform].apiPort}`;
}

/** A link to one member, through SSH where the access says so; with an authority of its own, it is etcd's. */
export function openMember(
  { cert, key, ca }: Pick<DatastoreAccess, 'cert' | 'key' | 'ca'>,
  member: MemberAccess,
  ssh: Links['ssh'],
): MemberLink {
  const { node, host, port, via } = member;
  const dial = async () => (await ssh(node)).forward(host, port, { timeoutMs: 5_000 });
  const options = { node, host, port, cert, key, ...(via === 'ssh' ? { dial } : {}) };
  return ca === undefined ? new DqliteLink(options) : new EtcdLink({ ...options, ca });
}

function openAlerts({ alerts }: Pick<Access, 'alerts'>): AlertsLink {
  if (alerts === undefined)
    throw new Error('the cluster file does not say whence alerts are known');
  return 'listen' in alerts ? openReceiver(alerts.listen) : openAlertmanager(alerts);
}

function keptSshLinks(access: Access, timeoutMs: number): { get: Links['ssh']; close: () => void } {
  const links = new Map<string, Promise<SshLink>>();
  const opened = new Set<SshLink>();
  const failedAt = new Map<string, number>();
  const closing = new AbortController();
  const connect = async (node: string): Promise<SshLink> => {
    const { name, address } = nodeAccess(access, node);
    const { signal } = closing;
    const link = await SshLink.connect({ name, address, ...access.ssh, timeoutMs, signal });
    opened.add(link);
    return link;
  };
  const get = async (node: string): Promise<SshLink> => {
    const before = links.get(node);
    const usable = await before?.then(
      (link) => !link.closed,
      (error: unknown) => wasJustTurnedAway(error, failedAt.get(node)),
    );
    if (before !== undefined && usable === true) return before;
    for (const link of opened) if (link.closed) opened.delete(link);
    // Another caller may have begun anew while this one looked.
    const current = links.get(node);
    if (current !== undefined && current !== before) return current;
    const fresh = connect(node);
    links.set(node, fresh);
    fresh.catch(() => failedAt.set(node, performance.now()));
    return fresh;
  };
  const close = () => {
    closing.abort();
    for (const link of opened) link.close();
  };
  return { get, close };
}

/**
 * A node that boots lets nobody in for some seconds, and newer sshds (PerSourcePenalties) do not talk for five seconds
 * more, each time, to those who try: what they said last stands for so long.
 */
const turnedAwayMs = 5_000;

function wasJustTurnedAway(error: unknown, atMs = -Infinity): boolean {
  const isAuth = error instanceof LinkError && error.kind === 'auth';
  return isAuth && performance.now() - atMs < turnedAwayMs;
}

function kept<T>(links: Map<string, T>, node: string, open: () => T): T {
  const before = links.get(node);
  if (before !== undefined) return before;
  const fresh = open();
  links.set(node, fresh);
  return fresh;
}

function nodeAccess(access: Access, name: string): NodeAccess {
  const node = access.nodes.find((each) => each.name === name);
  if (node === undefined) throw new Error(`no node "${name}" in the cluster file`);
  return node;
}

function memberAccess(access: Access, node: string): MemberAccess {
  const member = access.datastore.members.find((each) => each.node === node);
  if (member !== undefined) return member;
  throw new LinkError({
    kind: 'refused',
    node,
    what: 'open its datastore member',
    tookMs: 0,
    detail: 'it had none when the cluster was surveyed',
  });
}
