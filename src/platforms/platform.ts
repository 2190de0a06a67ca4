import type {
  Datastore,
  KubernetesSettings,
  MemberScripts,
  PlatformName,
  Services,
} from '../model/snapshot.ts';

/** What one kind of Kubernetes looks like on a node: names and places, no I/O. */
export interface Platform {
  readonly name: PlatformName;
  /** @param external is the datastore on machines of its own? */
  readonly services: (external: boolean) => Services;
  /** Port of every API server. */
  readonly apiPort: number;
  /** Label of the Nodes that are control planes; its value does not matter. */
  readonly controlPlaneLabel: string;
  /** kubectl with the administrator's credentials, as root on a control plane. */
  readonly kubectl: string;
  readonly datastore: PlatformDatastore;
  /** The settings of Kubernetes that decide how long its own reactions take; those that are not set are left out. */
  readonly timings: Asked<KubernetesSettings>;
  readonly defects: readonly Defect[];
}

/** A defect that users have reported, and the minor versions of Kubernetes it was seen with. */
export interface Defect {
  readonly from: number;
  readonly to: number;
  readonly says: string;
  readonly source: string;
}

/** What a node is asked. */
export interface Asked<T> {
  /** Prints it, as root; nothing where there is nothing to tell. */
  readonly script: string;
  /**
   * Reads what the script printed.
   * @throws Error if that is not what the platform writes
   */
  readonly read: (text: string) => T;
}

export interface PlatformDatastore {
  readonly kind: Datastore['kind'];
  /** Where a member keeps its data on its node. */
  readonly folder: string;
  /** Files on a control plane, which root reads: a pair that all members let in, and their authority if it is another. */
  readonly pair: { readonly cert: string; readonly key: string; readonly ca?: string };
  /** Which member a node is, whether or not its process runs; undefined if it is none. */
  readonly member: Asked<LocalMember | undefined>;
  /** What its timings follow from: milliseconds. */
  readonly settings: Asked<Readonly<Record<string, number>>>;
  /** How its members are managed. @param external is it on machines of its own? */
  readonly scripts: (external: boolean) => MemberScripts;
  /** Prints the version of the datastore, as any user; absent where the members themselves tell it. */
  readonly versionCommand?: string;
}

/** The datastore member that a node is. */
export interface LocalMember {
  /** 64 bits, in decimal; absent where only the member itself can tell. */
  readonly id?: string;
  /** Where it listens for clients; absent if at the node's own address. */
  readonly host?: string;
  readonly port: number;
}
