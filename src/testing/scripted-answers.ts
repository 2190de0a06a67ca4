/** What each series is answered by the truth of a script, at any instant. */
import type { Series } from '../model/plan.ts';
import { memberOn, type Role, type Snapshot } from '../model/snapshot.ts';
import type {
  AddressSeen,
  AlertsSeen,
  EndpointSeen,
  EndpointsSeen,
  HistorySeen,
  LeasesSeen,
  PodSeen,
  PodsSeen,
  ReplicasSeen,
} from '../model/timeline.ts';
import { wallAt, type Script } from './script.ts';

export interface Answer {
  readonly ok: boolean;
  readonly value?: unknown;
  readonly error?: string;
}

/** What goes through an API server, and by it to the datastore. */
export const throughApi = ['write', 'read', 'watch'];

/** What a series sees of the truth at an instant. */
export function seen(script: Script, series: Series, at: number): Answer {
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

/** The first instant from one on at which a write can be done; Infinity if that does not come by itself. */
export function nextWritable(script: Script, node: string, from: number): number {
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
