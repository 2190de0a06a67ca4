import { quote } from '../model/quote.ts';
import { memberOn, type Member, type NodeFacts, type Snapshot } from '../model/snapshot.ts';
import type { Intent, Proof } from '../model/intent.ts';
import { controlOf } from './control/of.ts';
import { lines } from './script.ts';

/**
 * How long a node may take to join: a wrapper may wait six seconds, the log has to come over, and a kubelet, which waits
 * for the end of a pod before it starts another, has to do so twice.
 */
export const joinMs = 240_000;

/** A control plane, or a machine of the datastore alone, and its datastore member. */
export interface MemberNode {
  readonly node: string;
  readonly member: Member;
}

/** The members on some nodes; a node without one is left out. */
export function membersOn(nodes: readonly NodeFacts[], snapshot: Snapshot): readonly MemberNode[] {
  return nodes.flatMap(({ name }) => {
    const member = memberOn(snapshot, name);
    return member === undefined ? [] : [{ node: name, member }];
  });
}

/** Sets what a script of the platform reads: the member that is meant, and those that may be asked. */
export function settings(member: Member, servers: readonly MemberNode[]): string {
  const addresses = servers.map((one) => one.member.address).join(',');
  return `MEMBER=${quote(member.address)}\nSERVERS=${quote(addresses)}`;
}

/**
 * Lets the node of a member that was removed, or has lost its data, join anew: under an id of its own, without any data
 * of before. Done already, or under way, it does nothing more: joining takes longer than an undo may wait.
 */
export function joinAnew(
  { member }: MemberNode,
  servers: readonly MemberNode[],
  { datastore: { scripts }, services }: Snapshot,
): string {
  const { data } = controlOf(services.datastore);
  return lines(
    settings(member, servers),
    `listed() { ${scripts.list} | grep -qF "\\"$MEMBER\\""; }`,
    `has_data() { ${scripts.hasData}; }`,
    `joining() { ${scripts.joining}; }`,
    'if ! joining && ! { has_data && listed; }; then',
    // It is the old member of a node that has lost its data: the new one will have another id.
    `if listed; then ( ${scripts.remove}\n ) || exit 1; fi`,
    data.halt,
    `( ${scripts.wipe}\n ) || exit 1`,
    `( ${scripts.join}\n ) || exit 1`,
    'fi',
    data.resume,
  );
}

/** Is the member in the configuration, by the word of others? Without an answer from them it is not known. */
export function isListed(
  from: string,
  member: Member,
  servers: readonly MemberNode[],
  snapshot: Snapshot,
): Proof {
  return listed(from, member, listing(member, servers, snapshot), true);
}

/** Is it not? */
export function isNotListed(
  from: string,
  member: Member,
  servers: readonly MemberNode[],
  snapshot: Snapshot,
): Proof {
  return listed(from, member, listing(member, servers, snapshot), false);
}

function listed(from: string, { address }: Member, script: string, wanted: boolean): Proof {
  const [is, found] = wanted ? ['is', 'yes'] : ['is not', 'no'];
  return {
    from,
    says: `the member at ${address} ${is} in the configuration`,
    sh: `${script}\n[ "$found" = ${found} ]`,
  };
}

function listing(member: Member, servers: readonly MemberNode[], snapshot: Snapshot): string {
  return [
    settings(member, servers),
    `answer=$(${snapshot.datastore.scripts.list}) || exit 2`,
    'case $answer in *"\\"$MEMBER\\""*) found=yes ;; *Address*) found=no ;; *) exit 2 ;; esac',
  ].join('\n');
}

/** Who takes back what is done on a node alone: the node itself, unless it is not there to be told so. */
export function undoneBy({ name }: Pick<NodeFacts, 'name'>, { nodes }: Snapshot): Intent['undoBy'] {
  return nodes.some((node) => node.name === name && node.ready) ? 'boot' : 'journal';
}

/** Has the node's member data, does its service run and serve, rather than its wrapper, and is no joining under way? */
export function serves(node: string, { services, datastore: { scripts } }: Snapshot): Proof {
  const { process, port } = services.datastore;
  const { runs } = controlOf(services.datastore);
  return {
    from: node,
    says: `${process} runs on ${node} and listens`,
    sh: [
      `( ${runs}\n ) || exit $?`,
      `( ${scripts.hasData}\n ) || exit 1`,
      `! ( ${scripts.joining}\n ) || exit 1`,
      `listening=$(ss -Hltn "sport = :${port ?? 0}") || exit 2`,
      '[ -n "$listening" ]',
    ].join('\n'),
  };
}
