import { leftovers } from '../../acts/leftovers.ts';
import { messageOf, type World } from '../../acts/world.ts';
import { voters, type Snapshot } from '../../model/snapshot.ts';
import { redesign } from '../../plan/plan.ts';
import { isRefusal } from '../../plan/refusal.ts';
import { illness } from '../../run/illness.ts';
import { findLocks, sayLock, sayWhatNow } from '../../run/lockfile.ts';
import { tables } from '../context.ts';
import { notFit, ok, warning, type Finding } from './finding.ts';

/** Is it well, and can it lose a member? */
export function datastoreFitness(snapshot: Snapshot): readonly Finding[] {
  const ill = illness(snapshot);
  const { kind, version, members } = snapshot.datastore;
  const standbys = members.filter(({ role }) => role === 'stand-by').length;
  const has = `${kind} ${version}: ${voters(snapshot).length} voters, ${standbys} stand-by`;
  const dns = snapshot.pods.filter(({ labels }) => labels['k8s-app'] === 'kube-dns').length;
  return [
    ill === undefined
      ? ok('health', `${snapshot.nodes.length} nodes, Kubernetes ${snapshot.cluster.kubernetes}`)
      : notFit('health', ill, 'mend it first: a run would break nothing'),
    voters(snapshot).length < 3
      ? notFit('quorum', has, 'add control planes: fewer than three voters survive no loss')
      : standbys === 0 && kind === 'dqlite'
        ? warning('quorum', has, 'add a control plane: nobody can take the place of a lost voter')
        : ok('quorum', has),
    ...(dns === 1
      ? [
          warning(
            'dns',
            'one DNS pod: if its node is lost, names are not resolved for minutes',
            'give CoreDNS a second replica',
          ),
        ]
      : []),
  ];
}

/** What earlier runs have left, and who is at work now. */
export async function traces(nodes: readonly string[], world: World): Promise<readonly Finding[]> {
  const [left, locks] = await Promise.all([leftovers(nodes, world), findLocks(nodes, world)]);
  const held = locks[0];
  return [
    left.length === 0
      ? ok('leftovers', 'nothing of an earlier run is on the nodes')
      : notFit('leftovers', left.join('; '), 'say: holdfast heal --all --cluster FILE'),
    held === undefined
      ? ok('lock', 'nobody holds the cluster')
      : notFit('lock', sayLock(held), sayWhatNow(held)),
  ];
}

/** Does each power device say what it does? */
export async function powerFitness(
  nodes: readonly string[],
  { power }: World,
): Promise<readonly Finding[]> {
  const without = nodes.filter((node) => !power.has(node));
  const asked = await Promise.all(
    [...power].map(async ([node, device]): Promise<Finding> => {
      try {
        const state = await device.state();
        const says = `the device of ${node} says ${state}`;
        if (state === 'on') return ok('power', says);
        return notFit('power', says, `switch it on, or correct the power command of ${node}`);
      } catch (error) {
        return notFit('power', messageOf(error), `correct the power command of ${node}`);
      }
    }),
  );
  if (without.length === 0) return asked;
  const says = `no power device: ${without.join(', ')}`;
  return [...asked, warning('power', says, 'give them one in the cluster file to cut their power')];
}

/** What keeps each fault, as its example has it, from being done here. */
export function faultFitness(snapshot: Snapshot, protect: readonly string[]): readonly Finding[] {
  const reasons = Object.entries(tables.faults).flatMap(([fault, { schema, example }]) => {
    const step = { kind: 'fault', id: fault, fault, params: schema.parse(example) } as const;
    const scenario = { ...noScenario, class: ['breaks-quorum'] } as const;
    const plan = { scenario, seed: 1, run: 'doctor-000000', protect };
    const designed = redesign(step, snapshot, plan, [], tables.faults);
    return isRefusal(designed) ? [`${fault}: ${designed.reason}`] : [];
  });
  const all = Object.keys(tables.faults).length;
  const can = `${all - reasons.length} of ${all} faults can be done here, as their examples have them`;
  return [
    ok('faults', can),
    ...reasons.map((reason) => warning('faults', reason, 'other faults are not affected')),
  ];
}

const noScenario = { name: 'doctor', title: '', claim: '', needs: {}, steps: [], expect: [] };
