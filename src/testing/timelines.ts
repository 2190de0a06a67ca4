/**
 * Timelines made from a scripted truth: what each node believes or does at each instant is written down, and the series
 * see it through a network and a harness that are as good as the script says. The true instants are known, so a test
 * can ask whether a measured interval holds them.
 */
import {
  memberOn,
  nodeNamed,
  voters,
  type Member,
  type Role,
  type Snapshot,
} from '../model/snapshot.ts';
import { searchesOf } from '../claims/logged.ts';
import type { Ending } from '../model/conclude.ts';
import type { Intent } from '../model/intent.ts';
import type { Plan, Series } from '../model/plan.ts';
import type { ProbeKind } from '../model/probe.ts';
import { randomFrom } from '../model/random.ts';
import type { Expectation } from '../model/scenario.ts';
import type {
  AddressSeen,
  AlertsSeen,
  EndpointSeen,
  EndpointsSeen,
  Event,
  HistorySeen,
  LeasesSeen,
  PodSeen,
  PodsSeen,
  ReplicasSeen,
  Sample,
  Timeline,
} from '../model/timeline.ts';
import { probeKinds } from '../probes/kinds.ts';
import { withKept, type Loss, type Silence } from './kept.ts';
import { snapshotOf } from './snapshot.ts';

/** Times by the name of a node; milliseconds after the fault. */
export type ByNode = Readonly<Record<string, number>>;

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

/** The timeline that a run of a script writes down: `leaderLoss` with changes. */
export function timelineOf(changes: Partial<Script> = {}): Timeline {
  const script = { ...leaderLoss, ...changes };
  const plan = planOf(script);
  const events: Event[] = [...eventsOf(script)];
  for (const series of plan.series) {
    // Of its own, so that what one series sees does not depend on which others there are.
    const random = randomFrom(script.seed ^ numberOf(series.id)).next;
    for (let due = startOfSampling + series.everyMs * random(); due < script.end - 200;)
      due = addSample(events, script, series, due, random);
  }
  events.push(...logsOf(script, { plan, events }));
  const isKept = plan.series.some(({ probe }) => throughApi.includes(probe));
  const kept = isKept ? withKept(events, plan.series, script) : events;
  return { plan, events: kept.sort((a, b) => writtenAt(a) - writtenAt(b)) };
}

function logsOf({ fired, end, logs = {} }: Script, timeline: Timeline): readonly Event[] {
  return searchesOf(timeline).map((search) => {
    const lines = (logs[search.node] ?? []).map((after) => ({
      span: { lo: fired + after - 5, hi: fired + after + 5 },
      text: `at ${after}`,
    }));
    return { type: 'log', at: end - 50, ...search, lines };
  });
}

/** The fault's own interval, as its links bracket it. */
export function firedSpan({ fired, bracket }: Pick<Script, 'fired' | 'bracket'>): {
  readonly lo: number;
  readonly hi: number;
} {
  const { before, after } = bracket ?? { before: 3, after: 2 };
  return { lo: fired - before, hi: fired + after };
}

/** A number that a text determines, well spread (FNV-1a). */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

const startOfSampling = 3000;
const deadlineMs = 1000;

function writtenAt(event: Event): number {
  return event.type === 'sample' ? (event.got ?? event.due) : event.at;
}

function addSample(
  events: Event[],
  script: Script,
  series: Series,
  due: number,
  random: () => number,
): number {
  const sent = due + script.lateness * random();
  const isSpike = script.spikes !== undefined && random() < script.spikes;
  const trip = script.roundTrip * (0.5 + random() / 2) * (isSpike ? 10 : 1);
  const isMissed = random() < script.missed;
  const isDeaf =
    script.deaf.length > 0 &&
    script.deaf.some((one) => one.series === series.id && due >= one.from && due < one.to);
  const isLost = random() < script.lost || isDeaf;
  const seenAt = sent + trip * (script.wayThere ?? random());
  if (isMissed) events.push({ type: 'sample', series: series.id, due, missed: true });
  else if (isLost)
    events.push(sampleOf(series, due, sent, sent + deadlineMs, { ok: false, error: 'EDEADLINE' }));
  // A user's request fails or not by when it is sent; what a member believes is asked when the request is there.
  else if (series.probe === 'write' && script.writesWait === true) {
    const { got, ...answer } = waitingWrite(script, series.node ?? '', seenAt, sent, trip);
    events.push(sampleOf(series, due, sent, got, answer));
  } else {
    const at = series.probe.startsWith('web') || series.probe === 'load' ? sent : seenAt;
    events.push(sampleOf(series, due, sent, sent + trip, seen(script, series, at)));
  }
  return due + series.everyMs;
}

