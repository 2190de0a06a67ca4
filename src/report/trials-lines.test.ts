import { expect } from 'chai';
import { scenariosIn } from './scenario-told.ts';
import { sampleCampaign, sampleGameday } from './testing/sample-campaign.ts';
import { trialsLines } from './trials-lines.ts';

describe('the lines of trials', () => {
  const [leaderLoss] = scenariosIn(sampleCampaign(59).result);
  const lines = leaderLoss === undefined ? [] : trialsLines(leaderLoss);
  const lineOf = (key: string): (typeof lines)[number] =>
    lines.find((line) => line.key === key) ?? expect.fail(`no line ${key}`);

  it('are one for each claim, and one for the verdict of all', async () => {
    expect(lines.map(({ key }) => key)).to.deep.equal([
      ...(leaderLoss?.claims.map(({ claim }) => claim) ?? []),
      undefined,
    ]);
    const settled = await Promise.all(lines.map((line) => line.settled));
    const told = lines.map(({ key = 'all' }, index) => `${key} ${settled[index]?.kind ?? ''}`);
    expect(told).to.include.members([
      'leader-elected failed',
      'writes-resume broken',
      'voters-restored broken',
      'cluster-recovers ok',
      'all failed',
    ]);
  });

  it('have each trial as a step, told by what it measured or why it did not hold', () => {
    const steps = lineOf('leader-elected').steps?.() ?? [];
    expect(steps).to.have.length(59);
    expect(steps[0]?.title).to.match(/^trial 1: pass: \d\.\d\d s \(±0\.0\d\) \(.*, seed \d+\)$/);
    expect(steps[0]?.ok).to.equal(true);
    expect(steps[29]?.title).to.match(/^trial 30: fail: it took 6\.0\d s/);
    expect(steps[51]?.title).to.match(/^trial 52: invalid: it is invalid/);
    expect(steps.filter(({ ok }) => !ok)).to.have.length(2);
  });

  it('have the faults of a trial as steps of it', () => {
    const [first] = lineOf('leader-elected').steps?.() ?? [];
    expect(first?.steps).to.have.length.greaterThan(0);
    for (const { title, ok } of first?.steps ?? []) {
      expect(title).to.match(/^.* of pi\d was fired at \d+\.\d{3} s, bit and was taken back$/);
      expect(ok).to.equal(true);
    }
    const [trial] = leaderLoss?.trials ?? [];
    if (leaderLoss === undefined || trial === undefined) throw new Error('no trial');
    const fault = { fault: 'kill', target: 'pi1', bit: false, gone: false };
    const [missed] = trialsLines({ ...leaderLoss, trials: [{ ...trial, faults: [fault] }] });
    expect(missed?.steps?.()[0]?.steps).to.deep.equal([
      {
        title:
          'kill of pi1 was not fired, was not proved to bite and was not seen to be taken back',
        ok: false,
      },
    ]);
  });

  it('are ok where a failure is known', async () => {
    const frozen = sampleGameday().result.scenarios.find(
      ({ scenario }) => scenario === 'leader-freeze',
    );
    if (frozen === undefined) throw new Error('no leader-freeze');
    const kindOf = async (tolerated: typeof frozen.tolerated): Promise<unknown> => {
      const line = trialsLines({ ...frozen, tolerated }).find(
        ({ key }) => key === 'leader-elected',
      );
      return (await line?.settled)?.kind;
    };
    expect(await kindOf(frozen.tolerated)).to.equal('ok');
    expect(await kindOf([])).to.equal('failed');
  });
});
