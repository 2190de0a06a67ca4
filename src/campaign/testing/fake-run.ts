import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Agenda, AgendaScenario, PlannedTrial } from '../../model/agenda.ts';
import { conclude, trialOutcome } from '../../model/conclude.ts';
import type { Plan } from '../../model/plan.ts';
import { randomFrom } from '../../model/random.ts';
import type { Result } from '../../model/result.ts';
import { againstLimit, type Measured } from '../../model/span.ts';
import type { Verdict } from '../../model/verdict.ts';
import { snapshotOf } from '../../testing/snapshot.ts';
import { trialsOf } from '../agenda.ts';
import { addFinished } from '../folder.ts';

/** The agenda of a campaign or of a game day, for trials that are not really run. */
export function fakeAgenda(
  scenarios: Readonly<Record<string, number>>,
  more: Partial<Agenda> = {},
): Agenda {
  const all = Object.entries(scenarios).map(([name, trials]): AgendaScenario => ({
    name,
    file: `scenarios/${name}.yaml`,
    text: '',
    trials,
    estimateMs: 60_000,
  }));
  return {
    schema: 'holdfast.dev/agenda/v1',
    kind: all.length > 1 ? 'gameday' : 'campaign',
    run: '2026-11-22T01-00-00Z-test-000000',
    name: all[0]?.name ?? '',
    startedAt: '2026-11-22T01:00:00.000Z',
    seed: 7,
    cluster: { file: 'holdfast.yaml', id: 'c1' },
    scenarios: all,
    trials: trialsOf(all, 7, all.length > 1),
    recoverMs: 1000,
    known: [],
    ...more,
  };
}

/** A duration with a limit of 5 s as a verdict. */
export function verdictOf(
  claim: string,
  measuredMs: Measured,
  more: Partial<Verdict> = {},
): Verdict {
  const outcome = againstLimit(measuredMs, 5000);
  return {
    claim,
    outcome,
    title: `${claim} within 5 s`,
    limitMs: 5000,
    measuredMs,
    because: `because ${outcome}`,
    evidence: [],
    ...more,
  };
}

/** What a run with such verdicts comes to. Its figures depend on the trial's seed and nothing else. */
export function fakeResult(
  trial: PlannedTrial,
  more: Partial<Result> & { verdicts?: readonly Verdict[] } = {},
): Result {
  const { verdicts, ...rest } = more;
  const lo = Math.round(randomFrom(trial.seed).between(1800, 3100));
  const told = verdicts ?? [verdictOf('leader-elected', { lo, hi: lo + 40 })];
  const faults = [
    { fault: 'kill', target: 'pi1', firedMs: { lo: 9, hi: 10 }, bit: true, gone: true },
  ];
  const one = { number: 1, outcome: trialOutcome(told, faults), faults, verdicts: told };
  const trials = [{ ...one, clocks: [], findings: [] }];
  return {
    schema: 'holdfast.dev/result/v1',
    kind: 'run',
    run: `run-${trial.scenario}-${trial.trial}`,
    scenario: trial.scenario,
    startedAt: '2026-11-22T01:00:00.000Z',
    finishedAt: '2026-11-22T01:01:00.000Z',
    ...conclude({ trials, residue: [] }),
    residue: [],
    seed: trial.seed,
    trials,
    predicted: [],
    ...rest,
  };
}

/** Leaves behind what a run of a trial leaves. */
export function writeRun(
  folder: string,
  result: Result,
  settings: Plan['snapshot']['datastore']['settings'] = {},
): void {
  const run = join(folder, result.run);
  mkdirSync(run, { recursive: true });
  const snapshot = snapshotOf();
  const plan: Plan = {
    schema: 'holdfast.dev/plan/v1',
    run: result.run,
    scenario: {
      name: result.scenario,
      title: '',
      claim: '',
      class: ['reversible'],
      needs: {},
      steps: [{ kind: 'fault', id: 'kill', fault: 'kill', params: { target: 'leader' } }],
      expect: [],
    },
    text: '',
    file: '',
    seed: result.seed,
    phaseMs: 0,
    snapshot: { ...snapshot, datastore: { ...snapshot.datastore, settings } },
    protect: [],
    steps: [],
    series: [{ id: 'leader@pi1', probe: 'leader', node: 'pi1', everyMs: 41 }],
    predicted: [],
    versions: { holdfast: '0.1.0', node: 'v20' },
  };
  writeFileSync(join(run, 'run.json'), JSON.stringify(plan));
  writeFileSync(join(run, 'result.json'), JSON.stringify(result));
}

/** Writes some trials of the agenda in a folder down as done, each with a result of its own. */
export function finishTrials(folder: string, trials: readonly PlannedTrial[]): void {
  for (const trial of trials) {
    const result = fakeResult(trial);
    writeRun(folder, result);
    const { run, startedAt, finishedAt } = result;
    addFinished(folder, { ...trial, run, startedAt, finishedAt });
  }
}
