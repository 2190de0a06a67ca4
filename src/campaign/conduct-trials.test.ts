import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Agenda, PlannedTrial } from '../model/agenda.ts';
import type { Result } from '../model/result.ts';
import type { Verdict } from '../model/verdict.ts';
import { conductTrials, type Progress } from './conduct-trials.ts';
import { campaignResult } from './fold.ts';
import {
  addFinished,
  forgetEnded,
  readCampaign,
  readDone,
  writeAgenda,
  writeEnded,
} from './folder.ts';
import { addSpent, readSpent } from './spent.ts';
import type { Ended } from './stop.ts';
import { fakeAgenda, fakeResult, verdictOf, writeRun } from './testing/fake-run.ts';

/** Trials that take a minute each, of which somebody may kill the process. */
class Killed extends Error {}

describe('trials', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-trials-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  interface Conducted {
    readonly ended: Ended;
    readonly run: readonly number[];
    readonly said: readonly Progress[];
  }

  /** Conducts what is left of the agenda in the folder, as the command does. */
  const conducted = async (
    resultOf: (trial: PlannedTrial) => Result = fakeResult,
    recovered: () => Promise<string | undefined> = () => Promise.resolve(undefined),
    interrupted: () => Ended['interrupted'] = () => undefined,
  ): Promise<Conducted> => {
    const { agenda, finished } = readCampaign(folder);
    const run: number[] = [];
    const said: Progress[] = [];
    let clock = 0;
    const ended = await conductTrials({
      agenda,
      done: finished.map((trial) => ({ trial, result: readDone(folder, trial).result })),
      safety: new Set(['acknowledged-writes-survive', 'cluster-recovers']),
      recovered,
      interrupted,
      run: (trial) => {
        run.push(trial.number);
        clock += 60_000;
        const result = resultOf(trial);
        writeRun(folder, result);
        return Promise.resolve(result);
      },
      // A fake trial takes a minute by its own clock, and none by that of this machine.
      finished: (trial, { startedAt }) => addFinished(folder, { ...trial, startedAt }),
      spentMs: readSpent(folder, finished),
      spent: (ms) => addSpent(folder, ms),
      say: (progress) => said.push(progress),
      now: () => clock,
    });
    return { ended, run, said };
  };
  const folded = (ended: Ended): ReturnType<typeof campaignResult> => {
    const { agenda, finished } = readCampaign(folder);
    const done = finished.map((trial) => readDone(folder, trial));
    return campaignResult({ agenda, done, ended, finishedAt: '', compared: new Map() });
  };
  const begin = (agenda: Agenda): void => writeAgenda(folder, agenda);

  it('are all done, and what is left is told with the time it takes', async () => {
    begin(fakeAgenda({ 'leader-loss': 3 }));
    const { ended, run, said } = await conducted();
    expect(ended).to.deep.equal({});
    expect(run).to.deep.equal([1, 2, 3]);
    expect(said.map(({ done, leftMs }) => `${done} ${leftMs / 60_000}`)).to.deep.equal([
      '0 3',
      '1 2',
      '1 2',
      '2 1',
      '2 1',
      '3 0',
    ]);
    expect(folded(ended)).to.include({ outcome: 'pass', exitCode: 0, asked: 3 });
  });

  it('go on after a SIGKILL without one done twice, and come to the same as without it', async () => {
    begin(fakeAgenda({ 'leader-loss': 20 }));
    const { run } = await conducted();
    const whole = folded({});
    expect(run).to.have.length(20);

    for (const at of [1, 7, 20]) {
      rmSync(folder, { recursive: true });
      begin(fakeAgenda({ 'leader-loss': 20 }));
      const before = await conducted((trial) => {
        if (trial.number === at) throw new Killed();
        return fakeResult(trial);
      }).catch((error: unknown) => {
        if (error instanceof Killed) return undefined;
        throw error;
      });
      expect(before).to.equal(undefined);
      const again = await conducted();
      expect(again.run).to.deep.equal(run.slice(at - 1));
      const times = (result: typeof whole): unknown => ({
        ...result,
        runs: result.runs.map(({ run, seed }) => ({ run, seed })),
      });
      expect(times(folded(again.ended))).to.deep.equal(times(whole));
    }
  });

  it('tell what is left by the plan where a clock that was set back makes a trial end before it began', async () => {
    const agenda = fakeAgenda({ 'leader-loss': 3 });
    begin(agenda);
    const [first] = agenda.trials;
    if (first === undefined) throw new Error('no trial');
    const result = fakeResult(first);
    writeRun(folder, result);
    const startedAt = new Date(Date.parse(result.finishedAt) + 3_600_000).toISOString();
    addFinished(folder, { ...first, run: result.run, startedAt, finishedAt: result.finishedAt });
    const { said } = await conducted();
    expect(said[0]?.leftMs).to.equal(120_000);
  });

  it('have an end on disk once they came to it, and are under way before', async () => {
    begin(fakeAgenda({ 'leader-loss': 2 }));
    expect(readCampaign(folder).ended.stopped?.reason).to.include('0 of 2 trials are done');
    const { ended } = await conducted((trial) =>
      fakeResult(trial, trial.number === 2 ? { outcome: 'interrupted', exitCode: 143 } : {}),
    );
    writeEnded(folder, ended, new Map([['leader-loss', []]]));
    expect(readCampaign(folder).ended).to.deep.equal({ interrupted: 'SIGTERM' });
    expect([...readCampaign(folder).compared.keys()]).to.deep.equal(['leader-loss']);
    forgetEnded(folder);
    expect(readCampaign(folder).ended.stopped?.reason).to.include('1 of 2 trials are done');
    expect((await conducted()).run).to.deep.equal([2]);
    expect(readCampaign(folder).ended).to.deep.equal({});
  });

  it('end with what a trial left behind, and do that trial again', async () => {
    begin(fakeAgenda({ 'leader-loss': 3 }));
    const residue = ['pi1: a unit is masked'];
    const { ended, run } = await conducted((trial) =>
      fakeResult(trial, trial.number === 2 ? { residue, outcome: 'residue', exitCode: 4 } : {}),
    );
    expect(run).to.deep.equal([1, 2]);
    expect(folded(ended)).to.include({ outcome: 'residue', exitCode: 4, healed: false });
    expect((await conducted()).run).to.deep.equal([2, 3]);
  });

  it('end when a write that was acknowledged is lost, and not when a limit is missed', async () => {
    begin(fakeAgenda({ 'leader-loss': 3 }));
    const lost = verdictOf('acknowledged-writes-survive', { lo: 1, hi: 2 }, { outcome: 'fail' });
    const unmeasured: Verdict = {
      claim: lost.claim,
      outcome: 'fail',
      title: '',
      because: 'write 7 through pi2 is gone',
      evidence: [],
    };
    const { ended, run } = await conducted((trial) =>
      fakeResult(trial, trial.number === 2 ? { verdicts: [unmeasured] } : { verdicts: [lost] }),
    );
    // What was measured to its end came back: late, and not lost.
    expect(run).to.deep.equal([1, 2]);
    expect(ended.stopped?.outcome).to.equal('fail');
    expect(ended.stopped?.reason).to.include('trial 2 of leader-loss broke a promise of safety');
  });

  it('end with what a guard, the cluster or a person said', async () => {
    for (const outcome of ['refused', 'locked', 'unreachable', 'interrupted'] as const) {
      rmSync(folder, { recursive: true });
      begin(fakeAgenda({ 'leader-loss': 3 }));
      const { ended, run } = await conducted((trial) =>
        fakeResult(trial, trial.number === 2 ? { outcome, trials: [], reason: 'no' } : {}),
      );
      expect(run).to.deep.equal([1, 2]);
      expect(folded(ended).outcome).to.equal(outcome);
      expect(folded(ended).trials).to.have.length(1);
    }
  });

  it('give a cluster that was not steady a second chance, and no third', async () => {
    begin(fakeAgenda({ 'leader-loss': 2 }));
    let sick = 1;
    const unhealthy = (trial: PlannedTrial): Result =>
      fakeResult(trial, sick-- > 0 ? { outcome: 'unhealthy', trials: [], reason: 'no' } : {});
    expect((await conducted(unhealthy)).run).to.deep.equal([1, 1, 2]);
    rmSync(folder, { recursive: true });
    begin(fakeAgenda({ 'leader-loss': 2 }));
    sick = 2;
    const { ended, run } = await conducted(unhealthy);
    expect(run).to.deep.equal([1, 1]);
    expect(ended.stopped?.outcome).to.equal('unhealthy');
  });

  it('are not begun on a cluster that does not recover', async () => {
    begin(fakeAgenda({ 'leader-loss': 2 }));
    const { ended, run } = await conducted(fakeResult, () => Promise.resolve('pi2 is not Ready'));
    expect(run).to.deep.equal([]);
    expect(ended.stopped).to.deep.equal({
      outcome: 'unhealthy',
      reason: 'trial 1 of leader-loss was not begun: pi2 is not Ready',
    });
  });

  it('are interrupted between two of them, too, whether the cluster is well or not', async () => {
    for (const sick of [undefined, 'pi2 is not Ready']) {
      begin(fakeAgenda({ 'leader-loss': 3 }, { budgetMs: 1_000_000 }));
      let gates = 0;
      const { ended, run } = await conducted(
        fakeResult,
        () => Promise.resolve(++gates === 2 ? sick : undefined),
        () => (gates === 2 ? 'SIGTERM' : undefined),
      );
      expect(run).to.deep.equal([1]);
      expect(folded(ended)).to.include({ outcome: 'interrupted', exitCode: 143 });
      expect(readSpent(folder, []), 'of the second, nothing').to.equal(60_000);
      expect((await conducted()).run).to.deep.equal([2, 3]);
      rmSync(folder, { recursive: true });
    }
    mkdirSync(folder);
  });

  it('count against the budget what was spent before they were interrupted, and killed', async () => {
    const budgetMs = 250_000;
    begin(fakeAgenda({ 'leader-loss': 9 }, { budgetMs }));
    const interrupted = await conducted((trial) =>
      fakeResult(trial, trial.number === 3 ? { outcome: 'interrupted', exitCode: 130 } : {}),
    );
    expect(interrupted.run).to.deep.equal([1, 2, 3]);
    // Three minutes are gone, one of them for nothing: a fourth is left, and no fifth.
    const again = await conducted();
    expect(again.run).to.deep.equal([3]);
    expect(again.ended.stopped?.reason).to.match(/^the budget of 4 min does not reach for 6 more/);
    expect((await conducted()).run).to.deep.equal([]);

    // Of one that was killed nobody knows how long it took: it counts as long as it was thought to take.
    rmSync(folder, { recursive: true });
    begin(fakeAgenda({ 'leader-loss': 9 }, { budgetMs }));
    const kill = (trial: PlannedTrial): Result => {
      if (trial.number === 2) throw new Killed();
      return fakeResult(trial);
    };
    const killed = async (): Promise<unknown> => {
      const error: unknown = await conducted(kill).catch((error: unknown) => error);
      return error instanceof Killed ? 'killed' : error;
    };
    expect(await killed()).to.equal('killed');
    expect(await killed()).to.equal('killed');
    expect((await conducted()).run).to.deep.equal([2]);
  });

  it('end before the budget does, and after as many failures as are allowed', async () => {
    begin(fakeAgenda({ 'leader-loss': 9 }, { budgetMs: 200_000 }));
    const { ended, run } = await conducted();
    expect(run).to.deep.equal([1, 2, 3]);
    expect(folded(ended)).to.include({ outcome: 'unknown', exitCode: 2 });
    rmSync(folder, { recursive: true });
    begin(fakeAgenda({ 'leader-loss': 9 }, { stopAfter: 2 }));
    const verdicts = [verdictOf('leader-elected', { lo: 6000, hi: 6100 })];
    const late = (trial: PlannedTrial): Result => fakeResult(trial, { verdicts });
    expect((await conducted(late)).run).to.deep.equal([1, 2]);
    // What is known to fail counts for nothing here.
    rmSync(folder, { recursive: true });
    const reason = 'stock timings';
    const known = [
      { scenario: 'leader-loss', claim: 'leader-elected', reason, until: '2026-12-31' },
    ];
    begin(fakeAgenda({ 'leader-loss': 4 }, { stopAfter: 2, known }));
    expect((await conducted(late)).run).to.deep.equal([1, 2, 3, 4]);
  });
});
