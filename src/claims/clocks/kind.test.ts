import { expect } from 'chai';
import { aboutOf, badLook, look } from '../../testing/looks.ts';
import type { Used } from '../series.ts';
import { firstShown, lastBefore, looksOf, readingOf } from './kind.ts';

const shows = ({ value }: Used): boolean => value === true;
const times = (looks: readonly Used[]): readonly number[] => looks.map(({ sent }) => sent);

describe('what clocks are read with', () => {
  it('takes what a claim found, or why it found nothing', () => {
    const measured = { lo: 1, hi: 2 };
    const found = { kind: 'measured', measured, says: 'it was', evidence: [] } as const;
    expect(readingOf(found)).to.deep.equal({ measuredMs: measured });
    expect(readingOf({ kind: 'invalid', because: 'nobody looked' })).to.deep.equal({
      because: 'nobody looked',
    });
  });

  it('looks from two seconds before the fault to its healing, at what was answered, as it was sent', () => {
    const about = aboutOf([
      ...[7999, 8000, 20_000, 20_001].map((sent) => look('nodes@pi1', sent, {})),
      look('nodes@pi2', 9000, { ready: {} }),
      badLook('nodes@pi2', 9100, 'EDEADLINE'),
      look('pods@pi2', 9200, {}),
    ]);
    const of = (probe: string): readonly number[] => times(looksOf(about, probe));
    expect(of('nodes')).to.deep.equal([9000]);
    expect(of('web-other')).to.deep.equal([]);
    const ready = { ready: {} };
    const edges = aboutOf([
      ...[7999, 8000, 20_000, 20_001].map((sent) => look('nodes@pi1', sent, ready)),
      look('nodes@pi2', 9000, ready),
    ]);
    expect(times(looksOf(edges, 'nodes'))).to.deep.equal([8000, 9000, 20_000]);
  });

  it('knows what was last told before the fault: what had come by then', () => {
    const about = aboutOf([9800, 9990, 9991].map((sent) => look('other@pi1', sent, {})));
    expect(lastBefore(about, looksOf(about, 'other'))?.sent).to.equal(9990);
    expect(lastBefore(about, [])).to.equal(undefined);
  });

  it('finds what was first shown between the last look that denied it and the answer of the first that shows it', () => {
    const shown = (...looks: readonly (readonly [number, boolean])[]): unknown => {
      const about = aboutOf(looks.map(([sent, value]) => look('other@pi1', sent, { value })));
      const all = looksOf(about, 'other').map((one) => ({
        ...one,
        value: (one.value as { value: boolean }).value,
      }));
      return firstShown(about, all, shows);
    };
    expect(shown([10_100, false], [10_200, false], [10_300, true], [10_400, false])).to.deep.equal({
      lo: 196,
      hi: 310,
    });
    expect(shown([9900, true], [10_000, false], [10_100, true])).to.deep.equal({ lo: 0, hi: 110 });
    expect(shown([10_000, true])).to.deep.equal({ lo: 0, hi: 10 });
    expect(shown([9900, false], [10_100, true])).to.deep.equal({ lo: 0, hi: 110 });
    expect(shown([10_100, false], [10_900, false])).to.deep.equal({ atLeast: 896 });
    expect(shown([9900, true])).to.deep.equal({ atLeast: 0 });
  });
});
