import type { ListenAddress } from '../model/clusterfile.ts';
import type { PlatformName } from '../model/snapshot.ts';
import type { KubeCredentials } from './kubeconfig.ts';

/**
 * All that it takes to reach a cluster, secrets included. Plain data, so that a worker thread can have a copy;
 * only ever in memory: it is written to no file and no message.
 */
export interface Access {
  readonly platform: PlatformName;
  readonly kube: KubeCredentials;
  readonly ssh: SshAccess;
  /** In the cluster file's order. */
  readonly nodes: readonly NodeAccess[];
  readonly datastore: DatastoreAccess;
  /** Absent if nobody tells of alerts. */
  readonly alerts?: AlertsAccess;
}

/** Alertmanager, by its base URL, or where it posts to. */
export type AlertsAccess =
  { readonly alertmanager: string; readonly token?: string } | { readonly listen: ListenAddress };

export interface SshAccess {
  readonly user: string;
  readonly port: number;
  /** OpenSSH or PEM, without passphrase. */
  readonly privateKey: string;
  /** Text of a known_hosts file. */
  readonly knownHosts: string;
}

export interface NodeAccess {
  readonly name: string;
  readonly address: string;
}

export interface DatastoreAccess {
  /** A pair that all members let in, PEM: in Dqlite their own, which all share. */
  readonly cert: string;
  readonly key: string;
  /** Authority of the members' own certificates, PEM; Dqlite's shared one is its own. */
  readonly ca?: string;
  readonly members: readonly MemberAccess[];
}

/** How to reach the datastore member of a node: directly, or from the node itself through SSH. */
export interface MemberAccess {
  readonly node: string;
  readonly host: string;
  readonly port: number;
  readonly via: 'direct' | 'ssh';
}
