import type { Image } from './images.ts';
import type { ProgramName } from './programs.ts';
import type { Progress } from './progress.ts';
import type { EtcdPlace, Lab, LabNode, Places, Profile } from './topology.ts';

/** Tells what is still missing, or undefined if nothing is; it may throw, which is missing too. */
export type Question = () => Promise<string | undefined>;

/**
 * What makes a lab's cluster one of a platform: what is on its nodes, how it is formed, when it serves. A folder of
 * this room holds one; all else of the lab is the same for all.
 */
export interface LabPlatform {
  /** Of a lab that nobody said more of. */
  readonly size: { readonly controlPlanes: number; readonly workers: number };
  /** The profiles it has, its own default first. */
  readonly profiles: readonly [Profile, ...Profile[]];
  /** Where etcd's members can be, its own default first; none if its datastore is another. */
  readonly etcd: readonly EtcdPlace[];
  readonly places: Places;
  /** What every node has over Debian and lab/rootfs, besides the files of lab/<platform>/rootfs. Paths begin at its root. */
  readonly root: {
    readonly programs: Readonly<Partial<Record<ProgramName, string>>>;
    /** Symbolic links by their path, and what they point at. */
    readonly links: Readonly<Record<string, string>>;
    readonly kubectl: string;
  };
  /** Programs that `reset --upgraded` puts in place of others, by the paths of those. */
  readonly upgrade?: Readonly<Partial<Record<ProgramName, string>>>;
  readonly images: readonly Image[];
  readonly containerd: { readonly unit: string; readonly socket: string };
  /** By which a client outside of the cluster reaches its API: `https://address:port`. */
  readonly endpoint: (lab: Lab) => string;
  /** Makes what the nodes of a new cluster share, in the lab's folder: certificates, a kubeconfig. */
  readonly writeShared: (lab: Lab) => Promise<void>;
  /** Writes what makes a node this node. Its root and its datastore's file system are mounted. */
  readonly writeNode: (lab: Lab, node: LabNode) => Promise<void>;
  /** Forms the datastore as far as it needs no images, which are being imported. All nodes have booted. */
  readonly formDatastore: (lab: Lab, progress: Progress) => Promise<void>;
  /** Forms the rest of the cluster. */
  readonly formKubernetes: (lab: Lab, built: Built, progress: Progress) => Promise<void>;
  /** What must hold before a lab serves, besides what holds of any cluster; asked in this order. */
  readonly questions: (lab: Lab) => readonly Question[];
  /** Ends all that writes to the datastore, and leaves no leases of controllers that are about to be dead. */
  readonly quieten: (lab: Lab, kubectl: Kubectl) => Promise<void>;
  /** Where each member of the datastore tells its metrics by TLS, and who may ask: paths on any of those nodes. */
  readonly datastoreMetrics?: (lab: Lab) => {
    readonly nodes: readonly LabNode[];
    readonly port: number;
    readonly ca: string;
    readonly cert: string;
    readonly key: string;
  };
  /** Makes of a prepared cluster, its power off, one of the lab's own profile and trace. */
  readonly adapt?: (lab: Lab) => Promise<void>;
  /** The full name of a unit that a person calls by a short one. */
  readonly unit: (name: string) => string;
}

/** What all nodes of all labs of a platform share. */
export interface Built {
  /** Read-only layers of a node's root, the uppermost first. */
  readonly layers: readonly string[];
  /** A folder of image archives. */
  readonly images: string;
  /** kubectl for the host. */
  readonly kubectl: string;
}

/** kubectl of the host, as administrator of a lab. */
export type Kubectl = (args: readonly string[]) => Promise<string>;
