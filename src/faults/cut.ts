/**
 * What the faults of the network share: some nodes no longer take packets from some others, or no longer send them.
 *
 * Needs root, nftables, iproute2, bash and `timeout` on the targets. Leaves a table of its own, `inet holdfast_<id>`,
 * and its text in /run/holdfast; undo removes both, and so does a reboot. What the controller needs, SSH and the API,
 * is let through also where it comes from the address of a node that is cut off.
 */
import { z } from 'zod';
import { cutOff, type Apart } from '../model/quorum.ts';
import { memberOn } from '../model/snapshot.ts';
import type { DesignContext, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';
import type { Fate } from './ruleset.ts';
import { inject, prepare, undo } from './cut-acts.ts';
import { bit, gone } from './cut-proofs.ts';
import { addressesOf, othersOf, sideOf, type Cut, type CutOptions } from './side.ts';

export const direction = z
  .enum(['both', 'in', 'out'])
  .describe(
    'Which packets: both, in (the target is deaf: what others send does not reach it), or out (it is mute)',
  );

export const traffic = z
  .enum(['all', 'datastore'])
  .describe(
    "all, with that of the target's pods, or only that of the datastore's port, as client and as server",
  );

export const how = z
  .enum(['drop', 'reject'])
  .describe('drop: silence, as of a cut cable; reject: a refusal at once, as of a closed port');

type Direction = z.output<typeof direction>;
type Traffic = z.output<typeof traffic>;

/** What a person may say of a cut. */
export interface CutFields {
  readonly direction: Direction;
  readonly traffic: Traffic;
  readonly how: z.output<typeof how>;
}

/** A cut in words: "cut pi1 off from pi2, pi3". */
export function sayCut(
  { direction, traffic, how }: CutFields,
  targets: readonly NodeFacts[],
  others: readonly NodeFacts[] | 'every other node',
): string {
  const names = (nodes: readonly NodeFacts[]): string => nodes.map(({ name }) => name).join(', ');
  const from = typeof others === 'string' ? others : names(others);
  const who = names(targets);
  const deed = {
    both: `cut ${who} off from ${from}`,
    in: `make ${who} deaf to ${from}`,
    out: `make ${who} mute towards ${from}`,
  };
  return (
    deed[direction] +
    (traffic === 'datastore' ? ", on the datastore's port" : '') +
    (how === 'reject' ? ', refusing at once' : '')
  );
}

/** Those of some nodes that have a part in some traffic: without a member, a node has none in the datastore's. */
export function taking(
  which: Traffic,
  nodes: readonly NodeFacts[],
  snapshot: Snapshot,
): readonly NodeFacts[] {
  if (which === 'all') return nodes;
  return nodes.filter(({ name }) => memberOn(snapshot, name) !== undefined);
}

/** All nodes but one. */
export function allBut(node: NodeFacts, { nodes }: Snapshot): readonly NodeFacts[] {
  return nodes.filter(({ name }) => name !== node.name);
}

/** Between a node and some others, in some direction. */
export function cutBetween(node: NodeFacts, others: readonly NodeFacts[], which: Direction): Cut {
  return { node, from: which === 'out' ? [] : others, to: which === 'in' ? [] : others };
}

/** The intent of some cuts, each on a node of its own, or why they cannot be made. */
export function cutIntent(
  cuts: readonly Cut[],
  options: CutOptions,
  { id, snapshot }: DesignContext,
): Intent | Impossible {
  const reason = whyNot(cuts, options, snapshot);
  if (reason !== undefined) return { impossible: reason };
  const apart = isWhole(options.fate) ? cuts.flatMap((cut) => membersApart(cut, snapshot)) : [];
  const sides = cuts.map((cut, index) => sideOf(cut, index, id, options, snapshot));
  const names = cuts.map(({ node }) => node.name);
  return {
    id,
    fault: options.fault,
    says: options.says,
    targets: names,
    ...(options.traffic === 'datastore' ? { service: 'datastore' } : {}),
    holds: [...new Set(cuts.flatMap(pairs))],
    membersDown: cutOff(snapshot, apart),
    membersApart: apart,
    ...lossOf(cuts, options),
    podsHit: options.traffic === 'datastore' ? [] : podsOn(names, snapshot),
    prepare: sides.map((side) => ({ on: side.node, sh: prepare(side) })),
    inject: sides.map((side) => ({ on: side.node, sh: inject(side) })),
    bit: sides.flatMap(bit),
    undo: sides.map((side) => ({ on: side.node, sh: undo(side) })),
    gone: sides.flatMap(gone),
    undoBy: 'node-timer',
  };
}

function podsOn(nodes: readonly string[], { pods }: Snapshot): readonly string[] {
  return pods
    .filter(({ node }) => nodes.includes(node))
    .map(({ namespace, name }) => `${namespace}/${name}`);
}

function whyNot(
  cuts: readonly Cut[],
  { traffic, fate }: CutOptions,
  snapshot: Snapshot,
): string | undefined {
  for (const cut of cuts) {
    const { name, addresses, controller } = cut.node;
    const others = othersOf(cut);
    if (others.length === 0)
      return (
        `there is no other node ${traffic === 'datastore' ? 'with a member of the datastore ' : ''}` +
        `that ${name} could be cut off from`
      );
    const unknown = others.find((other) => addressesOf([other], cut.node, snapshot).length === 0);
    if (unknown !== undefined)
      return `no address of ${unknown.name} is known that is not one of ${name} too`;
    const here =
      controller !== undefined &&
      (addresses.includes(controller.address) || isLoopback(controller.address));
    if (here && traffic === 'all' && isWhole(fate))
      return `Holdfast runs on ${name} itself, and could not reach the others to prove anything; run it elsewhere`;
  }
  return undefined;
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.');
}

function lossOf(cuts: readonly Cut[], { flapping }: CutOptions): Pick<Intent, 'loss'> {
  if (flapping !== undefined) return { loss: 'brief' };
  return cuts.every(({ to }) => to.length === 0) ? { loss: 'deaf' } : {};
}

/** Does nothing come through? */
function isWhole(fate: Fate): boolean {
  return typeof fate === 'string' || fate.perMillion === 1e6;
}

function pairs(cut: Cut): readonly string[] {
  return othersOf(cut).map(
    ({ name }) => `network between ${[cut.node.name, name].sort().join(' and ')}`,
  );
}

/** TCP needs both ways: a cut in one of them separates two members as well as one in both. */
function membersApart(cut: Cut, snapshot: Snapshot): readonly Apart[] {
  const own = memberOn(snapshot, cut.node.name);
  if (own === undefined) return [];
  return othersOf(cut).flatMap(({ name }): readonly Apart[] => {
    const other = memberOn(snapshot, name);
    return other === undefined ? [] : [[own.id, other.id]];
  });
}
