import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agenda, FinishedTrial, KnownFailure } from '../model/agenda.ts';
import type { Clock } from '../model/clock.ts';
import type { Result } from '../model/result.ts';
import { campaignSchema, gamedaySchema } from '../model/any-result-schema.ts';
import { campaignResult, gamedayResult, type Folding } from './fold.ts';
import { readDone, type DoneTrial } from './folder.ts';
import { fakeAgenda, fakeResult, verdictOf, writeRun } from './testing/fake-run.ts';

describe('a campaign, folded', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-fold-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const doneOf = (
    agenda: Agenda,
    resultOf: (trial: Agenda['trials'][number]) => Result = fakeResult,
    settingsOf: (trial: number) => Readonly<Record<string, number>> = () => ({}),
  ): readonly DoneTrial[] =>
    agenda.trials.map((trial) => {
      const result = resultOf(trial);
      writeRun(folder, result, settingsOf(trial.trial));
      const { startedAt, finishedAt, run } = result;
      return readDone(folder, { ...trial, run, startedAt, finishedAt } satisfies FinishedTrial);
    });
  const folding = (
    agenda: Agenda,
    done: readonly DoneTrial[],
    more: Partial<Folding> = {},
  ): Folding => ({
    agenda,
    done,
    ended: {},
    finishedAt: '2026-11-22T02:00:00.000Z',
    compared: new Map(),
    ...more,
  });

  it('says what 59 trials show, with one that missed', () => {
    const agenda = fakeAgenda({ 'leader-loss': 59 });
    const late = [verdictOf('leader-elected', { lo: 6000, hi: 6040 })];
    const done = doneOf(agenda, (trial) =>
      fakeResult(trial, trial.trial === 30 ? { verdicts: late } : {}),
    );
    const result = campaignResult(folding(agenda, done));
    expect(result).to.include({ kind: 'campaign', outcome: 'fail', exitCode: 1 });
    expect(result.reason).to.equal('1 of 59 trials: leader-elected: because fail');
    const [claim] = result.claims;
    expect(claim).to.include({ passed: 58, failed: 1, unknown: 0 });
    expect(claim?.sentence).to.equal(
      '58 of 59 failovers ≤ 5 s: with 95 % confidence at least 92.2 % are.',
    );
    expect(claim?.summary).to.include({ n: 59, censored: 0 });
    expect(claim?.summary?.max).to.deep.equal({ lo: 6000, hi: 6040 });
    // Of 59 no value bounds the 95th percentile from above.
    expect(claim?.summary?.quantiles[2]).to.have.property('lowerMs');
    expect(claim?.summary?.quantiles[2]).to.not.have.property('upperMs');
    expect(campaignSchema.safeParse(result).error).to.equal(undefined);
    expect(result.trials.map(({ number }) => number)).to.deep.equal(
      Array.from({ length: 59 }, (_, index) => index + 1),
    );
  });

  it('counts what is not known as a miss, and an end that was not seen as the longest', () => {
    const agenda = fakeAgenda({ 'leader-loss': 20 });
    const unseen = [verdictOf('leader-elected', { atLeast: 4000 })];
    const done = doneOf(agenda, (trial) =>
      fakeResult(trial, trial.trial <= 2 ? { verdicts: unseen } : {}),
    );
    const { claims, outcome } = campaignResult(folding(agenda, done));
    expect(outcome).to.equal('unknown');
    expect(claims[0]).to.include({ passed: 18, unknown: 2 });
    expect(claims[0]?.sentence).to.match(/^18 of 20 failovers/);
    expect(claims[0]?.summary).to.include({ n: 20, censored: 2 });
    expect(claims[0]?.summary?.max).to.deep.equal({ atLeast: 4000 });
  });

  it('claims no share of trials that hang together', () => {
    const agenda = fakeAgenda({ 'leader-loss': 30 });
    const done = doneOf(agenda, (trial) => {
      const lo = 1000 + trial.trial * 50;
      return fakeResult(trial, { verdicts: [verdictOf('leader-elected', { lo, hi: lo + 1 })] });
    });
    const [claim] = campaignResult(folding(agenda, done)).claims;
    expect(claim).to.not.have.property('demonstrated');
    expect(claim?.sentence).to.match(
      /^Each trial tells of the next one \(lag-1 autocorrelation 0\.\d\d\)/,
    );
  });

  it('tells of clocks without the names of nodes, by the slowest that was not hit', () => {
    const agenda = fakeAgenda({ 'leader-loss': 2 });
    const clock = (of: string, ms: number | undefined): Clock => ({
      clock: 'write-acknowledged',
      title: 'until a write is acknowledged',
      of,
      ...(ms === undefined ? { because: 'none' } : { measuredMs: { lo: ms, hi: ms } }),
    });
    const done = doneOf(agenda, (trial) => {
      const result = fakeResult(trial);
      const clocks = [
        clock('pi1', 9000 * trial.trial),
        clock('pi2', 3000 * trial.trial),
        clock('pi3', 2000),
        clock('pi4', undefined),
        { ...clock('web-new pi2', 500), clock: 'longest-outage' },
        { ...clock('pi1', 70), clock: 'old-leader-gone' },
      ];
      return { ...result, trials: result.trials.map((one) => ({ ...one, clocks })) };
    });
    const { clocks } = campaignResult(folding(agenda, done));
    expect(
      clocks.map(({ clock, of, summary }) => ({ clock, of, min: summary.min, max: summary.max })),
    ).to.deep.equal([
      // pi1 was the victim.
      {
        clock: 'write-acknowledged',
        of: undefined,
        min: { lo: 3000, hi: 3000 },
        max: { lo: 6000, hi: 6000 },
      },
      {
        clock: 'longest-outage',
        of: 'web-new',
        min: { lo: 500, hi: 500 },
        max: { lo: 500, hi: 500 },
      },
      {
        clock: 'old-leader-gone',
        of: undefined,
        min: { lo: 70, hi: 70 },
        max: { lo: 70, hi: 70 },
      },
    ]);
  });

  it('does not pass before it has demonstrated what it was to', () => {
    const agenda = fakeAgenda({ 'leader-loss': 59 }, { demonstrate: 0.95 });
    const all = doneOf(agenda);
    expect(campaignResult(folding(agenda, all)).outcome).to.equal('pass');
    const short = campaignResult(folding(agenda, all.slice(0, 58)));
    expect(short).to.include({ outcome: 'unknown', exitCode: 2 });
    expect(short.reason).to.include('at least 94.9 % are');
  });

  it('pools no trials of a cluster that was changed between them', () => {
    const agenda = fakeAgenda({ 'leader-loss': 4 });
    const done = doneOf(agenda, fakeResult, (trial) => ({
      networkLatencyMs: trial < 3 ? 100 : 20,
    }));
    const { outcome, reason } = campaignResult(folding(agenda, done));
    expect(outcome).to.equal('invalid');
    expect(reason).to.include('from trial 3 on');
  });

  it('tolerates a known failure that got no worse, up to its day', () => {
    const agenda = fakeAgenda({ 'leader-loss': 2, 'leader-freeze': 2 });
    const late = [verdictOf('writes-resume', { lo: 40_000, hi: 41_000 })];
    const done = doneOf(agenda, (trial) =>
      fakeResult(trial, trial.scenario === 'leader-freeze' ? { verdicts: late } : {}),
    );
    const known: KnownFailure = {
      scenario: 'leader-freeze',
      claim: 'writes-resume',
      reason: 'a frozen leader keeps its connections',
      until: '2026-11-22',
    };
    const told = (
      one: KnownFailure,
      compared?: Folding['compared'],
    ): ReturnType<typeof gamedayResult> =>
      gamedayResult(folding({ ...agenda, known: [one] }, done, compared && { compared }));
    expect(told(known)).to.include({ kind: 'gameday', outcome: 'pass', exitCode: 0 });
    expect(told(known).scenarios.map(({ tolerated }) => tolerated.length)).to.deep.equal([0, 1]);
    expect(gamedaySchema.safeParse(told(known)).error).to.equal(undefined);
    // What was judged stays as it was judged.
    expect(told(known).scenarios[1]?.trials[0]?.verdicts[0]?.outcome).to.equal('fail');
    expect(told({ ...known, until: '2026-11-21' }).outcome).to.equal('fail');
    expect(told({ ...known, claim: 'leader-elected' }).outcome).to.equal('fail');
    const worse = told(
      known,
      new Map([
        [
          'leader-freeze',
          [{ claim: 'writes-resume', title: '', change: 'regressed', before: 20, after: 10 }],
        ],
      ]),
    );
    expect(worse.outcome).to.equal('fail');
  });

  it('tells of scenarios that were not run', () => {
    const agenda = fakeAgenda({ 'leader-loss': 1, 'standby-loss': 1 });
    const scenarios = agenda.scenarios.map((one) =>
      one.name === 'standby-loss' ? { ...one, skipped: 'there is no stand-by' } : one,
    );
    const done = doneOf(agenda).filter(({ scenario }) => scenario === 'leader-loss');
    const { outcome, scenarios: told } = gamedayResult(folding({ ...agenda, scenarios }, done));
    expect(outcome).to.equal('pass');
    expect(told.map((one) => `${one.scenario} ${one.outcome}: ${one.reason}`)).to.deep.equal([
      'leader-loss pass: 1 claim held',
      'standby-loss skipped: there is no stand-by',
    ]);
  });
});
