import type { Agenda, AgendaScenario } from '../model/agenda.ts';
import type {
  CampaignResult,
  GamedayResult,
  GamedayScenario,
  ScenarioTrials,
  TrialRun,
} from '../model/campaign-result.ts';
import { conclude, type Facts } from '../model/conclude.ts';
import type { Trial } from '../model/result.ts';
import type { ClaimStatistics } from '../model/statistics.ts';
import { configurationKey } from './configuration.ts';
import type { Compared, DoneTrial } from './folder.ts';
import { tolerate } from './known.ts';
import { claimStatistics, clockStatistics } from './statistics.ts';
import type { Ended } from './stop.ts';

/** What a campaign has come to. */
export interface Folding {
  readonly agenda: Agenda;
  readonly done: readonly DoneTrial[];
  /** Why it ended before its last trial. */
  readonly ended: Ended;
  /** ISO 8601. */
  readonly finishedAt: string;
  /** The claims of each scenario against earlier nights; a scenario without any is not there. */
  readonly compared: Compared;
}

/** The result of a campaign: its trials, what they say together, and the worst that holds. */
export function campaignResult(folding: Folding): CampaignResult {
  const [scenario] = folding.agenda.scenarios;
  const told = scenarioTrials(folding, scenario);
  const stopped = folding.ended.stopped ?? undemonstrated(folding.agenda, told.claims);
  const ended = { ...folding.ended, ...(stopped !== undefined && { stopped }) };
  return {
    ...headOf(folding),
    ...concluded({ ...folding, ended }, told.trials),
    kind: 'campaign',
    ...told,
  };
}

/** The result of a game day: that of each of its scenarios, and the worst of all. */
export function gamedayResult(folding: Folding): GamedayResult {
  const { agenda, finishedAt, ended } = folding;
  const today = finishedAt.slice(0, 10);
  const each = agenda.scenarios.map((scenario) => {
    const told = scenarioTrials(folding, scenario);
    const { name, skipped } = scenario;
    const { trials, tolerated } = tolerate(name, told.trials, agenda.known, told.compared, today);
    return { name, skipped, told, trials, tolerated };
  });
  const scenarios = each.map(({ name, skipped, told, trials, tolerated }): GamedayScenario => {
    const { outcome, reason } = conclude({
      trials,
      residue: [],
      ...(skipped !== undefined && { stopped: { outcome: 'skipped', reason: skipped } }),
      ...(skipped === undefined &&
        trials.length === 0 && {
          stopped: { outcome: 'unknown', reason: 'none of its trials was done' },
        }),
    });
    return { scenario: name, outcome, reason, ...told, tolerated };
  });
  const { budgetMs } = agenda;
  return {
    ...headOf(folding),
    ...concluded(
      { ...folding, ended },
      each.flatMap(({ trials }) => trials),
    ),
    kind: 'gameday',
    ...(budgetMs !== undefined && { budgetMs }),
    scenarios,
  };
}

type Head = Omit<
  GamedayResult,
  'kind' | 'scenarios' | 'budgetMs' | keyof ReturnType<typeof conclude>
>;

function headOf({ agenda, done, ended, finishedAt }: Folding): Head {
  const cluster = done[0]?.result.cluster;
  return {
    schema: 'holdfast.dev/result/v1',
    run: agenda.run,
    scenario: agenda.name,
    startedAt: agenda.startedAt,
    finishedAt,
    ...(cluster !== undefined && { cluster }),
    residue: ended.residue ?? [],
    seed: agenda.seed,
  };
}

/** The outcome, by the one function that owns the table of outcomes. */
function concluded(
  { agenda, done, ended }: Folding,
  trials: readonly Trial[],
): ReturnType<typeof conclude> {
  const { interrupted } = ended;
  const stopped = ended.stopped ?? pooled(agenda, done);
  const facts: Facts = {
    trials,
    residue: ended.residue ?? [],
    ...(interrupted !== undefined && { interrupted }),
    ...(stopped !== undefined && { stopped }),
  };
  return conclude(facts);
}

/** A campaign that was to demonstrate a share has not passed before it did. */
function undemonstrated(
  { demonstrate }: Agenda,
  claims: readonly ClaimStatistics[],
): Ended['stopped'] {
  if (demonstrate === undefined) return undefined;
  const short = claims.find(
    ({ demonstrated, passed, failed, unknown }) =>
      passed + failed + unknown > 0 && (demonstrated ?? 0) < demonstrate,
  );
  if (short === undefined) return undefined;
  const reason = `${demonstrate * 100} % is not demonstrated: ${short.claim}: ${short.sentence}`;
  return { outcome: 'unknown', reason };
}

/** Trials of one scenario that were run under several configurations say nothing together. */
function pooled({ scenarios }: Agenda, done: readonly DoneTrial[]): Ended['stopped'] {
  for (const { name } of scenarios) {
    const of = done.filter(({ scenario }) => scenario === name);
    const other = of.find(
      ({ configuration }) =>
        configurationKey(configuration) !== configurationKey(of[0]?.configuration ?? configuration),
    );
    if (other !== undefined) {
      const reason = `the cluster was changed between the trials of ${name}: from trial ${other.trial} on it had another configuration`;
      return { outcome: 'invalid', reason };
    }
  }
  return undefined;
}

function runOf({ run, seed, startedAt, finishedAt, result: { harness } }: DoneTrial): TrialRun {
  return { run, seed, startedAt, finishedAt, ...(harness !== undefined && { harness }) };
}

function scenarioTrials(
  { done, compared }: Folding,
  scenario: AgendaScenario | undefined,
): ScenarioTrials {
  const of = done
    .filter((one) => one.scenario === scenario?.name)
    .toSorted((a, b) => a.trial - b.trial);
  const trials = of.flatMap(({ trial, result }) =>
    result.trials.map((one) => ({ ...one, number: trial })),
  );
  const configuration = of[0]?.configuration;
  return {
    asked: scenario?.trials ?? 0,
    trials,
    runs: of.map(runOf),
    claims: claimStatistics(trials),
    clocks: clockStatistics(trials, new Set(of.flatMap(({ nodes }) => nodes))),
    compared: compared.get(scenario?.name ?? '') ?? [],
    predicted: of.at(-1)?.result.predicted ?? [],
    ...(configuration !== undefined && { configuration }),
  };
}
