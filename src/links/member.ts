import type { Role } from '../model/snapshot.ts';

/** A member of a datastore's configuration. */
export interface ConfiguredMember {
  /** 64 bits, in decimal. */
  readonly id: string;
  /** host:port that the other members reach it by. */
  readonly address: string;
  readonly role: Role;
}

/**
 * One member of the datastore, asked by its own protocol on a connection that is kept; one that hangs or breaks is
 * dropped, and the next call opens another. All methods throw LinkError, and within their time.
 */
export interface MemberLink {
  readonly node: string;
  /** Who it is itself, and of which version, where its protocol tells that. */
  self?(
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<{ readonly id: string; readonly version?: string }>;
  /** Whom this member calls leader; undefined if it knows none, as all of Dqlite's say that are no voters. */
  leader(timeoutMs: number, signal?: AbortSignal): Promise<{ readonly id: string } | undefined>;
  /** The configuration as this member knows it: all members with their roles. It may be older than the leader's. */
  cluster(timeoutMs: number, signal?: AbortSignal): Promise<readonly ConfiguredMember[]>;
  /** Ends the connection and all that is under way; a closed link stays closed. */
  close(): void;
}
