import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { endOfSampling, longestOutage, outagesIn, type Outages } from './outages.ts';

/**
 * Writes 100 ms apart: `y` was acknowledged, `-` ran into its deadline, `x` was refused, and of a space nothing was written
 * down.
 */
function writes(text: string, node = 'pi2', from = 10_000): readonly Sample[] {
  return text.split('').flatMap((kind, index) => {
    const [series, sent] = [`write@${node}`, from + index * 100];
    if (kind === 'y') return [look(series, sent, { status: 200, n: index + 1 })];
    if (kind === ' ') return [];
    return [badLook(series, sent, kind === '-' ? 'EDEADLINE' : 'HTTP 500')];
  });
}

function outages(looks: readonly Sample[], until: number): Outages {
  const timeline = timelineWith(looks);
  return outagesIn(timeline, timeline.plan.series, deed, until);
}

describe('the times without an acknowledged write', () => {
  it('lie between writes that were acknowledged, and are certain from failure to failure', () => {
    const found = outages(writes('yyy---yyy'), 10_900);
    expect(found).to.deep.include({ atLeast: [200], failed: 3, attempts: 9 });
    expect(found.atMost.slice(0, 2)).to.deep.equal([
      { from: 10_200, to: 10_610 },
      { from: 10_000, to: 10_110 },
    ]);
    expect(longestOutage(found)).to.deep.equal({ lo: 200, hi: 410 });
  });

  it('are certain from when a refusal had come', () => {
    expect(outages(writes('yyyxxxyyy'), 10_900).atLeast).to.deep.equal([190]);
    expect(outages(writes('yyyx-yyyy'), 10_900).atLeast).to.deep.equal([90]);
    expect(outages(writes('yyyxyyyyy'), 10_900).atLeast).to.deep.equal([0]);
  });

  it('are told the longest first, and so many may be left out', () => {
    const found = outages(writes('y--y----y---y'), 11_300);
    expect(found.atLeast).to.deep.equal([300, 200, 100]);
    expect([0, 1, 2].map((but) => longestOutage(found, but))).to.deep.equal([
      { lo: 300, hi: 510 },
      { lo: 200, hi: 410 },
      { lo: 100, hi: 310 },
    ]);
    expect(longestOutage(found, 99)).to.deep.equal({ lo: 0, hi: 0 });
  });

  it('are none but those between two writes, where none fails', () => {
    const found = outages(writes('yyyy'), 10_350);
    expect(found.atLeast).to.deep.equal([]);
    expect(found.atMost.at(-1)).to.deep.equal({ from: 10_000, to: 10_010 });
    expect(longestOutage(found)).to.deep.equal({ lo: 0, hi: 110 });
    expect(outages([], 10_000).atMost).to.deep.equal([]);
  });

  it('begin with the fault, though a write was lost before it', () => {
    const found = outages(writes('y-----y---y', 'pi2', 9500), 10_500);
    // At 10.000 s one was lost, and three after the write at 10.100 s.
    expect(found).to.deep.include({ atLeast: [200, 0], failed: 4, attempts: 6 });
    expect(found.atMost[0]).to.deep.equal({ from: 10_100, to: 10_510 });
    expect(found.atMost[1]).to.deep.equal({ from: 10_000, to: 10_110 });
  });

  it('are none of before the fault: a write that came in its very instant ends no time after it', () => {
    const early = look('write@pi2', 9990, { status: 200, n: 1 });
    const found = outages([...writes('yyy', 'pi2', 9500), early, ...writes('y')], 10_050);
    expect(found.atMost).to.deep.equal([
      { from: 10_000, to: 10_050 },
      { from: 10_000, to: 10_010 },
    ]);
  });

  it('end also with a write that was sent before the fault', () => {
    const slow = { ...look('write@pi2', 9900, { status: 200, n: 1 }), got: 10_300 };
    expect(outages([slow], 10_400).atMost).to.deep.equal([
      { from: 10_000, to: 10_400 },
      { from: 10_000, to: 10_300 },
    ]);
  });

  it('go on only if something failed after the last write, not beside it', () => {
    const beside = [...writes('y'), ...writes('-', 'pi3')];
    expect(outages(beside, 13_000).atMost[0]).to.deep.equal({ from: 10_000, to: 13_000 });
    const after = [...writes('y'), ...writes('-', 'pi3', 10_001)];
    expect(outages(after, 13_000).atMost[0]).to.deep.equal({ from: 10_000, to: Infinity });
  });

  it('go on where two seconds and failures have passed since the last write', () => {
    const fails = (count: number): string => `yyy${'-'.repeat(count)}`;
    expect(longestOutage(outages(writes(fails(21)), 12_201))).to.deep.equal({ atLeast: 1900 });
    expect(outages(writes(fails(21)), 12_200).atMost[0]).to.deep.equal({
      from: 10_200,
      to: 12_200,
    });
    expect(outages(writes('yyy'), 14_000).atMost[0]).to.deep.equal({ from: 10_200, to: 14_000 });
    expect(outages(writes('yy-y'), 14_000).atMost[0]).to.deep.equal({ from: 10_300, to: 14_000 });
  });

  it('are not joined over half a second in which nobody looked', () => {
    expect(outages(writes('y--    --y'), 10_900).atLeast).to.deep.equal([700]);
    expect(outages(writes('y--     --y'), 11_000).atLeast).to.deep.equal([100, 100]);
  });

  it('are joined over more, where a series is asked more seldom', () => {
    const timeline = timelineWith([
      badLook('write@pi2', 10_000, ''),
      badLook('write@pi2', 11_000, ''),
    ]);
    const atLeast = (everyMs: number): readonly number[] => {
      const series = timeline.plan.series.map((one) => ({ ...one, everyMs }));
      return outagesIn(timeline, series, deed, 12_000).atLeast;
    };
    expect(atLeast(100)).to.deep.equal([0, 0]);
    expect(atLeast(1000)).to.deep.equal([990]);
  });

  it('of several are those in which each of them fails', () => {
    const both = (one: string, other: string): Outages =>
      outages([...writes(one), ...writes(other, 'pi3', 10_050)], 10_900);
    const found = both('yy-----yy', 'yyy---yyy');
    expect(found.atLeast).to.deep.equal([200, 0]);
    expect(found.atMost[0]).to.deep.equal({ from: 10_250, to: 10_660 });
    expect(both('yy-----yy', 'yyy   yyy').atLeast).to.deep.equal([0, 0]);
  });

  it('are looked for to the last slot, or the end of settling', () => {
    const timeline = timelineWith([...writes('yyy'), ...writes('yyyy', 'pi3')]);
    const { series } = timeline.plan;
    expect(endOfSampling(timeline, series, 20_000)).to.equal(10_300);
    expect(endOfSampling(timeline, series, 10_150)).to.equal(10_150);
    expect(endOfSampling(timeline, [], 10_150)).to.equal(0);
    const unsampled = { id: 'write@pi4', probe: 'write', node: 'pi4', everyMs: 100 };
    expect(endOfSampling(timeline, [unsampled], 10_150)).to.equal(0);
  });
});
