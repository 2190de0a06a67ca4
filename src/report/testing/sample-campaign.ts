import { trialsOf } from '../../campaign/agenda.ts';
import { campaignResult, gamedayResult } from '../../campaign/fold.ts';
import type { Compared, DoneTrial } from '../../campaign/folder.ts';
import { entryOf } from '../../campaign/history.ts';
import { compareSides, sidesOf } from '../../campaign/radar.ts';
import { fakeAgenda } from '../../campaign/testing/fake-run.ts';
import { configurationOf } from '../../campaign/testing/nights.ts';
import { trendsUpTo } from '../../campaign/trend.ts';
import type { Agenda, KnownFailure, PlannedTrial } from '../../model/agenda.ts';
import type { CampaignResult, GamedayResult } from '../../model/campaign-result.ts';
import { conclude, trialOutcome } from '../../model/conclude.ts';
import { randomFrom } from '../../model/random.ts';
import { againstLimit, sayDuration, type Measured } from '../../model/span.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { TrialsBeside } from '../scenario-told.ts';
import { passingVerdicts, sampleResult } from './sample-run.ts';

/** A result of many trials with all that its page tells. */
export interface SampleTrials<Result> {
  readonly result: Result;
  readonly beside: TrialsBeside;
}

/** Trials of which something is to be told: by their number, what one claim measured, or that it did not apply. */
export type Oddities = Readonly<
  Record<number, readonly [string, Measured | 'not-applicable' | 'invalid']>
>;

type OdditiesOf = (scenario: string) => Oddities;

/** One that is late, one too close to its limit to tell, and one whose end was not seen. */
const oddities: Oddities = {
  7: ['writes-resume', { lo: 9900, hi: 10_080 }],
  30: ['leader-elected', { lo: 6020, hi: 6050 }],
  41: ['voters-restored', { atLeast: 21_400 }],
  52: ['leader-elected', 'invalid'],
};

/**
 * The figures of a trial by its seed: an election in 1.8 to 3.1 s, roles in 3.5 to 29 s,
 * and now and then a request that fails.
 */
function verdictsOf({ seed, trial }: PlannedTrial, odd: Oddities): readonly Verdict[] {
  const random = randomFrom(seed);
  const around = (ms: number, width: number): Measured => ({ lo: ms, hi: ms + width });
  const electedMs = random.between(1800, 3100);
  const failed = random.next() < 0.3 ? 1 + Math.floor(random.next() * 3) : 0;
  const measured: Readonly<Record<string, Measured>> = {
    'leader-elected': around(electedMs, random.between(15, 60)),
    'voters-restored': around(random.between(3500, 29_000), 200),
    'writes-resume': around(electedMs + random.between(200, 900), random.between(90, 400)),
    'cluster-recovers': around(random.between(9000, 30_000), 1000),
  };
  return passingVerdicts.map((verdict): Verdict => {
    const { claim, limitMs = 0 } = verdict;
    const [oddClaim, oddMs] = odd[trial] ?? [];
    if (claim === 'workload-available')
      return { ...verdict, failed, longestOutageMs: { lo: 0, hi: failed * 97 } };
    if (claim === oddClaim && typeof oddMs === 'string') {
      const { claim, title } = verdict;
      return { claim, title, limitMs, outcome: oddMs, because: `it is ${oddMs}`, evidence: [] };
    }
    const measuredMs = (claim === oddClaim ? oddMs : undefined) ?? measured[claim];
    if (measuredMs === undefined || typeof measuredMs === 'string') return verdict;
    const outcome = againstLimit(measuredMs, limitMs);
    return { ...verdict, measuredMs, outcome, because: `it took ${sayDuration(measuredMs)}` };
  });
}

