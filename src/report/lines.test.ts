import { expect } from 'chai';
import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { linesOf, settledLines } from './lines.ts';
import { sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';

const kinds = (timeline: Timeline | undefined, result: Result): readonly string[] =>
  settledLines(timeline, result).map(({ settled }) => settled.kind);

describe('settledLines', () => {
  const timeline = sampleTimeline({ electedMs: 1840 });

  it('has a line for each phase, step and claim of a run that passed', () => {
    const lines = settledLines(timeline, sampleResult());
    expect(lines.map(({ title }) => title.split(':')[0])).to.deep.equal([
      ...['preflight', 'workload', 'steady state', 'step 1', 'step 2', 'step 3'],
      ...['heal', 'recovery', 'leader-elected', 'voters-restored', 'writes-resume'],
      ...['workload-available', 'cluster-recovers'],
    ]);
    expect(new Set(lines.map(({ settled }) => settled.kind))).to.deep.equal(new Set(['ok']));
  });

  it('fails only claims that fail; what cannot be told is broken, what does not apply skipped', () => {
    const outcomes = ['fail', 'unknown', 'invalid', 'not-applicable'] as const;
    const verdicts = outcomes.flatMap((outcome) =>
      verdictsWith('leader-elected', { outcome }).slice(0, 1),
    );
    expect(kinds(undefined, sampleResult(verdicts))).to.deep.equal([
      ...['failed', 'broken', 'broken', 'skipped'],
    ]);
  });

  it('breaks the step whose fault did not bite', () => {
    const result = sampleResult([], { outcome: 'invalid' });
    const [step] = settledLines(sampleTimeline({ missed: true }), result).slice(3);
    expect(step?.settled).to.deep.equal({
      kind: 'broken',
      because: 'it did not bite: the unit is still active',
    });
  });

  it('breaks heal by what was left behind', () => {
    const result = sampleResult([], { outcome: 'residue', residue: ['pi1: a unit is failed'] });
    const lines = settledLines(sampleTimeline({ residue: true }), result);
    expect(lines.find(({ title }) => title.startsWith('heal:'))?.settled).to.deep.equal({
      kind: 'broken',
      because: 'pi1: a unit is failed',
    });
  });

  it('breaks the phase a run stopped in and skips the steps it did not reach', () => {
    const result = sampleResult([], { outcome: 'unhealthy', reason: 'pi2 is not ready' });
    expect(kinds(sampleTimeline({ stopAfter: 'steady' }), result)).to.deep.equal([
      ...['ok', 'ok', 'broken', 'skipped', 'skipped', 'skipped'],
    ]);
  });

  it('breaks a fault that was fired and never proved', () => {
    const result = sampleResult([], { outcome: 'interrupted', reason: 'SIGINT' });
    expect(kinds(sampleTimeline({ stopAfter: 'fired' }), result).slice(3)).to.deep.equal([
      ...['broken', 'skipped', 'skipped'],
    ]);
  });

  it('is never all green for a run that did not pass', () => {
    for (const outcome of ['defect', 'fail', 'locked', 'residue', 'unknown'] as const)
      expect(kinds(timeline, sampleResult(undefined, { outcome })).at(-1)).to.not.equal('ok');
    expect(kinds(undefined, sampleResult([], { outcome: 'skipped' }))).to.deep.equal(['skipped']);
  });

  it('names no node and no seed', () => {
    const titles = settledLines(timeline, sampleResult()).map(({ title }) => title);
    expect(titles.join('\n')).to.not.match(/pi\d|1067654172/);
  });
});

describe('linesOf', () => {
  it('replays a stored run as lines that have settled', async () => {
    const lines = linesOf(sampleTimeline({ electedMs: 1840 }), sampleResult());
    const settled = await Promise.all(lines.map((line) => line.settled));
    expect(settled).to.deep.equal(lines.map(() => ({ kind: 'ok' })));
    expect(new Set(lines.map(({ file }) => file))).to.deep.equal(
      new Set(['scenarios/leader-loss.yaml']),
    );
  });
});
