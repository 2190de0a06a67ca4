/**
 * Destroys datastore members with all their data, as dead disks do, and takes it back as an operator recovers: while a
 * majority is left, each lost node joins anew; with less, the cluster is formed again from one survivor; with none,
 * from a copy of one member's data that was made before.
 *
 * What is lost stays lost: the state of after the copy, or what the survivor had not heard of. Whoever runs it has
 * consented to that (class destroys-data). Needs room for the copy on one node, under /var/lib/holdfast.
 * @see https://microk8s.io/docs/restore-quorum
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import { quote } from '../model/quote.ts';
import { quorumKept } from '../model/quorum.ts';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { controlOf } from './control/of.ts';
import {
  datastoreUnit,
  isListed,
  joinAnew,
  membersOn,
  scriptsOf,
  serves,
  settings,
  unmanaged,
  type MemberNode,
} from './membership.ts';

export interface DestroyDataParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
}

export const destroyData = {
  summary: 'destroy datastore members with all their data, as dead disks do',
  example: { target: 'follower' },
  schema: z.strictObject({ target: selector, count: count.default('one') }),
  design,
} satisfies Fault<DestroyDataParams>;

function design(
  _: DestroyDataParams,
  { id, targets, snapshot }: DesignContext,
): Intent | Impossible {
  const refused = unmanaged(snapshot);
  if (refused !== undefined) return refused;
  const victims = membersOn(targets, snapshot);
  const all = membersOn(snapshot.nodes, snapshot);
  const down = victims.map(({ member }) => member.id);
  const survivors = all.filter(({ member }) => member.answers && !down.includes(member.id));
  const [first] = victims;
  if (first === undefined || victims.length < targets.length)
    return { impossible: 'one of the targets has no member of the datastore' };
  // A voter has what was acknowledged, or most of it; a stand-by may be behind.
  const source = survivors.find(({ member }) => member.role === 'voter') ?? survivors[0];
  const kept = quorumKept(snapshot, down);
  const names = victims.map(({ node }) => node);
  const restart = controlOf(snapshot.services.datastore).keptDown(id);
  return {
    id,
    fault: 'destroy-data',
    says: `destroy the datastore's data on ${names.join(', ')}; ${recoverySays(kept, source, first)}`,
    targets: names,
    service: 'datastore',
    holds: (kept ? victims : all).map(({ node }) => `${node}/${datastoreUnit(snapshot)}`),
    membersDown: down,
    podsHit: [],
    prepare: [
      ...(source === undefined ? [{ on: first.node, sh: save(id, snapshot) }] : []),
      ...victims.map(({ node }) => ({ on: node, sh: restart.before ?? 'true' })),
    ],
    inject: victims.map(({ node }) => ({ on: node, sh: destroy(snapshot) })),
    bit: victims.map(({ node }) => isDestroyed(node, snapshot)),
    undo: [
      ...victims.map(({ node }) => ({ on: node, sh: `status=0\n${restart.allow}\nexit $status` })),
      ...(kept
        ? victims.map((one) => ({ on: one.node, sh: joinAnew(one, survivors, snapshot) }))
        : formAgain(id, source, first, all, snapshot)),
    ],
    gone: [
      ...victims.map(({ node }) => ({
        from: node,
        says: 'nothing of the fault is left on the node',
        sh: restart.isGone,
      })),
      ...all.flatMap((one) => [
        serves(one.node, snapshot),
        isListed(one.node, one.member, kept ? survivors : [source ?? first], snapshot),
      ]),
    ],
    undoBy: 'journal',
  };
}

function recoverySays(kept: boolean, source: MemberNode | undefined, first: MemberNode): string {
  if (kept) return 'they join anew afterwards';
  if (source !== undefined) return `the cluster is formed again from ${source.node} afterwards`;
  return `the cluster is restored afterwards from a copy made before on ${first.node}`;
}

function copyOf(id: string): string {
  return quote(`/var/lib/holdfast/${id}.tar`);
}

/** Stopped for a moment, so that the copy is of one state; the others go on meanwhile. */
function save(id: string, snapshot: Snapshot): string {
  const { datastore } = snapshot;
  const unit = quote(datastoreUnit(snapshot));
  return [
    'mkdir -p /var/lib/holdfast || exit 1',
    `systemctl stop ${unit} || exit 1`,
    `tar -C ${quote(datastore.folder)} -cf ${copyOf(id)} .`,
    'saved=$?',
    `systemctl start ${unit} || exit 1`,
    `sync -f ${copyOf(id)}`,
    'exit $saved',
  ].join('\n');
}

function destroy(snapshot: Snapshot): string {
  const unit = quote(datastoreUnit(snapshot));
  return [`systemctl kill -s SIGKILL --kill-who=all ${unit}`, scriptsOf(snapshot).wipe].join('\n');
}

function isDestroyed(node: string, snapshot: Snapshot): Proof {
  const { services, datastore } = snapshot;
  return {
    from: node,
    says: `${services.datastore.process} is dead and its data is gone`,
    sh: [
      `state=$(systemctl show -p ActiveState --value ${quote(datastoreUnit(snapshot))}) || exit 2`,
      `[ -d ${quote(datastore.folder)} ] || exit 2`,
      '[ "$state" = failed ] || [ "$state" = inactive ] || exit 1',
      `[ ! -e ${quote(`${datastore.folder}/info.yaml`)} ] && [ ! -e ${quote(`${datastore.folder}/metadata1`)} ]`,
    ].join('\n'),
  };
}

/** Without one: one node is made the only member of a new cluster, and all others join it with nothing of their own. */
function formAgain(
  id: string,
  survivor: MemberNode | undefined,
  first: MemberNode,
  all: readonly MemberNode[],
  snapshot: Snapshot,
): readonly Act[] {
  const source = survivor ?? first;
  const { 'api-server': apiServer } = snapshot.services;
  // What an API server remembers is of a state that there is no more.
  const restart = `systemctl restart --no-block ${'unit' in apiServer ? quote(apiServer.unit) : ''}`;
  return [
    { on: source.node, sh: `${reform(id, source, survivor === undefined, snapshot)}\n${restart}` },
    ...all
      .filter(({ node }) => node !== source.node)
      .map((one) => ({ on: one.node, sh: `${joinAnew(one, [source], snapshot)}\n${restart}` })),
  ];
}

function reform(id: string, source: MemberNode, fromCopy: boolean, snapshot: Snapshot): string {
  const { datastore } = snapshot;
  const unit = quote(datastoreUnit(snapshot));
  const restore = [
    `( ${scriptsOf(snapshot).wipe}\n ) || exit 1`,
    `tar -C ${quote(datastore.folder)} -xf ${copyOf(id)} || exit 1`,
  ];
  return [
    settings(source.member, [source]),
    `if ! ${scriptsOf(snapshot).list} >/dev/null 2>&1; then`,
    `systemctl stop ${unit} || exit 1`,
    ...(fromCopy ? restore : []),
    `( ${scriptsOf(snapshot).reform}\n ) || exit 1`,
    'fi',
    `systemctl reset-failed ${unit} 2>/dev/null`,
    `systemctl start ${unit} || exit 1`,
    ...(fromCopy ? [`rm -f ${copyOf(id)}`, 'rmdir /var/lib/holdfast 2>/dev/null'] : []),
    'true',
  ].join('\n');
}
