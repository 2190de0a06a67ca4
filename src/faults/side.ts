/**
 * One node's side of a cut, from the facts of the snapshot.
 *
 * A node that is cut off drops what comes from the addresses of the others, what is routed through them (their pods),
 * and what goes there. One side is enough: the others need not be told.
 */
import { quote } from '../model/quote.ts';
import { memberOn } from '../model/snapshot.ts';
import type { Member, NodeFacts, Snapshot } from '../model/snapshot.ts';
import type { Door } from './reach.ts';
import { familyOf, type Elements, type Fate, type Ruleset } from './ruleset.ts';

/** One node that gets a table, and whose packets it takes away: of those that come in, and of those that go out. */
export interface Cut {
  readonly node: NodeFacts;
  readonly from: readonly NodeFacts[];
  readonly to: readonly NodeFacts[];
}

export interface CutOptions {
  readonly fault: string;
  readonly says: string;
  readonly traffic: 'all' | 'datastore';
  readonly fate: Fate;
  /** Made and taken away by turns, so often, by a unit on the node itself; without it, made once. */
  readonly flapping?: Flapping;
}

export interface Flapping {
  readonly onMs: number;
  readonly offMs: number;
  readonly times: number;
}

/** What one node is told, and where it is asked from. */
export interface Side {
  readonly node: string;
  readonly table: string;
  /** Quoted for the shell. */
  readonly file: string;
  readonly ruleset: Ruleset;
  /** For each set of the rules whose elements the node completes itself: who routes what belongs to it. */
  readonly routers: ReadonlyMap<string, readonly string[]>;
  /** Where others try to reach it. */
  readonly door: Door;
  /** All that it is cut off from, and one of them, with where it is tried to be reached. */
  readonly peers: readonly string[];
  readonly peer: { readonly node: string; readonly door: Door };
  readonly flapping?: Flapping;
  /** The unit that makes it flap, and its script; quoted. */
  readonly unit: string;
  readonly script: string;
}

/** Those that a cut comes between its node and. */
export function othersOf({ from, to }: Cut): readonly NodeFacts[] {
  return [...new Set([...from, ...to])];
}

/** A kubelet listens on every node. */
const kubeletPort = 10_250;

/**
 * @param index of the cut among those of its fault
 */
export function sideOf(
  cut: Cut,
  index: number,
  id: string,
  options: CutOptions,
  snapshot: Snapshot,
): Side {
  const { node } = cut;
  const table = `holdfast_${id.replaceAll('-', '_')}`;
  const routers = new Map<string, readonly string[]>();
  const elements = (name: 'from' | 'to'): Elements => {
    const of = (family: 'ip' | 'ip6'): string => {
      const others = addressesOf(cut[name], node, snapshot);
      const own = others.filter((one) => familyOf(one) === family);
      if (own.length === 0 || options.traffic === 'datastore') return own.join(', ');
      routers.set(`${name}_${family}`, own);
      return `${own.join(', ')}$${name}_${family}`;
    };
    return { ip: of('ip'), ip6: of('ip6') };
  };
  const except = exceptOf(node);
  const ruleset: Ruleset = {
    table,
    from: elements('from'),
    to: elements('to'),
    ...(options.traffic === 'datastore' ? { ports: datastorePorts(snapshot) } : {}),
    fate: options.fate,
    ...(except === undefined ? {} : { except }),
  };
  const others = othersOf(cut);
  const one = others[index % others.length] ?? node;
  return {
    node: node.name,
    table,
    file: quote(`/run/holdfast/${id}.nft`),
    routers,
    ruleset,
    door: doorOf(node, one, snapshot),
    peers: others.map(({ name }) => name),
    peer: { node: one.name, door: doorOf(one, node, snapshot) },
    ...(options.flapping === undefined ? {} : { flapping: options.flapping }),
    // No id has a dot in it, so that this is never the unit of another fault's timer.
    unit: quote(`holdfast-${id}.flap.service`),
    script: quote(`/run/holdfast/${id}.flap`),
  };
}

/** What the controller needs of a node. */
function exceptOf({ controller, apiServer }: NodeFacts): Ruleset['except'] {
  if (controller === undefined) return undefined;
  const api = apiServer === undefined ? '' : new URL(apiServer).port;
  const ports = [controller.port, ...(apiServer === undefined ? [] : [Number(api || 443)])];
  return { address: controller.address, ports };
}

/** Addresses of some nodes, without what another has too, such as one that moves between them. */
export function addressesOf(
  nodes: readonly NodeFacts[],
  but: NodeFacts,
  snapshot: Snapshot,
): readonly string[] {
  const not = ownAddresses(but, snapshot);
  const all = nodes.flatMap((node) => ownAddresses(node, snapshot));
  return [...new Set(all)].filter((one) => !not.includes(one));
}

/** A datastore may have a network of its own, which the Node object does not know. */
function ownAddresses({ name, addresses }: NodeFacts, snapshot: Snapshot): readonly string[] {
  const host = doorOfMember(memberOn(snapshot, name))?.address;
  return host === undefined ? addresses : [host, ...addresses];
}

/** Members talk on the port of their address; the service's own port may be another. */
function datastorePorts({ datastore, services }: Snapshot): readonly number[] {
  const ports = datastore.members.map((member) => doorOfMember(member)?.port);
  return [...new Set([...ports, services.datastore.port])].filter((port) => port !== undefined);
}

/** Where a node is tried: at its member if that runs, else at its kubelet. */
function doorOf(node: NodeFacts, seenFrom: NodeFacts, snapshot: Snapshot): Door {
  const member = memberOn(snapshot, node.name);
  const door = member?.answers === true ? doorOfMember(member) : undefined;
  const [address = ''] = addressesOf([node], seenFrom, snapshot);
  return door ?? { address, port: kubeletPort };
}

/** The address and port of a member; undefined if it has a name for an address. */
function doorOfMember(member: Member | undefined): Door | undefined {
  const found = /^\[?([\d.]+|[\da-f:]+)\]?:(\d+)$/i.exec(member?.address ?? '');
  return found === null ? undefined : { address: found[1] ?? '', port: Number(found[2]) };
}
