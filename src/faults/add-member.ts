/**
 * Lets a control plane that is no member of the datastore (any more) join it anew, as a fresh machine that takes the
 * place of another. Taken back, it is removed again.
 */
import { z } from 'zod';
import { selector } from '../model/fields.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Selector } from '../model/scenario.ts';
import type { Member } from '../model/snapshot.ts';
import { controlOf } from './control/of.ts';
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

export interface AddMemberParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
}

export const addMember = {
  summary: 'let a control plane that is no member of the datastore join it',
  example: { target: { node: 'pi4' } },
  schema: z.strictObject({ target: selector }),
  design,
} satisfies Fault<AddMemberParams>;

function design(_: AddMemberParams, { id, targets, snapshot }: DesignContext): Intent | Impossible {
  const [target, ...more] = targets;
  if (target === undefined || more.length > 0 || !target.controlPlane)
    return { impossible: 'members join one at a time; aim at one control plane' };
  if (membersOn(targets, snapshot).length > 0)
    return {
      impossible: `the node ${target.name} has a member of the datastore; remove it before`,
    };
  const servers = membersOn(snapshot.nodes, snapshot).filter(({ member }) => member.answers);
  const [witness] = servers;
  if (witness === undefined) return { impossible: 'no member answers that could be joined' };
  const { scripts } = snapshot.datastore;
  const member = newMember(target.name, target.address, witness.member);
  return {
    id,
    fault: 'add-member',
    says: `let ${target.name} (${member.address}) join the datastore`,
    targets: [target.name],
    holds: [`${target.name}/member`],
    membersDown: [],
    podsHit: [],
    prepare: [],
    inject: [{ on: target.name, sh: joinAnew({ node: target.name, member }, servers, snapshot) }],
    bitWithinMs: joinMs,
    bit: [isListed(witness.node, member, servers, snapshot), serves(target.name, snapshot)],
    // By itself, and in this order: its clean stop would hand its role over while it is being removed.
    undo: [
      {
        on: target.name,
        sh: [
          settings(member, servers),
          `( ${scripts.abandon}\n ) || exit 1`,
          `answer=$(${scripts.list}) || exit 1`,
          `case $answer in *"\\"$MEMBER\\""*) ( ${scripts.remove}\n ) || exit 1 ;; esac`,
          controlOf(snapshot.services.datastore).data.retire,
        ].join('\n'),
      },
    ],
    gone: [isNotListed(witness.node, member, servers, snapshot)],
    undoBy: undoneBy(target, snapshot),
  };
}

/** Its id is the datastore's to give; its port is that of the others. */
function newMember(node: string, address: string, other: Member): Member {
  const port = other.address.slice(other.address.lastIndexOf(':'));
  return { id: '', address: `${address}${port}`, node, role: 'spare', answers: false };
}
