import type {
  Datastore,
  KubernetesSettings,
  MemberScripts,
  PlatformName,
  Service,
  ServiceName,
} from '../model/snapshot.ts';

/** What one kind of Kubernetes looks like on a node: names and places, no I/O. */
export interface Platform {
  readonly name: PlatformName;
  readonly services: Readonly<Record<ServiceName, Service>>;
  /** Port of every API server. */
  readonly apiPort: number;
  /** Label of the Nodes that are control planes; its value does not matter. */
  readonly controlPlaneLabel: string;
  /** kubectl with the administrator's credentials, as root on a control plane. */
  readonly kubectl: string;
  readonly datastore: PlatformDatastore;
  readonly timings: PlatformTimings;
}

/** The settings of Kubernetes that decide how long its own reactions take. */
export interface PlatformTimings {
  /** Prints them, as root on a control plane; nothing where they are not set. */
  readonly script: string;
  /** Reads what the script printed: milliseconds, those that are not set left out. */
  readonly read: (text: string) => KubernetesSettings;
}

export interface PlatformDatastore {
  readonly kind: Datastore['kind'];
  readonly port: number;
  /** The pair that all members share; root reads it. */
  readonly certFile: string;
  readonly keyFile: string;
  /** Says which member a node is. */
  readonly memberFile: string;
  /** Settings of the datastore; absent on a node that has none. */
  readonly settingsFile: string;
  readonly scripts: MemberScripts;
  /** Prints the version of the datastore, as any user; may fail where the platform is older. */
  readonly versionCommand: string;
  /**
   * Reads the text of the settings file; without a text, the defaults.
   * @throws Error if the text is not what the platform writes
   */
  readonly readSettings: (text: string | undefined) => Readonly<Record<string, number>>;
  /**
   * Reads the text of the member file.
   * @throws Error if the text is not what the platform writes
   */
  readonly readMember: (text: string) => LocalMember;
}

/** The datastore member that a node is. */
export interface LocalMember {
  /** 64 bits, in decimal. */
  readonly id: string;
  /** Where it listens, as its peers know it. */
  readonly host: string;
  readonly port: number;
}
