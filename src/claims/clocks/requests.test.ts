import { expect } from 'chai';
import type { Sample } from '../../model/timeline.ts';
import { aboutOf, badLook, look } from '../../testing/looks.ts';
import { readAnswered, writeAcknowledged } from './requests.ts';

/** A look every 100 ms from two seconds before the fault to 14 s; those in some time fail. */
function path(series: string, from = 0, to = 0): readonly Sample[] {
  return Array.from({ length: 61 }, (_, index) => {
    const sent = 8000 + index * 100;
    return sent >= from && sent < to
      ? badLook(series, sent, 'HTTP 500')
      : look(series, sent, { status: 200, n: index + 1, of: 'pi1', kept: [] });
  });
}

describe('until requests through an API server succeed again', () => {
  it('is from the sending of the last that failed to the receipt of the first good one, of each', () => {
    const looks = [
      ...path('write@pi2', 10_000, 10_500),
      ...path('write@pi3', 10_000, 11_000),
      ...path('read@pi2', 10_000, 10_300),
    ];
    expect(writeAcknowledged.read(aboutOf(looks))).to.deep.equal([
      { of: 'pi2', measuredMs: { lo: 396, hi: 510 } },
      { of: 'pi3', measuredMs: { lo: 896, hi: 1010 } },
    ]);
    expect(readAnswered.read(aboutOf(looks))).to.deep.equal([
      { of: 'pi2', measuredMs: { lo: 196, hi: 310 } },
    ]);
  });

  it('says why there is none of one that did not work before, or was seen too seldom', () => {
    const [before] = writeAcknowledged.read(aboutOf(path('write@pi2', 8000, 10_000)));
    expect(before?.because).to.match(/^write@pi2 had 0 good samples/);
    expect(before).not.to.have.property('measuredMs');
    const seldom = path('write@pi2', 10_000, 11_100).filter(
      ({ due }) => due <= 10_100 || due >= 11_100,
    );
    expect(writeAcknowledged.read(aboutOf(seldom))[0]?.because).to.match(
      /^the change was seen only to within/,
    );
  });
});
