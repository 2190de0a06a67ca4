import type { Links } from '../links/open.ts';
import type { Series } from '../model/plan.ts';

/** What one look gave: *ok* is the probe's own answer to "is this as a user would want it?". It judges nothing more. */
export interface Seen {
  readonly ok: boolean;
  /** The probe's own shape, named in model/timeline.ts. */
  readonly value?: unknown;
  /** A short code: ECONNREFUSED, EDEADLINE, HTTP 500. */
  readonly error?: string;
}

/** One series at work. Looks may overlap: a slot leaves at its time whatever became of the one before. */
export interface Sampler {
  /** Never rejects: what went wrong is part of what was seen. @param timeoutMs what is left of the slot's deadline */
  readonly look: (timeoutMs: number) => Promise<Seen>;
  readonly close: () => void;
}

/** What probes reach the cluster by. */
export interface ProbeContext {
  readonly links: Links;
  /** The nodes with an API server, each of which has an object that is written to. */
  readonly controlPlanes: readonly string[];
  /** Address of each node. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Where the probe may write. */
  readonly namespace: string;
  readonly workload?: WorkloadAddress;
}

/** How the workload is reached, and what is asked of it. */
export interface WorkloadAddress {
  /** Of its Service, and the name of that. */
  readonly namespace: string;
  readonly service: string;
  /** Of the port of the Service that is asked; absent if it has none. */
  readonly portName?: string;
  /** Its pods, as the API selects by labels. */
  readonly pods: string;
  readonly path: string;
  /** Of a good answer. */
  readonly status: number;
  /** The way in from outside; absent if there is none. */
  readonly outside?: Outside;
  /** How it is asked from inside; absent if no pod of ours can. */
  readonly inside?: InsideAddress;
}

/** A port of every node, or of one address. */
export interface Outside {
  readonly port: number;
  readonly address?: string;
  /** The host that is asked for there, if it is another than the address. */
  readonly host?: string;
  readonly https?: true;
}

/** A port of every node behind which a pod of that node asks on our behalf, and the probes that it can be asked for. */
export interface InsideAddress {
  readonly nodePort: number;
  /** What each path begins with, as nobody else is to have these pods ask anything. */
  readonly key: string;
  readonly probes: readonly string[];
}

export type OpenProbe = (series: Series, context: ProbeContext) => Sampler;

/** The node of a series that has one; a series without it is a defect of planning. */
export function nodeOf(series: Series): string {
  if (series.node === undefined) throw new Error(`series ${series.id} has no node`);
  return series.node;
}

/** The numbers that an object's data holds, as the probe `write` writes them; anything else there is none of them. */
export function numbersIn(data: unknown): readonly number[] {
  if (typeof data !== 'object' || data === null) return [];
  return Object.values(data)
    .map(Number)
    .filter((n) => Number.isSafeInteger(n) && n > 0);
}

/**
 * The short code of what was thrown: that of a link, of the API, or of the system; EPROTOCOL of an answer that is not what
 * it should be.
 */
export function errorCode(error: unknown): string {
  if (error instanceof Error) {
    if ('code' in error && typeof error.code === 'string') return error.code;
    return error instanceof SyntaxError || error instanceof TypeError ? 'EPROTOCOL' : error.name;
  }
  return 'EUNKNOWN';
}
