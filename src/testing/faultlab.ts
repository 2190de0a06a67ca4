/**
 * The lab as the tests of faults use it: a fault is designed for it as it is now, put in force, looked at by something
 * other than its own proofs, and taken back.
 */
import { expect } from 'chai';
import { inject, undo } from '../acts/fault.ts';
import { leftovers } from '../acts/leftovers.ts';
import { surveyedWorld } from '../acts/surveyed-world.ts';
import type { World } from '../acts/world.ts';
import { faults } from '../faults/table.ts';
import { clusterFile } from '../lab/clusterfile.ts';
import { up, type LabWish } from '../lab/lab.ts';
import { inside } from '../lab/machine.ts';
import type { Lab } from '../lab/topology.ts';
import { openLinks } from '../links/open.ts';
import { resurvey, survey } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { Intent } from '../model/intent.ts';
import { objectsNamed, type ObjectNames } from '../model/named-objects.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { Event } from '../model/timeline.ts';
import { redesign } from '../plan/plan.ts';
import { isRefusal } from '../plan/refusal.ts';
import { startClock } from '../run/clock.ts';
import { loadCluster } from '../commands/context.ts';
import { quiet } from './quiet.ts';
import { testWish } from './wish.ts';

/** A lab that is up, and what acts reach it by. */
export interface FaultLab {
  readonly lab: Lab;
  readonly cluster: ClusterFile;
  readonly world: World;
  /** The cluster as it is now. */
  readonly survey: (objects?: ObjectNames) => Promise<Snapshot>;
  /** Runs a command on a node by the lab's own back door, never by SSH. */
  readonly on: (node: string, command: string) => Promise<string>;
  readonly close: () => void;
}

const aloneForMs = 60_000;
/** What does nothing has not bitten after so long, nor later. */
const idleMs = 2000;

/** The lab that tests share, or another, as it is now. */
export async function openFaultLab(wish: LabWish = testWish): Promise<FaultLab> {
  const lab = await up(wish, quiet);
  const cluster = loadCluster(clusterFile(lab.name));
  const { access, snapshot } = await survey(cluster);
  const links = openLinks(access);
  return {
    lab,
    cluster,
    world: surveyedWorld(cluster, snapshot, links, startClock().now),
    survey: (objects) => resurvey(cluster, links, objects && { objects }),
    on: (name, command) => {
      const node = lab.nodes.find((one) => one.name === name);
      if (node === undefined) throw new Error(`no node ${name}`);
      return inside(lab, node, command);
    },
    close: links.close,
  };
}

/**
 * Designs a fault of the table for a cluster as it is; parameters are as a person writes them.
 * @param taken how the cluster is taken to be
 */
export async function designOn(
  { survey: look }: FaultLab,
  fault: keyof typeof faults,
  written: object,
  taken: (snapshot: Snapshot) => Snapshot = (snapshot) => snapshot,
): Promise<Intent> {
  const params = faults[fault].schema.parse(written);
  const step = { kind: 'fault', id: fault, fault, params } as const;
  const now = await look(objectsNamed({ steps: [step] }));
  const intent = redesign(step, taken(now), {
    scenario: { ...noScenario, class: ['breaks-quorum'] },
    seed: 1,
    run: `test-${(Date.now() % 0xffffff).toString(16).padStart(6, '0')}`,
    protect: [],
  });
  if (isRefusal(intent)) throw new Error(intent.reason);
  return intent;
}

const noScenario = { name: 'test', title: '', claim: '', needs: {}, steps: [], expect: [] };

/** What the world is asked besides the fault's own proofs; each throws if it is not so. */
export interface Observations {
  readonly inForce: (intent: Intent) => Promise<void>;
  readonly absent: (intent: Intent) => Promise<void>;
}

/**
 * Puts a fault in force and takes it back twice, looks at both by other means, and shows that the same fault with its
 * deed taken out of it is not said to have bitten.
 */
export async function comesAndGoes(
  lab: FaultLab,
  fault: keyof typeof faults,
  written: object,
  { inForce, absent }: Observations,
): Promise<void> {
  const events: Event[] = [];
  const record = (event: Event): void => void events.push(event);
  const told = (): string => JSON.stringify(events, null, 1);
  const left = (): Promise<readonly string[]> =>
    leftovers(
      lab.cluster.nodes.map(({ name }) => name),
      lab.world,
    );
  const before = await left();
  const intent = await designOn(lab, fault, written);
  try {
    expect(await inject(fault, intent, aloneForMs, lab.world, record), told()).to.equal(true);
    await inForce(intent);
  } finally {
    expect(await undo(fault, intent, lab.world, record), told()).to.equal(undefined);
  }
  await absent(intent);
  expect(await undo(fault, intent, lab.world, record), `again: ${told()}`).to.equal(undefined);
  await absent(intent);

  const idle = {
    ...(await designOn(lab, fault, written)),
    inject: doNothing(intent, lab),
    bitWithinMs: idleMs,
  };
  try {
    expect(await inject(fault, idle, aloneForMs, lab.world, record), told()).to.equal(false);
  } finally {
    expect(await undo(fault, idle, lab.world, record), told()).to.equal(undefined);
  }
  expect(await left()).to.deep.equal(before);
}

/** On the first target, or anywhere if it aims at no node. */
function doNothing({ targets }: Intent, { world }: FaultLab): Intent['inject'] {
  return [{ on: targets[0] ?? world.controlPlanes[0] ?? '', sh: 'true' }];
}
