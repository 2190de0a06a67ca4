/** A truth from which timelines are made. */
import type { Ending } from '../model/conclude.ts';
import type { Expectation } from '../model/scenario.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Loss, Silence } from './kept.ts';
import { snapshotOf } from './snapshot.ts';

/** Times by the name of a node; milliseconds after the fault. */
type ByNode = Readonly<Record<string, number>>;

/** What truly happens in a run that takes the datastore of one node down; times are milliseconds after the fault. */
export interface Script {
  readonly seed: number;
  readonly snapshot: Snapshot;
  readonly victim: string;
  /** What the step was aimed at. */
  readonly target: 'leader' | 'follower' | 'stand-by';
  /** Who really led when the fault fired. */
  readonly ledBy: string;
  readonly newLeader: string;
  /** When each voter begins to name the new leader; one that is not here never does. */
  readonly knows: ByNode;
  /** When each voter stops naming the old leader. */
  readonly forgets: number;
  /** When the leader's configuration has the stand-by in place of the victim, if ever. */
  readonly promoted?: number;
  /** When writes through each API server succeed again; one that is not here is never interrupted. */
  readonly writes: ByNode;
  /** More times in which writes through a node do not succeed; milliseconds after the fault. */
  readonly writesDown: readonly {
    readonly node: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** A write that cannot be done waits until it can, and no longer than its deadline; otherwise it fails at once. */
  readonly writesWait?: true;
  /** The victim is cut off from the others: its member answers those who ask it, and its API server takes no writes. */
  readonly isolated?: true;
  /** Who leads from when on, if leadership moves otherwise than once to the new leader. */
  readonly led?: readonly { readonly from: number; readonly by: string }[];
  /** When a pod elsewhere is ready in place of the victim's; milliseconds after the fault. */
  readonly replaced?: number;
  /** What the Eviction API answers about pods, and when; one that is let go is not told of any more. */
  readonly evictions?: readonly {
    readonly pod: string;
    readonly at: number;
    readonly status: 201 | 429;
  }[];
  /** When the workload does not answer through a node. */
  readonly webDown: readonly {
    readonly node: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** When version v2 of the workload begins to answer, and v1 no more; no answer names its version without. */
  readonly updated?: number;
  /** How long its node is told to be Ready after the victim is gone; milliseconds after the fault. */
  readonly staleReady: number;
  /** For how long nobody renews the lease of the scheduler, which is renewed every two seconds otherwise. */
  readonly leaseLapse?: number;
  /** For how long nothing is scheduled or reconciled, by the probe; milliseconds after the fault. */
  readonly idle?: Readonly<Record<string, number>>;
  /** No claim needs to look closer: each probe has the longer of its periods. */
  readonly calm?: true;
  /** Milliseconds between requests of a load to each node; none without. */
  readonly loadMs?: number;
  /** Who has the address of the endpoint, and when; milliseconds after the fault. */
  readonly holds?: readonly { readonly node: string; readonly from: number; readonly to: number }[];
  /** Which alerts are active, and when; milliseconds after the fault. They have begun then, unless it is said otherwise. */
  readonly alerts?: readonly {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly from: number;
    readonly to: number;
    readonly began?: number;
  }[];
  /** When each node logs what is searched for, each instant known to ±5 ms; milliseconds after the fault. */
  readonly logs?: Readonly<Record<string, readonly number[]>>;
  /** When the Service does not lead to the victim's pod any more. */
  readonly unlisted?: number;
  /** The fault takes the victim's node down as a whole. */
  readonly silenced?: true;
  /** The victim comes back by itself. */
  readonly restarts?: number;
  /** Instants on the run's clock: of the fault, of the begin of healing, of all being as before, of the end. */
  readonly fired: number;
  /** How far before and after the fault its links bracket it; 3 and 2 ms without. */
  readonly bracket?: { readonly before: number; readonly after: number };
  readonly heal: number;
  readonly recovered: number;
  readonly end: number;
  readonly proof: 'bit' | 'missed' | 'none';
  readonly gone: boolean;
  readonly differences: readonly string[];
  /** How the run ended, if not by itself. */
  readonly ended: Ending;
  /** Round trip of a sample: from a half to the whole of this; milliseconds. */
  readonly roundTrip: number;
  /** The share of its trip after which a sample is there; a random one for each without. */
  readonly wayThere?: number;
  /** Share of samples whose trip is ten times as long. */
  readonly spikes?: number;
  /** A slot is sent up to so much after its intended time; milliseconds. */
  readonly lateness: number;
  /** Shares of samples that the network loses and of slots that the machine misses. */
  readonly lost: number;
  readonly missed: number;
  readonly loopDelay: number;
  /** Node and times, on the run's clock, between which nothing of its series comes back. */
  readonly deaf: readonly {
    readonly series: string;
    readonly from: number;
    readonly to: number;
  }[];
  /** Acknowledged writes that are gone. */
  readonly losses?: readonly Loss[];
  /** Watches that are open and tell nothing. */
  readonly silences?: readonly Silence[];
  /** Only series of these probes are sampled; all of them without. */
  readonly probes?: readonly string[];
  readonly expect: readonly Expectation[];
}

/** A run of leader-loss on four nodes in which every claim holds: pi1 led, pi3 leads after 1.84 s. */
export const leaderLoss: Script = {
  seed: 1,
  snapshot: snapshotOf(),
  victim: 'pi1',
  target: 'leader',
  ledBy: 'pi1',
  newLeader: 'pi3',
  knows: { pi2: 1840, pi3: 1790 },
  forgets: 1500,
  promoted: 14_200,
  writes: { pi2: 2310, pi3: 2120, pi4: 2390 },
  writesDown: [],
  webDown: [],
  staleReady: 0,
  fired: 22_310,
  heal: 52_400,
  recovered: 60_700,
  end: 74_200,
  proof: 'bit',
  gone: true,
  differences: [],
  ended: {},
  roundTrip: 8,
  lateness: 2,
  lost: 0,
  missed: 0,
  loopDelay: 12,
  deaf: [],
  expect: [
    { claim: 'leader-elected', params: { within: 5000 } },
    { claim: 'voters-restored', params: { within: 30_000 } },
    { claim: 'writes-resume', params: { within: 10_000, on: 'every-survivor' } },
    { claim: 'workload-available', params: { failed: 0.001, 'longest-outage': 1000, on: 'every' } },
    { claim: 'cluster-recovers', params: { within: 120_000, after: 'heal' } },
  ],
};

/** The fault's own interval, as its links bracket it. */
export function firedSpan({ fired, bracket }: Pick<Script, 'fired' | 'bracket'>): {
  readonly lo: number;
  readonly hi: number;
} {
  const { before, after } = bracket ?? { before: 3, after: 2 };
  return { lo: fired - before, hi: fired + after };
}

/** An instant of the run's clock by the wall's. */
export function wallAt(at: number): string {
  return new Date(Date.UTC(2026, 10, 21, 7, 10) + at).toISOString();
}

/** When sampling begins; milliseconds on the run's clock. */
export const startOfSampling = 3000;