function doneOf(agenda: Agenda, oddOf: OdditiesOf): readonly DoneTrial[] {
  return agenda.trials.map((planned) => {
    const random = randomFrom(planned.seed).child('run');
    const victim = random.sample(['pi1', 'pi2', 'pi3', 'pi4'], 1)[0] ?? 'pi1';
    const verdicts = verdictsOf(planned, oddOf(planned.scenario));
    const base = sampleResult(verdicts);
    const faults = (base.trials[0]?.faults ?? []).map((one) => ({ ...one, target: victim }));
    const outcome = trialOutcome(verdicts, faults);
    const trials = base.trials.map((one) => ({ ...one, faults, outcome, findings: [] }));
    const start = Date.parse(agenda.startedAt) + planned.number * 74_000;
    const startedAt = new Date(start).toISOString();
    const finishedAt = new Date(start + 66_000).toISOString();
    const run = `${startedAt.replace(/\..*$/, 'Z').replaceAll(':', '-')}-${planned.scenario}-${planned.seed.toString(16).padStart(8, '0').slice(0, 6)}`;
    return {
      ...planned,
      run,
      startedAt,
      finishedAt,
      nodes: ['pi1', 'pi2', 'pi3', 'pi4'],
      configuration: configurationOf({ scenario: planned.scenario }),
      result: {
        ...base,
        ...conclude({ trials, residue: [] }),
        run,
        startedAt,
        finishedAt,
        trials,
        harness: {
          slots: 31_842,
          missedSlots: Math.floor(random.between(0, 60)),
          loopDelayP99Ms: random.between(8, 40),
          cpuPercent: random.between(10, 25),
          rssBytes: Math.floor(random.between(100e6, 130e6)),
          lateP99Ms: random.between(0.4, 4),
        },
      },
    };
  });
}

/** So many nights of a scenario's trials before tonight, each with a seed of its own. */
function nightsBefore(agenda: Agenda, nights: number): ReturnType<typeof entryOf>[] {
  return Array.from({ length: nights }, (_, index) => {
    const startedAt = new Date(Date.parse(agenda.startedAt) - (nights - index) * 86_400_000);
    const run = `${startedAt.toISOString().slice(0, 10)}T01-00-00Z-nightly-000000`;
    const trials = trialsOf(agenda.scenarios, agenda.seed + index + 1, false);
    const night = { ...agenda, run, startedAt: startedAt.toISOString(), trials };
    return doneOf(night, () => ({})).map((one) => entryOf(run, one));
  }).flat();
}

function told<Result>(
  agenda: Agenda,
  nights: number,
  oddOf: OdditiesOf,
  fold: typeof campaignResult | typeof gamedayResult,
): SampleTrials<Result> {
  const done = doneOf(agenda, oddOf);
  const tonight = done.map((one) => entryOf(agenda.run, one));
  const history = [...nightsBefore(agenda, nights), ...tonight];
  const sides = agenda.scenarios.map(({ name }) => ({
    scenario: name,
    ...sidesOf(
      history.filter(({ configuration }) => configuration.scenario === name),
      tonight.filter(({ configuration }) => configuration.scenario === name),
    ),
  }));
  const compared: Compared = nights === 0 ? new Map() : compareSides(sides);
  const finishedAt = done.at(-1)?.finishedAt ?? agenda.startedAt;
  const words = agenda.scenarios.map(
    ({ name }) =>
      [
        name,
        {
          title: name === 'leader-loss' ? 'The datastore leader dies and stays down' : `A ${name}`,
          claim: 'A new leader within 5 s, full voters within 30 s, and nobody notices.',
        },
      ] as const,
  );
  return {
    result: fold({ agenda, done, ended: {}, finishedAt, compared }) as Result,
    beside: { words: new Map(words), trends: trendsUpTo(history, agenda.run) },
  };
}

/** A campaign of leader-loss with some trials that are not a pass, after some nights that were well. */
export function sampleCampaign(
  trials = 59,
  { nights = 0, odd = oddities }: { readonly nights?: number; readonly odd?: Oddities } = {},
): SampleTrials<CampaignResult> {
  return told(fakeAgenda({ 'leader-loss': trials }), nights, () => odd, campaignResult);
}

/** A night of eight scenarios with three trials each: one fails as it is known to, and of one an end was not seen. */
export function sampleGameday(nights = 9): SampleTrials<GamedayResult> {
  const names = ['leader-loss', 'leader-freeze', 'pod-kill', 'node-isolation', 'leader-reboot'];
  const more = ['scheduler-leader-loss', 'api-server-loss', 'disk-full'];
  const known: readonly KnownFailure[] = [
    {
      scenario: 'leader-freeze',
      claim: 'leader-elected',
      reason: 'a frozen leader keeps its connections',
      until: '2026-12-31',
    },
  ];
  const scenarios = Object.fromEntries([...names, ...more].map((name) => [name, 3]));
  const agenda = fakeAgenda(scenarios, { name: 'nightly', known, budgetMs: 3_600_000 });
  const late: Oddities = { 2: ['leader-elected', { lo: 6020, hi: 6050 }] };
  const unseen: Oddities = { 1: ['voters-restored', { atLeast: 21_400 }] };
  return told(
    agenda,
    nights,
    (scenario) => (scenario === 'leader-freeze' ? late : scenario === 'disk-full' ? unseen : {}),
    gamedayResult,
  );
}
