import { memberOn } from '../model/snapshot.ts';
import type { Random } from '../model/random.ts';
import type { Selector } from '../model/scenario.ts';
import type { Member, NodeFacts, Snapshot } from '../model/snapshot.ts';

/**
 * The nodes that a selector means in this cluster: one, or none if there is no such.
 * Members that do not answer are never picked by role: killing the dead proves nothing.
 */
export function pick(selector: Selector, snapshot: Snapshot, random: Random): readonly NodeFacts[] {
  if (typeof selector === 'object')
    return snapshot.nodes.filter((node) => node.name === selector.node);
  const candidates = snapshot.nodes.filter((node) => {
    const member = memberOn(snapshot, node.name);
    return member?.answers === true && plays(selector, member, snapshot);
  });
  const picked = random.pick(candidates);
  return picked === undefined ? [] : [picked];
}

/** Words for a selector that found nothing. */
export function sayNobody(selector: Selector, snapshot: Snapshot): string {
  const { name } = snapshot.cluster;
  if (typeof selector === 'object')
    return `there is no node "${selector.node}" in ${name}; its nodes: ${snapshot.nodes.map((node) => node.name).join(', ')}`;
  return `no node of ${name} is the ${selector} with a datastore member that answers`;
}

function plays(selector: Exclude<Selector, object>, member: Member, snapshot: Snapshot): boolean {
  const leads = member.id === snapshot.datastore.leader;
  switch (selector) {
    case 'leader':
      return leads;
    case 'follower':
      return member.role === 'voter' && !leads;
    case 'stand-by':
      return member.role === 'stand-by';
  }
}