/** Of two shapes only: thousands of runs are simulated, and what reads them is quicker for it. */
function sampleOf(
  { id }: Series,
  due: number,
  sent: number,
  got: number,
  { ok, value, error }: Answer,
): Sample {
  return error === undefined
    ? { type: 'sample', series: id, due, sent, got, ok, value }
    : { type: 'sample', series: id, due, sent, got, ok, error };
}

/** A write that reaches its API server at an instant and waits there until it can be done. */
function waitingWrite(
  script: Script,
  node: string,
  arrived: number,
  sent: number,
  trip: number,
): Answer & { readonly got: number } {
  const done = nextWritable(script, node, arrived);
  const got = done + trip - (arrived - sent);
  return got <= sent + deadlineMs
    ? { got, ok: true, value: { status: 200 } }
    : { got: sent + deadlineMs, ok: false, error: 'EDEADLINE' };
}

/** The first instant from one on at which a write can be done; Infinity if that does not come by itself. */
function nextWritable(script: Script, node: string, from: number): number {
  const { fired, writes, writesDown } = script;
  let at = from;
  while (!writable(script, node, at)) {
    const after = at - fired;
    const down = writesDown.find((one) => one.node === node && after >= one.from && after < one.to);
    const next = down?.to ?? (node === script.victim ? Infinity : (writes[node] ?? Infinity));
    // Where it rounds to the same instant, a little later will do.
    at = Math.max(fired + next, at + 0.001);
    if (at === Infinity) break;
  }
  return at;
}

