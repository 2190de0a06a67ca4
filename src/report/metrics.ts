import type { CampaignResult, GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import { claimName } from '../model/claim-name.ts';
import { counts, durationOf } from '../model/claim-verdicts.ts';
import { outcomes } from '../model/outcome.ts';
import type { Result } from '../model/result.ts';
import { isSeen, type Measured } from '../model/span.ts';
import { changes, type ClaimStatistics } from '../model/statistics.ts';
import type { ClaimOutcome, Verdict } from '../model/verdict.ts';
import { exposition, type MetricSample } from './exposition.ts';

/**
 * The metrics of a result, each with its help; docs/results.md has the same table. Seconds, counts, shares from 0 to 1, and
 * states that are 1 for what holds and 0 for all else.
 */
export const metricHelps = {
  holdfast_outcome: 'Outcome of the whole: 1 for the one that holds, 0 for the others.',
  holdfast_finished_timestamp_seconds: 'When it was over, seconds since 1970.',
  holdfast_duration_seconds: 'How long it took.',
  holdfast_healed: '1 if all that was done was seen to be taken back.',
  holdfast_residue: 'How many things could not be put back.',
  holdfast_scenario_outcome:
    'Outcome of one scenario: 1 for the one that holds, 0 for the others; known failures are tolerated.',
  holdfast_trials_asked: 'Trials that were to be done.',
  holdfast_trials_done: 'Trials in which something was broken.',
  holdfast_claim_trials: 'Trials by what came of the claim in them.',
  holdfast_claim_tolerated: '1 if its failure is known and got no worse.',
  holdfast_claim_limit_seconds: 'The limit that is claimed.',
  holdfast_claim_measured_seconds:
    'Between which bounds the one duration lies that was measured; no upper one if its end was not seen.',
  holdfast_claim_measured_quantile_seconds:
    'Between which bounds the duration of that rank among all trials lies; 1 is the largest; no upper one if its end was not seen.',
  holdfast_claim_quantile_seconds:
    'Bounds of the true quantile, with 95 % confidence; none where so few trials have no such bound.',
  holdfast_claim_unseen_trials: 'Trials in which the end of what it measures was not seen.',
  holdfast_claim_requests: 'Requests that were to be answered.',
  holdfast_claim_failed_requests: 'Requests that were not answered.',
  holdfast_claim_demonstrated_ratio: 'Share that holds at least, with 95 % confidence.',
  holdfast_claim_change: 'Against earlier nights: 1 for what holds, 0 for the others.',
} as const;

type Name = keyof typeof metricHelps;
type Sample = MetricSample<Name>;
type Labels = Sample['labels'];

/**
 * A result as metrics.prom, for the textfile collector of node_exporter. Labels have few values: no id of a run and no
 * seed, so that each night goes on with the series of the night before. What was not seen, does not apply or proves
 * nothing is no number here: its sample is left out.
 */
export function metricsOf(result: Result | CampaignResult | GamedayResult): string {
  const { cluster, kind } = result;
  const common: Labels = {
    ...(cluster && { cluster: cluster.name, platform: cluster.platform }),
    kind,
  };
  if (result.kind === 'gameday') {
    const of = { ...common, gameday: result.scenario };
    return exposition(metricHelps, [
      ...ofWhole(result, of),
      ...result.scenarios.flatMap((one) => ofTrials(one, { ...of, scenario: one.scenario })),
    ]);
  }
  const of = { ...common, scenario: result.scenario };
  return exposition(metricHelps, [
    ...ofWhole(result, of),
    ...(result.kind === 'campaign'
      ? ofTrials({ ...result, tolerated: [] }, of)
      : ofRun(result, of)),
  ]);
}

function ofWhole(
  { outcome, healed, residue, startedAt, finishedAt }: Result | CampaignResult | GamedayResult,
  labels: Labels,
): readonly Sample[] {
  const [from, to] = [Date.parse(startedAt), Date.parse(finishedAt)];
  return [
    ...states('holdfast_outcome', { labels, label: 'outcome', of: outcomes, is: outcome }),
    ...inSeconds('holdfast_finished_timestamp_seconds', labels, to),
    ...inSeconds('holdfast_duration_seconds', labels, to - from),
    { name: 'holdfast_healed', labels, value: healed ? 1 : 0 },
    { name: 'holdfast_residue', labels, value: residue.length },
  ];
}

/** A run is one trial at most. */
function ofRun({ outcome, trials }: Result, labels: Labels): readonly Sample[] {
  const verdicts = trials[0]?.verdicts ?? [];
  return [
    ...states('holdfast_scenario_outcome', { labels, label: 'outcome', of: outcomes, is: outcome }),
    { name: 'holdfast_trials_asked', labels, value: 1 },
    { name: 'holdfast_trials_done', labels, value: trials.length },
    ...verdicts.flatMap((verdict, index) =>
      ofVerdict(verdict, { ...labels, claim: claimName(verdicts, index) }),
    ),
  ];
}

const claimOutcomes: readonly ClaimOutcome[] = [
  'pass',
  'fail',
  'unknown',
  'invalid',
  'not-applicable',
];

function ofVerdict(verdict: Verdict, labels: Labels): readonly Sample[] {
  const { outcome, limitMs, failed, requests } = verdict;
  const measured = durationOf(verdict);
  return [
    ...states('holdfast_claim_trials', {
      labels,
      label: 'outcome',
      of: claimOutcomes,
      is: outcome,
    }),
    ...inSeconds('holdfast_claim_limit_seconds', labels, limitMs),
    ...bounds('holdfast_claim_measured_seconds', labels, measured),
    ...number('holdfast_claim_unseen_trials', labels, measured && (isSeen(measured) ? 0 : 1)),
    ...number('holdfast_claim_requests', labels, counts(verdict) ? requests : undefined),
    ...number('holdfast_claim_failed_requests', labels, counts(verdict) ? failed : undefined),
  ];
}

function ofTrials(
  scenario: Pick<
    GamedayScenario,
    'outcome' | 'asked' | 'trials' | 'claims' | 'compared' | 'tolerated'
  >,
  labels: Labels,
): readonly Sample[] {
  const { outcome, asked, trials, claims, compared, tolerated } = scenario;
  return [
    ...states('holdfast_scenario_outcome', { labels, label: 'outcome', of: outcomes, is: outcome }),
    { name: 'holdfast_trials_asked', labels, value: asked },
    { name: 'holdfast_trials_done', labels, value: trials.length },
    ...claims.flatMap((claim) => ofClaim(claim, { ...labels, claim: claim.claim })),
    ...claims.map(({ claim }): Sample => {
      const isKnown = tolerated.some((known) => known.claim === claim);
      return {
        name: 'holdfast_claim_tolerated',
        labels: { ...labels, claim },
        value: isKnown ? 1 : 0,
      };
    }),
    ...compared.flatMap(({ claim, change }) =>
      states('holdfast_claim_change', {
        labels: { ...labels, claim },
        label: 'change',
        of: changes,
        is: change,
      }),
    ),
  ];
}

function ofClaim(claim: ClaimStatistics, labels: Labels): readonly Sample[] {
  const { summary, limitMs, demonstrated } = claim;
  const trials: Readonly<Record<ClaimOutcome, number>> = {
    pass: claim.passed,
    fail: claim.failed,
    unknown: claim.unknown,
    invalid: claim.invalid,
    'not-applicable': claim.notApplicable,
  };
  return [
    ...claimOutcomes.map((outcome): Sample => ({
      name: 'holdfast_claim_trials',
      labels: { ...labels, outcome },
      value: trials[outcome],
    })),
    ...inSeconds('holdfast_claim_limit_seconds', labels, limitMs),
    ...number('holdfast_claim_demonstrated_ratio', labels, demonstrated),
    ...number('holdfast_claim_unseen_trials', labels, summary?.censored),
    ...(summary?.quantiles ?? []).flatMap(({ share, ms, lowerMs, upperMs }) => {
      const of = { ...labels, quantile: String(share) };
      const name = 'holdfast_claim_quantile_seconds';
      return [
        ...bounds('holdfast_claim_measured_quantile_seconds', of, ms),
        ...inSeconds(name, { ...of, bound: 'lower' }, lowerMs),
        ...inSeconds(name, { ...of, bound: 'upper' }, upperMs),
      ];
    }),
    ...bounds(
      'holdfast_claim_measured_quantile_seconds',
      { ...labels, quantile: '1' },
      summary?.max,
    ),
  ];
}

interface States {
  readonly labels: Labels;
  readonly label: string;
  /** All that there are, so that a series never ends: an alert sees it go from 1 to 0. */
  readonly of: readonly string[];
  readonly is: string;
}

function states(name: Name, { labels, label, of, is }: States): readonly Sample[] {
  return of.map((one) => ({
    name,
    labels: { ...labels, [label]: one },
    value: one === is ? 1 : 0,
  }));
}

/** What is known of a duration: its lower bound, and its upper one if its end was seen. */
function bounds(name: Name, labels: Labels, measured: Measured | undefined): readonly Sample[] {
  if (measured === undefined) return [];
  const [lo, hi] = isSeen(measured) ? [measured.lo, measured.hi] : [measured.atLeast, undefined];
  return [
    ...inSeconds(name, { ...labels, bound: 'lower' }, lo),
    ...inSeconds(name, { ...labels, bound: 'upper' }, hi),
  ];
}

/** To the microsecond. */
function inSeconds(name: Name, labels: Labels, ms: number | undefined): readonly Sample[] {
  return number(name, labels, ms === undefined ? undefined : Math.round(ms * 1000) / 1e6);
}

function number(name: Name, labels: Labels, value: number | undefined): readonly Sample[] {
  return value === undefined ? [] : [{ name, labels, value }];
}
