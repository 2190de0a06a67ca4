import { quote } from '../model/quote.ts';
import {
  memberOn,
  type Member,
  type MemberScripts,
  type NodeFacts,
  type Snapshot,
} from '../model/snapshot.ts';
import type { Impossible } from '../model/fault.ts';
import type { Proof } from '../model/intent.ts';
import { controlOf } from './control/of.ts';

/** A control plane and its datastore member. */
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
  snapshot: Snapshot,
): string {
  const scripts = scriptsOf(snapshot);
  const unit = quote(datastoreUnit(snapshot));
  return [
    settings(member, servers),
    `listed() { ${scripts.list} | grep -qF "\\"$MEMBER\\""; }`,
    `has_data() { ${scripts.hasData}; }`,
    `joining() { ${scripts.joining}; }`,
    'if ! joining && ! { has_data && listed; }; then',
    // It is the old member of a node that has lost its data: the new one will have another id.
    `if listed; then ( ${scripts.remove}\n ) || exit 1; fi`,
    `systemctl stop ${unit} || exit 1`,
    `( ${scripts.wipe}\n ) || exit 1`,
    `( ${scripts.join}\n ) || exit 1`,
    'fi',
    `systemctl reset-failed ${unit} 2>/dev/null`,
    `systemctl start --no-block ${unit}`,
  ].join('\n');
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
    `answer=$(${scriptsOf(snapshot).list}) || exit 2`,
    'case $answer in *"\\"$MEMBER\\""*) found=yes ;; *Address*) found=no ;; *) exit 2 ;; esac',
  ].join('\n');
}

/** The unit of the datastore; `unmanaged` has refused one that runs otherwise. */
export function datastoreUnit({ services }: Snapshot): string {
  const { datastore } = services;
  if (!('unit' in datastore)) throw new Error(`the datastore runs by ${datastore.manifest}`);
  return datastore.unit;
}

/** How the platform manages members; `unmanaged` has refused one that does not. */
export function scriptsOf({ datastore: { kind, scripts } }: Snapshot): MemberScripts {
  if (scripts === undefined) throw new Error(`nobody knows how members of ${kind} are managed`);
  return scripts;
}

/** Why members cannot be removed, joined or wiped here; undefined if they can. */
export function unmanaged({ datastore, cluster }: Snapshot): Impossible | undefined {
  return datastore.scripts === undefined
    ? { impossible: `members of ${datastore.kind} are not managed yet on ${cluster.platform}` }
    : undefined;
}

/** Does the datastore's service run and serve, rather than its wrapper? */
export function serves(node: string, { services }: Snapshot): Proof {
  const { process, port } = services.datastore;
  const { runs } = controlOf(services.datastore);
  return {
    from: node,
    says: `${process} runs on ${node} and listens`,
    sh: [
      `( ${runs}\n ) || exit $?`,
      `listening=$(ss -Hltn "sport = :${port ?? 0}") || exit 2`,
      '[ -n "$listening" ]',
    ].join('\n'),
  };
}
