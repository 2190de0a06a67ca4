import type { ScenarioClass } from './scenario.ts';
import type { PlatformName } from './snapshot.ts';

/** A cluster file as a person or the lab wrote it, checked: how to reach a cluster, and what it consents to. */
export interface ClusterFile {
  readonly name: string;
  readonly platform: PlatformName;
  /** uid of the namespace kube-system, so that it is never the wrong cluster. */
  readonly clusterId: string;
  readonly kubeconfig: {
    /** An absolute path, as all paths here. */
    readonly file: string;
    /** Absent: the kubeconfig's current one. */
    readonly context?: string;
  };
  readonly ssh: SshSettings;
  /** The classes of scenario it consents to. */
  readonly allow: readonly ScenarioClass[];
  /** In the file's order; never empty. */
  readonly nodes: readonly ClusterNode[];
  readonly protect: {
    /** Namespaces whose pods no node fault may hit. */
    readonly namespaces: readonly string[];
  };
  /** Whence the alerts of the cluster are known; absent if nobody can tell. */
  readonly alerts?: AlertSource;
}

/** Alertmanager is asked, or it posts to an address of this machine for as long as a run lasts. */
export type AlertSource =
  | {
      /** Its base URL, without `/api/v2`. */
      readonly alertmanager: string;
      /** Path of a file with the bearer token that it wants. */
      readonly tokenFile?: string;
      /** Base URL of the Prometheus whose alerts these are: its rules predict them. */
      readonly prometheus?: string;
    }
  | { readonly listen: ListenAddress };

/** Where this machine is posted to. */
export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

/** How to reach every node by SSH: as one user, who may `sudo -n`. */
export interface SshSettings {
  readonly user: string;
  /** Path of the private key. */
  readonly identity: string;
  /** Path of the known hosts; a host that is not in it is refused. */
  readonly knownHosts: string;
  readonly port: number;
}

export interface ClusterNode {
  /** Its name in Kubernetes, if that knows it. */
  readonly name: string;
  /** Host name or address to reach it at. */
  readonly address: string;
  /** A machine with a member of an external etcd, and nothing of Kubernetes. */
  readonly role?: 'etcd';
  readonly power?: PowerSupply;
  /** How long it may take to boot and serve; milliseconds. */
  readonly bootsWithinMs: number;
}

/** What can be done about a node's power: a device that switches it, or nothing but a reset by its own kernel. */
export type PowerSupply = PowerSwitch | { readonly sysrq: true };

/**
 * Commands on this machine that switch a node's power; `state` prints `on` or `off`. An `off` with `{seconds}` in it
 * is of a device that switches on again by itself after so long.
 */
export interface PowerSwitch {
  readonly command: { readonly off: string; readonly on: string; readonly state: string };
}

export function revertsByItself({ command }: PowerSwitch): boolean {
  return command.off.includes('{seconds}');
}
