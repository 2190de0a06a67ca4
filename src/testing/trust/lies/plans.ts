/** Lies that planning is told: whom a fault is aimed at, what the cluster consents to, what can be predicted. */
import { kill } from '../../../faults/kill.ts';
import type { Scenario } from '../../../model/scenario.ts';
import type { Snapshot } from '../../../model/snapshot.ts';
import { plan, redesign, type FaultStep } from '../../../plan/plan.ts';
import { isRefusal } from '../../../plan/refusal.ts';
import { podOf, snapshotOf } from '../../snapshot.ts';
import { timelineOf } from '../../timelines.ts';
import type { Lie, Said } from './lie.ts';

const { scenario, run } = timelineOf({ probes: [], end: 4000 }).plan;

export const planLies: readonly Lie[] = [
  refused({
    lie: 'the scenario aims at a stand-by, and there is none',
    step: { target: 'stand-by' },
    snapshot: snapshotOf(['voter', 'voter', 'voter']),
    because: /no node of rack is a stand-by with a datastore member that answers/,
  }),
  refused({
    lie: 'the node that is named is no node of this cluster',
    step: { target: { node: 'pi9' } },
    because: /there is no node "pi9" in rack/,
  }),
  refused({
    lie: 'the only stand-by is dead: killing the dead would prove nothing',
    step: { target: 'stand-by' },
    snapshot: deadMember('4'),
    because: /no node of rack is a stand-by with a datastore member that answers/,
  }),
  refused({
    lie: 'a voter is down already, and this fault would take the majority',
    step: { target: 'leader' },
    snapshot: deadMember('2'),
    because: /would leave 1 of 3 voters, and 2 are needed for a quorum/,
  }),
  refused({
    lie: 'the fault would hit a pod of a protected namespace',
    step: { target: 'leader' },
    fault: 'isolate',
    snapshot: snapshotOf(undefined, { pods: [podOf('payments/db-0', 'pi1')] }),
    because: /would hit payments\/db-0, of a namespace that the cluster file protects/,
  }),
  {
    lie: 'the limit is a prediction, and nothing predicts it for this fault',
    honest: () =>
      planned({
        ...scenario,
        expect: [{ claim: 'leader-elected', params: { within: 'predicted' } }],
      }),
    honestOutcome: 'planned',
    told: () =>
      planned({
        ...scenario,
        expect: [{ claim: 'member-returns', params: { within: 'predicted' } }],
      }),
    outcome: 'refused',
    because: /member-returns has the limit predicted, and nothing predicts it for this fault/,
  },
  {
    lie: 'the scenario breaks the quorum, to which the cluster has not consented',
    honest: () => planned(scenario),
    honestOutcome: 'planned',
    told: () => planned({ ...scenario, class: ['reversible', 'breaks-quorum'] }),
    outcome: 'refused',
    because: /is of class breaks-quorum, which the cluster does not allow/,
  },
  {
    lie: 'the cluster is too small for the scenario',
    honest: () => planned(scenario),
    honestOutcome: 'planned',
    told: () => planned({ ...scenario, needs: { voters: 5 } }),
    outcome: 'skipped',
    because: /needs more of rack: voters ≥ 5 \(has 3\)/,
  },
];

interface ToPlanning {
  readonly lie: string;
  readonly step: Partial<FaultStep['params']>;
  readonly fault?: string;
  readonly snapshot?: Snapshot;
  readonly because: RegExp;
}

/** A step that must not be designed for a cluster as it is; for the honest one, aimed at its leader, it is. */
function refused({ lie, step, fault = 'kill', snapshot = snapshotOf(), because }: ToPlanning): Lie {
  return {
    lie,
    honest: () => designed({ target: 'leader' }, fault, snapshotOf()),
    honestOutcome: 'designed',
    told: () => designed(step, fault, snapshot),
    outcome: 'refused',
    because,
  };
}

function designed(params: Partial<FaultStep['params']>, fault: string, snapshot: Snapshot): Said {
  const own = fault === 'kill' ? kill.example : { direction: 'both', traffic: 'all', how: 'drop' };
  const step = {
    kind: 'fault',
    id: 'kill',
    fault,
    params: { ...own, count: 'one', ...params },
  } as FaultStep;
  const plan = { scenario, seed: 7, run, protect: ['payments'] };
  const intent = redesign(step, snapshot, plan);
  return isRefusal(intent)
    ? { outcome: intent.outcome, because: intent.reason }
    : { outcome: 'designed', because: intent.says };
}

function planned(scenario: Scenario): Said {
  const done = plan({
    scenario,
    text: '',
    file: 'lie.yaml',
    snapshot: snapshotOf(),
    allow: ['reversible'],
    protect: [],
    seed: 7,
    run,
    versions: {},
  });
  return isRefusal(done)
    ? { outcome: done.outcome, because: done.reason }
    : { outcome: 'planned', because: '' };
}

function deadMember(id: string): Snapshot {
  const snapshot = snapshotOf();
  const members = snapshot.datastore.members.map((one) =>
    one.id === id ? { ...one, answers: false } : one,
  );
  return { ...snapshot, datastore: { ...snapshot.datastore, members } };
}
