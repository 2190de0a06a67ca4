import { expect } from 'chai';
import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import type { ClaimStatistics } from '../model/statistics.ts';
import { bar } from './bar.ts';
import { campaignJunit } from './campaign-junit.ts';
import { campaignPage } from './campaign-page.ts';
import { gamedayPage } from './gameday-page.ts';
import { pageAsMarkdown, pageAsText } from './page.ts';
import { plain } from './terminal.ts';
import { trendCells } from './trend-table.ts';
import { validateJunit } from './testing/validate-junit.ts';

const claim: ClaimStatistics = {
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
      { share: 0.9, ms: { lo: 2900, hi: 2940 }, lowerMs: 2800, upperMs: 3100 },
      { share: 0.95, ms: { lo: 3000, hi: 3040 }, lowerMs: 2900 },
    ],
  },
  autocorrelation: { lag1: 0.08, significant: false },
  demonstrated: 0.922,
  sentence: '58 of 59 failovers ≤ 5 s: with 95 % confidence at least 92.2 % are.',
};

const campaign: CampaignResult = {
  schema: 'holdfast.dev/result/v1',
  kind: 'campaign',
  run: '2026-11-22T01-00-00Z-leader-loss-trials-abcdef',
  scenario: 'leader-loss',
  startedAt: '2026-11-22T01:00:00.000Z',
  finishedAt: '2026-11-22T02:05:00.000Z',
  outcome: 'fail',
  exitCode: 1,
  reason: '1 of 60 trials: leader-elected: no leader | <within> 45 s',
  healed: true,
  residue: [],
  seed: 7,
  asked: 60,
  trials: [
    {
      number: 1,
      outcome: 'fail',
      faults: [],
      verdicts: [
        {
          claim: 'leader-elected',
          outcome: 'fail',
          title: claim.title,
          because: 'no leader was seen',
          evidence: [],
        },
      ],
      clocks: [],
      findings: [],
    },
  ],
  runs: [
    {
      run: 'run-1',
      seed: 1,
      startedAt: '2026-11-22T01:00:00.000Z',
      finishedAt: '2026-11-22T01:01:00.000Z',
    },
  ],
  claims: [claim],
  clocks: [],
  compared: [
    {
      claim: 'leader-elected',
      title: claim.title,
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
  predicted: [],
};

const { asked, trials, runs, claims, clocks, compared, predicted, ...head } = campaign;
const scenario = { asked, trials, runs, claims, clocks, compared, predicted };
const gameday: GamedayResult = {
  ...head,
  kind: 'gameday',
  scenario: 'nightly',
  budgetMs: 1_800_000,
  scenarios: [
    {
      ...scenario,
      scenario: 'leader-loss',
      outcome: 'fail',
      reason: campaign.reason,
      tolerated: [],
    },
    {
      ...scenario,
      scenario: 'leader-freeze',
      outcome: 'pass',
      reason: '1 claim held',
      tolerated: [
        {
          scenario: 'leader-freeze',
          claim: 'leader-elected',
          reason: 'stock',
          until: '2026-12-31',
        },
      ],
    },
    {
      ...scenario,
      trials: [],
      runs: [],
      claims: [],
      compared: [],
      scenario: 'standby-loss',
      outcome: 'skipped',
      reason: 'there is no stand-by',
      tolerated: [],
    },
  ],
};

describe('the page of a campaign', () => {
  it('says what is demonstrated, and gives each figure with its interval or says that there is none', () => {
    const text = pageAsText(campaignPage(campaign), plain, 200);
    expect(text).to.include('FAIL: leader-loss, 1 of 60 trials');
    expect(text).to.include(`leader-elected: ${claim.sentence}`);
    expect(text).to.match(
      /leader-elected  ≤ 5 s  58 of 59 \(1 invalid\)  59  1\.82 s  2\.42 s \[2\.20, 2\.60\]  2\.92 s \[2\.80, 3\.10\]  3\.02 s \[2\.90, –\]  > 45\.0 s\s+1\s+0\.08/,
    );
    expect(text).to.include('regressed (p < 0.001)');
    expect(text).to.include('+0.60 s');
    expect(text).to.include('trial 1, leader-elected: fail: no leader was seen (run-1)');
    expect(text).to.include('1 h 5 min; exit 1.');
  });

  it('lets nothing that was measured be markup', () => {
    const markdown = pageAsMarkdown(campaignPage(campaign));
    expect(markdown).to.include('no leader \\| \\<within\\> 45 s');
    expect(markdown).to.match(/^\| claim \| limit \| held \|/m);
    expect(markdown).to.match(/^\|---\|---\|---\|/m);
  });
});

describe('the page of a game day', () => {
  it('has a row for each scenario, what changed, what did not hold, and what is known', () => {
    const text = pageAsText(gamedayPage(gameday), plain, 160);
    expect(text).to.include('FAIL: game day nightly');
    expect(text).to.match(
      /leader-loss\s+1 of 60\s+fail\s+0 of 1\s+leader-elected: median 2\.42 s\s+regressed: leader-elected/,
    );
    expect(text).to.match(/leader-freeze\s+1 of 60\s+pass \(known\)/);
    expect(text).to.match(/standby-loss\s+0 of 60\s+skipped\s+0 of 0\s+–\s+no earlier night/);
    expect(text).to.include('skipped: there is no stand-by');
    expect(text).to.include('leader-freeze, leader-elected: stock (tolerated until 2026-12-31)');
    expect(text).to.include('Budget: 30 min.');
  });
});

describe('the junit.xml of many trials', () => {
  it('has a case for each claim over all trials, and none red that is known', () => {
    const xml = campaignJunit(gameday);
    expect(xml).to.match(/<testsuites name="holdfast" tests="5" failures="2" errors="0"/);
    expect(xml.match(/<failure /g)).to.have.length(2);
    expect(xml.match(/<skipped /g)).to.have.length(1);
    expect(xml).to.include('name="leader-elected: a new leader within 5 s"');
    expect(xml).to.include(
      `>${claim.sentence}\ntrial 1: fail: no leader was seen (run-1)</failure>`,
    );
    const names = [...xml.matchAll(/<test(?:case|suite) [^>]*>/g)].join('\n');
    expect(names).to.not.include('run-1');
  });

  it('has the time that all trials of a scenario took', () => {
    const timed = (name: string): CampaignResult['runs'][number] => ({
      run: name,
      seed: 1,
      startedAt: '2026-11-22T01:00:01.000Z',
      finishedAt: '2026-11-22T01:01:31.500Z',
    });
    const xml = campaignJunit({ ...campaign, runs: [timed('run-1'), timed('run-2')] });
    expect(xml).to.match(/<testsuite [^>]*time="181.000" timestamp="2026-11-22T01:00:01"/);
    expect(xml).to.match(/name="all trials come to a verdict" time="181.000">/);
  });

  it('is valid', function () {
    for (const result of [campaign, gameday]) {
      const validated = validateJunit(campaignJunit(result));
      // Its absence is told by the test of a single run.
      if (validated === undefined) this.skip();
      expect(validated.says).to.match(/ validates\n$/);
    }
  });
});

describe('a trend', () => {
  it('draws the medians of the nights', () => {
    const night = (
      ms: number,
    ): { night: string; trials: number; passed: number; median: { lo: number; hi: number } } => ({
      night: '',
      trials: 3,
      passed: 3,
      median: { lo: ms, hi: ms },
    });
    const unseen = { night: '', trials: 3, passed: 0, median: { atLeast: 9 } };
    const [, row] = trendCells([
      {
        claim: 'leader-elected',
        nights: [night(100), night(800), unseen, { night: '', trials: 0, passed: 0 }],
      },
    ]);
    expect(row).to.deep.equal(['leader-elected', '4', '6 of 9', '▂█×·', '–', '–']);
  });
});

describe('a bar', () => {
  it('is filled to an eighth of a column', () => {
    expect([0, 0.5, 0.53, 1, 2].map((share) => bar(share, 4))).to.deep.equal([
      '░░░░',
      '██░░',
      '██▏░',
      '████',
      '████',
    ]);
  });
});
