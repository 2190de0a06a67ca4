/**
 * Takes a member of the datastore out of its configuration, as an operator does with one that is lost for good. Taken
 * back, the node joins anew: with an id of its own and none of the data of before, as a machine that replaces another.
 * It does so by itself, through the members that were there before, if nobody comes to take it back.
 */
import { z } from 'zod';
import { selector } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Selector } from '../model/scenario.ts';
import {
  isListed,
  isNotListed,
  joinAnew,
  joinMs,
  membersOn,
  serves,
  settings,
  undoneBy,
} from './membership.ts';

export interface RemoveMemberParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
}

export const removeMember = {
  summary: "take a member out of the datastore's configuration",
  example: { target: 'follower' },
  schema: z.strictObject({ target: selector }),
  design,
} satisfies Fault<RemoveMemberParams>;

function design(
  _: RemoveMemberParams,
  { id, targets, snapshot }: DesignContext,
): Intent | Impossible {
  const [victim, ...more] = membersOn(targets, snapshot);
  const rest = snapshot.nodes.filter((node) => !targets.includes(node));
  const servers = membersOn(rest, snapshot).filter(({ member }) => member.answers);
  const [witness] = servers;
  if (victim === undefined || more.length > 0 || targets.length > 1)
    return { impossible: 'members are removed one at a time; aim at one node that has a member' };
  if (witness === undefined)
    return { impossible: `no other member answers that could remove the one of ${victim.node}` };
  const { member, node } = victim;
  return {
    id,
    fault: 'remove-member',
    says: `remove the member of ${node} (${member.address}) from the datastore's configuration`,
    targets: [node],
    service: 'datastore',
    holds: [`${node}/member`],
    membersDown: [member.id],
    podsHit: [],
    prepare: [],
    inject: [
      {
        onAny: servers.map((server) => server.node),
        sh: `${settings(member, servers)}\n${snapshot.datastore.scripts.remove}`,
      },
    ],
    bit: [isNotListed(witness.node, member, servers, snapshot)],
    undo: [{ on: node, sh: joinAnew(victim, servers, snapshot) }],
    gone: [isListed(witness.node, member, servers, snapshot), serves(node, snapshot)],
    goneWithinMs: joinMs,
    undoBy: undoneBy({ name: node }, snapshot),
  };
}
