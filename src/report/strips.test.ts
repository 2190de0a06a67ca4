import { expect } from 'chai';
import fc from 'fast-check';
import type { Sample } from '../model/timeline.ts';
import { compact, mostSay, runsOf, type Run } from './strips.ts';

const sample = (due: number, ok: boolean, error?: string): Sample => ({
  type: 'sample',
  series: 's',
  due,
  ok,
  ...(error !== undefined && { error }),
});
const stateOf = ({ ok }: Sample): string => (ok === true ? 'ok' : 'failed');
const shape = (runs: readonly Run[]): unknown =>
  runs.map(({ from, to, state, count }) => [from, to, state, count]);

describe('runsOf', () => {
  it('merges neighbours of equal state and counts their errors', () => {
    const samples = [
      sample(0, true),
      sample(10, true),
      sample(20, false, 'A'),
      sample(30, false, 'B'),
      sample(40, false, 'A'),
      sample(50, true),
    ];
    const runs = runsOf(samples, 10, stateOf);
    expect(shape(runs)).to.deep.equal([
      [0, 20, 'ok', 2],
      [20, 50, 'failed', 3],
      [50, 60, 'ok', 1],
    ]);
    expect(runs[1]?.errors).to.deep.equal({ A: 2, B: 1 });
  });

  it('leaves a gap where a series was not sampled', () => {
    const runs = runsOf([sample(0, true), sample(100, true)], 10, stateOf);
    expect(shape(runs)).to.deep.equal([
      [0, 10, 'ok', 1],
      [100, 110, 'ok', 1],
    ]);
  });

  it('loses no sample and never overlaps', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ step: fc.integer({ min: 1, max: 90 }), ok: fc.boolean() })),
        (some) => {
          let due = 0;
          const samples = some.map(({ step, ok }) => sample((due += step), ok));
          const runs = runsOf(samples, 10, stateOf);
          expect(runs.reduce((sum, { count }) => sum + count, 0)).to.equal(samples.length);
          runs.forEach(({ from, to }, index) => {
            expect(from).to.be.lessThan(to);
            expect(to).to.be.at.most(runs[index + 1]?.from ?? Infinity);
          });
        },
      ),
    );
  });
});

describe('compact', () => {
  const flapping = runsOf(
    Array.from({ length: 30_000 }, (_, index) => sample(index * 10, index % 7 !== 0, 'X')),
    10,
    stateOf,
  );

  it('keeps few runs as they are', () => {
    expect(compact(flapping.slice(0, 50), 50, ['failed'])).to.deep.equal(flapping.slice(0, 50));
  });

  it('keeps to its limit and merges no failure away', () => {
    const runs = compact(flapping, 400, ['failed']);
    expect(runs.length).to.be.at.most(400);
    expect(runs.reduce((sum, { count }) => sum + count, 0)).to.equal(30_000);
    for (const failed of flapping.filter(({ state }) => state === 'failed')) {
      const over = runs.find(({ from, to }) => from <= failed.from && failed.to <= to);
      expect(over?.state).to.equal('failed');
    }
  });
});

describe('mostSay', () => {
  const says = (due: number, node: string): Sample => ({ ...sample(due, true), value: node });
  const read = ({ value }: Sample): ReadonlyMap<string, string> =>
    new Map([['pi1', value as string]]);

  it('follows the majority of fresh answers, and knows nothing without any', () => {
    const sources = [
      [says(0, 'voter'), says(100, 'voter'), sample(200, false)],
      [says(10, 'voter'), says(110, 'spare'), says(210, 'spare')],
      [says(20, 'voter'), says(120, 'spare'), sample(900, false)],
    ];
    const runs = mostSay(sources, 100, ['pi1'], read).get('pi1') ?? [];
    expect(runs.map(({ from, to, state }) => [from, to, state])).to.deep.equal([
      [0, 120, 'voter'],
      [120, 900, 'spare'],
      [900, 1000, 'unknown'],
    ]);
  });
});
