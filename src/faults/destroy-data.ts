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
import { nodeNamed, type Snapshot } from '../model/snapshot.ts';
import { controlOf } from './control/of.ts';
import {
  isListed,
  joinAnew,
  joinMs,
  membersOn,
  serves,
  settings,
  undoneBy,
  type MemberNode,
} from './membership.ts';
import { lines } from './script.ts';

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
  const control = controlOf(snapshot.services.datastore);
  const restart = control.keptDown(id);
  return {
    id,
    fault: 'destroy-data',
    says: `destroy the datastore's data on ${names.join(', ')}; ${recoverySays(kept, source, first)}`,
    targets: names,
    service: 'datastore',
    holds: (kept ? victims : all).map(({ node }) => `${node}/${control.name}`),
    membersDown: down,
    podsHit: [],
    prepare: [
      ...(source === undefined ? [{ on: first.node, sh: save(id, snapshot) }] : []),
      ...victims.map(({ node }) => ({ on: node, sh: restart.before ?? 'true' })),
    ],
    inject: victims.map(({ node }) => ({ on: node, sh: destroy(snapshot) })),
    bit: victims.map(({ node }) => isDestroyed(node, snapshot)),
    undo: [
      ...(kept
        ? victims.map((one) => ({ on: one.node, sh: joinAnew(one, survivors, snapshot) }))
        : formAgain(id, source, first, all, snapshot)),
      // Not before, as what is given back may start at once, and found a cluster of its own without data.
      ...victims.map(({ node }) => ({ on: node, sh: `status=0\n${restart.allow}\nexit $status` })),
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
    goneWithinMs: kept ? joinMs : 2 * joinMs,
    undoBy: all.every(({ node }) => undoneBy({ name: node }, snapshot) === 'boot')
      ? 'boot'
      : 'journal',
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

/** The service is held still for a moment, so that the copy is of one state; the others go on meanwhile. */
function save(id: string, { datastore, services }: Snapshot): string {
  return lines(
    'mkdir -p /var/lib/holdfast || exit 1',
    controlOf(services.datastore).data.still(
      `tar -C ${quote(datastore.folder)} -cf ${copyOf(id)} .`,
    ),
    'saved=$?',
    `sync -f ${copyOf(id)}`,
    'exit $saved',
  );
}

function destroy({ datastore, services }: Snapshot): string {
  return lines(controlOf(services.datastore).data.wreck, datastore.scripts.wipe);
}

function isDestroyed(node: string, { services, datastore }: Snapshot): Proof {
  return {
    from: node,
    says: `${services.datastore.process} is dead and its data is gone`,
    sh: lines(
      `[ -d ${quote(datastore.folder)} ] || exit 2`,
      `( ${controlOf(services.datastore).runs}\n )`,
      'case $? in 0) exit 1 ;; 1) ;; *) exit 2 ;; esac',
      `! ( ${datastore.scripts.hasData}\n )`,
    ),
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
  // What an API server remembers is of a state that there is no more.
  const forget = `( ${controlOf(snapshot.services['api-server']).restart}\n )`;
  const without = snapshot.nodes.filter(
    ({ name, controlPlane }) => controlPlane && !all.some(({ node }) => node === name),
  );
  const scriptOf = (one: MemberNode): string =>
    one.node === source.node
      ? reform(id, source, survivor === undefined, snapshot)
      : joinAnew(one, [source], snapshot);
  const isServer = (name: string): boolean => nodeNamed(snapshot, name).controlPlane;
  return [
    ...all.map((one) => ({
      on: one.node,
      sh: isServer(one.node) ? lines(scriptOf(one), forget) : scriptOf(one),
    })),
    ...without.map(({ name }) => ({ on: name, sh: forget })),
  ];
}

function reform(
  id: string,
  source: MemberNode,
  fromCopy: boolean,
  { datastore: { folder, scripts }, services }: Snapshot,
): string {
  const { data } = controlOf(services.datastore);
  const restore = [
    // Done before, it is there no more.
    `if [ -e ${copyOf(id)} ]; then`,
    `( ${scripts.wipe}\n ) || exit 1`,
    `tar -C ${quote(folder)} -xf ${copyOf(id)} || exit 1`,
    'fi',
  ];
  return lines(
    settings(source.member, [source]),
    `has_data() { ${scripts.hasData}; }`,
    `joining() { ${scripts.joining}; }`,
    `if ! joining && ! { has_data && ${scripts.list} >/dev/null 2>&1; }; then`,
    data.halt,
    ...(fromCopy ? restore : []),
    `( ${scripts.reform}\n ) || exit 1`,
    'fi',
    `( ${data.resume}\n ) || exit 1`,
    ...(fromCopy ? [`rm -f ${copyOf(id)}`, 'rmdir /var/lib/holdfast 2>/dev/null'] : []),
    'true',
  );
}
