/** Lies about changes of workloads: an API that says yes and stores nothing, and controllers that do nothing. */
import { rollback } from '../../../faults/rollback.ts';
import { scale } from '../../../faults/scale.ts';
import { switchService } from '../../../faults/switch.ts';
import { update } from '../../../faults/update.ts';
import { isImpossible, type Impossible } from '../../../model/fault.ts';
import type { Intent } from '../../../model/intent.ts';
import { deploymentOf } from '../../deployment.ts';
import { designContext } from '../../design.ts';
import { scriptedWorld } from '../../scripted-world.ts';
import { snapshotOf } from '../../snapshot.ts';
import { healed, injected } from './injected.ts';
import type { Lie, Said } from './lie.ts';
import { withApi } from './of-the-api.ts';

const web = deploymentOf();
const name = 'holdfast/web';
const blue = { app: 'web', version: 'v1' };
const green = { app: 'web', version: 'v2' };
const objects = {
  deployments: { [name]: web },
  services: { [name]: { uid: web.uid, selector: blue } },
};
const context = designContext([], snapshotOf(undefined, { objects }));
const updating = must(update.design({ deployment: name, image: 'nginx:1.28' }, context));
const back = must(rollback.design({ deployment: name }, { ...context, standing: [updating] }));
const scaling = must(scale.design({ deployment: name, replicas: 6 }, context));
const switching = must(switchService.design({ service: name, selector: green }, context));

/** How far an API and its controllers can be believed. */
interface Served {
  /** What is patched is stored. */
  readonly stores: boolean;
  /** The controller takes note of what is stored. */
  readonly observes: boolean;
  /** So many pods are up to date and available. */
  readonly available: number;
  readonly uid: string;
  readonly spec: Readonly<Record<string, unknown>>;
}

const honest: Served = {
  ...{ stores: true, observes: true, available: 3, uid: web.uid },
  spec: { replicas: 3, template: web.template, selector: blue },
};

export const changeLies: readonly Lie[] = [
  bites(
    'the API says 200 to an update and stores nothing',
    updating,
    { stores: false },
    /holdfast\/web has the new template: no \(null\)/,
  ),
  bites(
    'the update is stored, and the controller of Deployments does not take note of it',
    updating,
    { observes: false },
    /new template: no \(its controller has not taken note of it yet\)/,
  ),
  bites(
    'the Deployment was made anew under its name just before the update',
    updating,
    { uid: 'another' },
    /new template: no \(there is no such object any more\)/,
  ),
  bites(
    'the API says 200 to a rollback, and the new template stays',
    back,
    { stores: false, spec: { template: { spec: {} } } },
    /has the template of before: no/,
  ),
  bites(
    'the rollback is stored, and the controller sleeps',
    back,
    { observes: false },
    /its controller has not taken note of it yet/,
  ),
  bites(
    'the API says 200 to a scaling and stores nothing',
    scaling,
    { stores: false },
    /wants 6 replicas: no \(3\)/,
  ),
  bites(
    'the number of replicas is stored, and no controller takes note',
    scaling,
    { observes: false },
    /its controller has not taken note of it yet/,
  ),
  bites(
    'the API says 200 to a switch, and the Service leads where it led',
    switching,
    { stores: false },
    /leads to app=web, version=v2: no \(\{"app":"web","version":"v1"\}\)/,
  ),
  goes(
    'kubectl patches the template back with success, and that of the update stays',
    updating,
    { spec: { replicas: 3, template: { spec: { containers: [] } } } },
    /has its spec\.template of before: no/,
  ),
  goes(
    'the template is that of before, and its pods do not become ready',
    updating,
    { available: 2 },
    /of 3 replicas, 2 are up to date and 2 available/,
  ),
  goes(
    'the number is that of before, and the controller does not take note',
    scaling,
    { observes: false },
    /not taken note of it yet/,
  ),
  goes(
    'kubectl patches the selector back with success, and the Service leads to green',
    switching,
    { spec: { selector: green } },
    /spec\.selector of before: no \(\{"app":"web","version":"v2"\}\)/,
  ),
];

function bites(lie: string, intent: Intent, told: Partial<Served>, because: RegExp): Lie {
  return {
    lie,
    honest: () => served(honest, (world) => injected(intent, world)),
    honestOutcome: 'bit',
    told: () => served({ ...honest, ...told }, (world) => injected(intent, world)),
    outcome: 'missed',
    because,
  };
}

function goes(lie: string, intent: Intent, told: Partial<Served>, because: RegExp): Lie {
  return {
    lie,
    honest: () => served(honest, (world) => healed(intent, world)),
    honestOutcome: 'gone',
    told: () => served({ ...honest, ...told }, (world) => healed(intent, world)),
    outcome: 'residue',
    because,
  };
}

type World = ReturnType<typeof scriptedWorld>;

function served(
  { stores, observes, available, uid, spec: before }: Served,
  work: (world: World) => Promise<Said>,
): Promise<Said> {
  let spec = before;
  let generation = 1;
  return withApi(
    ({ method, body }) => {
      if (method === 'PATCH') {
        generation += 1;
        if (stores) spec = patched(spec, body as readonly Operation[]);
      }
      const pods = { replicas: 3, updatedReplicas: available, availableReplicas: available };
      const observedGeneration = observes ? generation : generation - 1;
      return [
        200,
        { metadata: { uid, generation }, spec, status: { observedGeneration, ...pods } },
      ];
    },
    (kube) => work(scriptedWorld({ kube })),
  );
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value: unknown;
}

function patched(spec: Served['spec'], operations: readonly Operation[]): Served['spec'] {
  const replaced = operations
    .filter(({ op }) => op === 'replace')
    .map(({ path, value }) => [path.replace('/spec/', ''), value] as const);
  return { ...spec, ...Object.fromEntries(replaced) };
}

function must(designed: Intent | Impossible): Intent {
  if (isImpossible(designed)) throw new Error(designed.impossible);
  return designed;
}