interface Answer {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** What goes through an API server, and by it to the datastore. */
const throughApi = ['write', 'read', 'watch'];

/** What a series sees of the truth at an instant. */
function seen(script: Script, series: Series, at: number): Answer {
  const node = series.node ?? '';
  const refuses = isAway(script, at) && node === script.victim && script.isolated !== true;
  const refused = { ok: false, error: 'ECONNREFUSED' };
  const idle = script.idle?.[series.probe];
  if (idle !== undefined) return canaryAt(script.fired + idle, script, at);
  if (throughApi.includes(series.probe))
    return writable(script, node, at)
      ? { ok: true, value: { status: 200 } }
      : { ok: false, error: 'HTTP 500' };
  switch (series.probe) {
    case 'leader': {
      if (refuses) return refused;
      const leader = namedBy(script, node, at);
      return { ok: leader !== '', value: { leader } };
    }
    case 'each-endpoint':
      return eachEndpointAt(script, at, node);
    case 'roles':
      return refuses ? refused : { ok: true, value: { members: rolesAt(script, at) } };
    default: {
      const value = toldByApi[series.probe]?.(script, at, node);
      return value === undefined ? webAt(script, node, at) : { ok: true, value };
    }
  }
}

/** The pods of the victim's node do not answer where that is silent, nor does the one there that asks. */
function eachEndpointAt(script: Script, at: number, node: string): Answer {
  const isSilent = (of = ''): boolean =>
    script.silenced === true && isAway(script, at) && of === script.victim;
  if (isSilent(node)) return { ok: false, error: 'EHOSTUNREACH' };
  const listed = endpointsAt(script, at);
  const endpoints = podsAt(script, at)
    .map((pod, index): EndpointSeen => ({
      pod: pod.name,
      address: `10.1.0.${index + 1}:80`,
      ...(pod.node !== undefined && { node: pod.node }),
      ...(isSilent(pod.node) && { error: 'HTTP 504' }),
    }))
    .filter((one) => listed[one.node ?? ''] !== undefined);
  const isDead = endpoints.some(({ error }) => error !== undefined);
  return { ok: !isDead, value: { endpoints } };
}

function canaryAt(until: number, { fired }: Script, at: number): Answer {
  return at >= fired && at < until
    ? { ok: false, error: 'EPENDING' }
    : { ok: true, value: { node: 'pi2', generation: 7, status: 200, acts: [] } };
}

/** What every API server tells alike, and what a node tells of itself. */
const toldByApi: Readonly<Record<string, (script: Script, at: number, node: string) => unknown>> = {
  address: addressAt,
  alerts: alertsAt,
  pods: (script, at) => ({ pods: podsAt(script, at) }),
  replicas: replicasAt,
  history: (): HistorySeen => ({ kind: 'read', object: 'register-0', outcome: 'done' }),
  leases: leasesAt,
  endpoints: (script, at) => ({ ready: endpointsAt(script, at) }),
  nodes: (script, at) => ({ ready: readyAt(script, at), renewed: renewedAt(script, at) }),
};

function addressAt({ fired, holds = [] }: Script, at: number, node: string): AddressSeen {
  const after = at - fired;
  return { holds: holds.some((one) => one.node === node && after >= one.from && after < one.to) };
}

function alertsAt({ fired, alerts = [] }: Script, at: number): AlertsSeen {
  const after = at - fired;
  return {
    alerts: alerts
      .filter(({ from, to }) => after >= from && after < to)
      .map(({ name, labels = {}, from, began = from }) => ({
        name,
        labels,
        startsAt: wallAt(fired + began),
      })),
  };
}

function isAway(script: Script, at: number): boolean {
  const back = script.restarts === undefined ? script.recovered : script.fired + script.restarts;
  return script.proof === 'bit' && at >= script.fired && at < back;
}

function namedBy(script: Script, node: string, at: number): string {
  const { snapshot } = script;
  const led = script.led?.findLast(({ from }) => at >= script.fired + from);
  if (script.led !== undefined) return idOn(snapshot, led?.by ?? script.ledBy);
  if (at < script.fired || script.proof !== 'bit' || script.ledBy !== script.victim)
    return idOn(snapshot, script.ledBy);
  const knows = script.knows[node];
  // The victim learns the new leader when it is back.
  const learnt = knows ?? (node === script.victim && !isAway(script, at) ? 0 : Infinity);
  if (at >= script.fired + learnt) return idOn(snapshot, script.newLeader);
  return at < script.fired + script.forgets ? idOn(snapshot, script.ledBy) : '';
}

/** By snapshot and node; asked for each sample of a leader. */
const ids = new WeakMap<Snapshot, Map<string, string>>();

/** The id of the member on a node, or empty. */
function idOn(snapshot: Snapshot, node: string): string {
  let known = ids.get(snapshot);
  if (known === undefined) ids.set(snapshot, (known = new Map<string, string>()));
  let id = known.get(node);
  if (id === undefined) known.set(node, (id = memberOn(snapshot, node)?.id ?? ''));
  return id;
}

type Roles = readonly { id: string; role: Role }[];

/** Before the promotion and after it. */
const configurations = new WeakMap<Script, readonly [Roles, Roles]>();

function rolesAt(script: Script, at: number): Roles {
  let known = configurations.get(script);
  if (known === undefined)
    configurations.set(
      script,
      (known = [configurationOf(script, false), configurationOf(script, true)]),
    );
  const promoted = script.promoted !== undefined && at >= script.fired + script.promoted;
  return known[promoted ? 1 : 0];
}

function configurationOf(script: Script, promoted: boolean): Roles {
  return script.snapshot.datastore.members.map(({ id, node, role }) => {
    if (!promoted) return { id, role };
    return { id, role: node === script.victim ? 'spare' : 'voter' };
  });
}

function writable(script: Script, node: string, at: number): boolean {
  if (at < script.fired || script.proof !== 'bit') return true;
  const after = at - script.fired;
  if (script.writesDown.some((one) => one.node === node && after >= one.from && after < one.to))
    return false;
  if (node === script.victim) return !isAway(script, at);
  const resumes = script.writes[node];
  return resumes === undefined || at >= script.fired + resumes;
}

function readyAt(script: Script, at: number): Readonly<Record<string, boolean>> {
  const told = !isAway(script, at) || at < script.fired + script.staleReady;
  return Object.fromEntries(
    script.snapshot.nodes.map(({ name }) => [name, name !== script.victim || told]),
  );
}

/** One pod on each of three nodes, the victim's among them; that stays listed as ready where its node is hit as a whole. */
function podsAt(script: Script, at: number): PodsSeen['pods'] {
  const pod = (name: string, node: string): PodSeen => ({
    name: `holdfast/web-${name}`,
    node,
    ready: true,
  });
  const others = script.snapshot.nodes.filter(({ name }) => name !== script.victim).slice(0, 2);
  const replaced = script.replaced !== undefined && at >= script.fired + script.replaced;
  const evicted = (script.evictions ?? [])
    .filter((one) => one.status === 201 && at >= script.fired + one.at)
    .map((one) => one.pod);
  return [
    pod('1', script.victim),
    ...others.map(({ name }, index) => pod(`${index + 2}`, name)),
    ...(replaced ? [pod('4', others[0]?.name ?? '')] : []),
  ].filter(({ name }) => !evicted.includes(name));
}

function replicasAt(script: Script, at: number): ReplicasSeen {
  const ready = podsAt(script, at).length;
  return { ready, least: ready, opened: 1 };
}

/** Every ten seconds while its node is there, and at once when it is back. */
function renewedAt(script: Script, at: number): Readonly<Record<string, string>> {
  const periodMs = 10_000;
  const latestFrom = (from: number, until: number): number =>
    from + Math.floor((until - from) / periodMs) * periodMs;
  const latest = (name: string): number => {
    if (name !== script.victim || at < script.fired) return latestFrom(0, at);
    if (isAway(script, at)) return latestFrom(0, script.fired);
    return latestFrom(script.recovered, at);
  };
  return Object.fromEntries(script.snapshot.nodes.map(({ name }) => [name, `${latest(name)}`]));
}

const renewEveryMs = 2000;

/** Renewed every two seconds, but for the lapse; once that is over, at once and then every two seconds again. */
function leasesAt({ fired, leaseLapse = 0 }: Script, at: number): LeasesSeen {
  const again = fired + leaseLapse;
  const from = at >= again ? again : 0;
  const until = at >= again ? at : Math.min(at, fired);
  const renewed = from + Math.floor((until - from) / renewEveryMs) * renewEveryMs;
  const text = renewed.toFixed(3).padStart(12, '0');
  return { leases: { 'kube-scheduler': { holder: 'pi2_1', renewed: text } } };
}

function endpointsAt(script: Script, at: number): EndpointsSeen['ready'] {
  const unlisted = script.unlisted !== undefined && at >= script.fired + script.unlisted;
  const nodes = podsAt(script, at)
    .map(({ node }) => node ?? '')
    .filter((node) => !unlisted || node !== script.victim);
  return Object.fromEntries(
    nodes.map((node) => [node, nodes.filter((one) => one === node).length]),
  );
}

function webAt(script: Script, node: string, at: number): Answer {
  const after = at - script.fired;
  const down = script.webDown.some(
    (one) => one.node === node && after >= one.from && after < one.to,
  );
  if (down) return { ok: false, error: 'ECONNRESET' };
  const { updated } = script;
  const version = updated !== undefined && { version: after < updated ? 'v1' : 'v2' };
  return { ok: true, value: { status: 200, pod: 'web-1', ...version } };
}

/** An instant of the run's clock by the wall's. */
export function wallAt(at: number): string {
  return new Date(Date.UTC(2026, 10, 21, 7, 10) + at).toISOString();
}

function eventsOf(script: Script): readonly Event[] {
  const { fired, heal, recovered, end, snapshot } = script;
  const phase = (at: number, name: 'steady' | 'steps' | 'heal' | 'settle' | 'done'): Event => ({
    type: 'phase',
    at,
    phase: name,
    wall: wallAt(at),
  });
  const fault = { type: 'fault', step: 'kill' } as const;
  const proved: Record<Script['proof'], readonly Event[]> = {
    bit: [{ ...fault, at: fired + 190, state: 'bit' }],
    missed: [
      { ...fault, at: fired + 5000, state: 'missed', because: 'the process is still there' },
    ],
    none: [],
  };
  const seconds: Event[] = [];
  for (let at = startOfSampling + 1000; at < end - 100; at += 1000)
    seconds.push({
      type: 'harness',
      at,
      slots: Math.round((at - startOfSampling) * 0.36),
      missedSlots: Math.round((at - startOfSampling) * 0.36 * script.missed),
      loopDelayP99Ms: script.loopDelay,
      cpuPercent: 14.2,
      rssBytes: 118_000_000,
    });
  return [
    { type: 'phase', at: 0, phase: 'preflight', wall: wallAt(0) },
    { type: 'state', at: 1300, when: 'before', snapshot, differences: [] },
    phase(startOfSampling + 2000, 'steady'),
    phase(15_000, 'steps'),
    { ...fault, at: fired - 600, state: 'journaled', intent: intentOf(script) },
    { ...fault, at: fired - 200, state: 'armed' },
    { ...fault, at: fired + 2, state: 'fired', span: firedSpan(script) },
    ...(script.evictions ?? []).map(({ pod, at, status }): Event => ({
      type: 'eviction',
      at: fired + at + 4,
      step: 'kill',
      span: { lo: fired + at, hi: fired + at + 4 },
      pod,
      status,
      ...(status === 429 && { message: 'The disruption budget web needs 2 healthy pods' }),
    })),
    ...proved[script.proof],
    phase(heal, 'heal'),
    { ...fault, at: heal + 310, state: 'undone', span: { lo: heal + 120, hi: heal + 310 } },
    script.gone
      ? { ...fault, at: heal + 900, state: 'gone' }
      : { ...fault, at: heal + 900, state: 'residue', because: 'pi1 does not answer' },
    phase(heal + 1000, 'settle'),
    ...seconds,
    {
      type: 'state',
      at: Math.max(recovered, end - 100),
      when: 'after',
      snapshot,
      differences: script.differences,
    },
    phase(end, 'done'),
    { type: 'end', at: end + 5, residue: [], ...script.ended },
  ];
}

function intentOf(script: Script): Intent {
  const id = memberOn(script.snapshot, script.victim)?.id ?? '';
  return {
    id: 'leader-loss-3f9a1c-kill',
    fault: 'kill',
    says: `kill the datastore (k8s-dqlite) on ${script.victim} and keep it down`,
    targets: [script.victim],
    service: 'datastore',
    holds: [`${script.victim}/datastore`],
    membersDown: [id],
    ...(script.silenced && { nodesDown: [script.victim] }),
    podsHit: script.replaced === undefined ? [] : ['holdfast/web-1'],
    prepare: [{ on: script.victim, sh: 'true' }],
    inject: [{ on: script.victim, sh: 'kill -KILL 4711' }],
    bit: [{ from: script.victim, sh: '! pgrep -x k8s-dqlite', says: 'k8s-dqlite does not run' }],
    undo: [{ on: script.victim, sh: 'systemctl start k8s-dqlite' }],
    gone: [{ from: script.victim, sh: 'pgrep -x k8s-dqlite', says: 'k8s-dqlite runs' }],
    undoBy: 'node-timer',
  };
}

function planOf(script: Script): Plan {
  const { snapshot } = script;
  const params = { service: 'datastore', target: script.target, 'stay-down': true };
  const steps = [
    { kind: 'fault', id: 'kill', fault: 'kill', params },
    { kind: 'until-seen', id: 'step-2', atMostMs: 45_000 },
    { kind: 'heal', id: 'step-3', step: 'all' },
  ] as const;
  return {
    schema: 'holdfast.dev/plan/v1',
    protect: [],
    run: '2026-11-21T07-10-00Z-leader-loss-3f9a1c',
    scenario: {
      name: 'leader-loss',
      title: 'The datastore leader dies and stays down',
      claim: 'A new leader within 5 s, full voters again within 30 s, and nobody notices.',
      class: ['reversible'],
      needs: { voters: 3 },
      workload: 'web',
      steps,
      expect: script.expect,
    },
    text: 'name: leader-loss\n',
    file: 'scenarios/leader-loss.yaml',
    seed: 1_067_654_172,
    phaseMs: 7290,
    snapshot,
    steps,
    series: seriesOf(script).filter(({ probe }) => script.probes?.includes(probe) ?? true),
    predicted: [
      { claim: 'leader-elected', p50Ms: 4100, p95Ms: 5900, from: 'election timeout 3 s' },
    ],
    versions: { holdfast: '0.1.0', node: '20.20.2' },
  };
}

function seriesOf(script: Script): readonly Series[] {
  const { snapshot, calm, loadMs } = script;
  return Object.entries<ProbeKind>(probeKinds).flatMap(([probe, { at, onDemand, ...kind }]) => {
    const everyMs = (calm && kind.calmMs) ?? kind.everyMs ?? loadMs;
    if (everyMs === undefined) return [];
    if (onDemand === true && !isDemanded(probe, script)) return [];
    if (at === 'cluster') return [{ id: probe, probe, everyMs }];
    const names =
      at === 'voter'
        ? membersProbed(probe, snapshot).map(({ node }) => node ?? '')
        : snapshot.nodes.map(({ name }) => name);
    return names
      .filter((name) => at !== 'control-plane' || nodeNamed(snapshot, name).controlPlane)
      .map((node) => ({ id: `${probe}@${node}`, probe, node, everyMs }));
  });
}

function isDemanded(probe: string, { idle = {}, holds, alerts, probes }: Script): boolean {
  if (probe in idle) return true;
  if (probe === 'address') return holds !== undefined;
  if (probe === 'alerts') return alerts !== undefined;
  const askedOnly = ['replicas', 'inside-named', 'each-endpoint'];
  return askedOnly.includes(probe) && probes?.includes(probe) === true;
}

/** A stand-by of Dqlite names no leader, and so none is asked in a script. */
function membersProbed(probe: string, snapshot: Snapshot): readonly Member[] {
  return probe === 'leader' ? voters(snapshot) : snapshot.datastore.members;
}
