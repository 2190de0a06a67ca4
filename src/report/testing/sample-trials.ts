import type { CampaignResult, GamedayResult, ScenarioTrials } from '../../model/campaign-result.ts';
import type { ClaimStatistics } from '../../model/statistics.ts';
import { sampleResult, verdictsWith } from './sample-run.ts';

const { trials, predicted, ...head } = sampleResult(
  verdictsWith('leader-elected', { outcome: 'fail', measuredMs: { atLeast: 45_000 } }),
);

/** 59 failovers of which one was not seen to end, and one more trial that proves nothing. */
const elected: ClaimStatistics = {
  claim: 'leader-elected',
  title: 'a new leader within 5 s',
  limitMs: 5000,
  passed: 58,
  failed: 1,
  unknown: 0,
  invalid: 1,
  notApplicable: 0,
  summary: {
    n: 59,
    censored: 1,
    min: { lo: 1800, hi: 1840 },
    max: { atLeast: 45_000 },
    quantiles: [
      { share: 0.5, ms: { lo: 2400, hi: 2440 }, lowerMs: 2200, upperMs: 2600 },
      { share: 0.95, ms: { lo: 3000, hi: 3040 }, lowerMs: 2900 },
    ],
  },
  demonstrated: 0.922,
  sentence: '58 of 59 failovers ≤ 5 s: with 95 % confidence at least 92.2 % are.',
};

const told: ScenarioTrials = {
  asked: 60,
  trials,
  runs: [{ run: head.run, seed: 1, startedAt: head.startedAt, finishedAt: head.finishedAt }],
  claims: [elected],
  clocks: [],
  compared: [
    {
      claim: 'leader-elected',
      title: elected.title,
      change: 'regressed',
      before: 60,
      after: 59,
      medianBefore: { lo: 1800, hi: 1840 },
      medianAfter: { lo: 2400, hi: 2440 },
      shiftMs: 600,
      marginMs: 250,
      p: 0.0004,
    },
  ],
  predicted,
};

/** A campaign of which one trial failed. */
export const sampleCampaign: CampaignResult = { ...head, kind: 'campaign', ...told };

/** A game day: a scenario that failed, one whose failure is known, and one that the cluster is too small for. */
export const sampleGameday: GamedayResult = {
  ...head,
  kind: 'gameday',
  scenario: 'nightly',
  scenarios: [
    { ...told, scenario: 'leader-loss', outcome: 'fail', reason: head.reason, tolerated: [] },
    {
      ...told,
      scenario: 'leader-freeze',
      outcome: 'pass',
      reason: 'every claim holds',
      tolerated: [
        {
          scenario: 'leader-freeze',
          claim: 'leader-elected',
          reason: 'stock timings',
          until: '2026-12-31',
        },
      ],
    },
    {
      asked: 3,
      trials: [],
      runs: [],
      claims: [],
      clocks: [],
      compared: [],
      predicted: [],
      scenario: 'standby-loss',
      outcome: 'skipped',
      reason: 'there is no stand-by',
      tolerated: [],
    },
  ],
};
