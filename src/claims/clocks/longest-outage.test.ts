import { expect } from 'chai';
import type { Sample } from '../../model/timeline.ts';
import { aboutOf, badLook, look } from '../../testing/looks.ts';
import type { Reading } from './kind.ts';
import { longestOutage } from './longest-outage.ts';

/** A look every 100 ms from two seconds before the fault to 13 s; some fail, with or without a value. */
function path(
  series: string,
  fails: (sent: number) => boolean = () => false,
  value?: object,
): readonly Sample[] {
  return Array.from({ length: 51 }, (_, index) => {
    const sent = 8000 + index * 100;
    if (!fails(sent)) return look(series, sent, { status: 200 });
    return { ...badLook(series, sent, 'HTTP 503'), ...(value !== undefined && { value }) };
  });
}

/** What the clock says of a path, of one that the fault is not aimed at unless said. */
function read(of: string, looks: readonly Sample[], hit: readonly string[] = ['pi1']): Reading {
  const found = longestOutage.read(aboutOf(looks, { hit }));
  return found.find((one) => one.of?.startsWith(of) === true) ?? {};
}

const within =
  (from: number, to: number): ((sent: number) => boolean) =>
  (sent) =>
    sent >= from && sent < to;

describe('the longest time without an answer', () => {
  it('is asked of every way into and within the workload', () => {
    const none = { because: 'the scenario has no workload' };
    expect(longestOutage.read(aboutOf([]))).to.deep.equal(
      ['web-new', 'web-reused', 'inside-new', 'inside-reused', 'names'].map((of) => ({
        of,
        ...none,
      })),
    );
  });

  it('is that of the worst node, from the good look before it to the good one after it', () => {
    const looks = [
      ...path('web-new@pi1', within(10_000, 12_500)),
      ...path('web-new@pi2', within(10_500, 10_700)),
      ...path('web-new@pi3', within(10_500, 11_000)),
      ...path('web-new@pi4'),
    ];
    expect(read('web-new', looks)).to.deep.equal({
      of: 'web-new pi3',
      measuredMs: { lo: 400, hi: 600 },
    });
  });

  it('is that of the first of two that are as bad', () => {
    const looks = ['web-new@pi2', 'web-new@pi3'].flatMap((series) =>
      path(series, within(10_500, 10_700)),
    );
    expect(read('web-new', looks).of).to.equal('web-new pi2');
  });

  it('may have begun before the fault, after the last good look', () => {
    const looks = path('web-new@pi2', within(9500, 10_500));
    expect(read('web-new', looks).measuredMs).to.deep.equal({ lo: 900, hi: 1100 });
  });

  it('is longer where it was not seen to end, whichever was the longest by then', () => {
    const looks = [
      ...path('web-reused@pi2', within(10_500, 11_900)),
      ...path('web-reused@pi3', within(12_500, 14_000)),
      ...path('web-reused@pi4', within(12_800, 14_000)),
    ];
    expect(read('web-reused', looks)).to.deep.equal({
      of: 'web-reused pi3',
      measuredMs: { atLeast: 500 },
    });
  });

  it('does not count what came before the fault or after settling', () => {
    const fails = (sent: number): boolean => sent < 8500 || sent > 12_000;
    const looks = path('web-new@pi2', fails);
    const about = aboutOf(looks);
    const settled = { type: 'phase', at: 12_000, phase: 'done', wall: '' } as const;
    const timeline = { ...about.timeline, events: [...looks, settled] };
    expect(longestOutage.read({ ...about, timeline })[0]).to.deep.equal({
      of: 'web-new pi2',
      measuredMs: { lo: 0, hi: 100 },
    });
    const last = path('web-new@pi2', (sent) => sent >= 12_000);
    expect(
      longestOutage.read({ ...about, timeline: { ...timeline, events: [...last, settled] } })[0],
    ).to.deep.equal({ of: 'web-new pi2', measuredMs: { atLeast: 0 } });
  });

  it('counts within the cluster only what the asking pod told', () => {
    const silent = path('names@pi2', within(10_500, 11_000));
    expect(read('names', silent)).to.deep.equal({
      of: 'names pi2',
      measuredMs: { lo: 0, hi: 600 },
    });
    const failed = path('names@pi2', within(10_500, 11_000), { status: 503 });
    expect(read('names', failed)).to.deep.equal({
      of: 'names pi2',
      measuredMs: { lo: 400, hi: 600 },
    });
    const outside = path('web-new@pi2', within(10_500, 11_000));
    expect(read('web-new', outside).measuredMs).to.deep.equal({ lo: 400, hi: 600 });
  });

  it('says why there is none', () => {
    expect(read('web-new', path('web-new@pi1'))).to.deep.equal({
      of: 'web-new',
      because: 'a fault was aimed at every node',
    });
    const blind = path('web-new@pi2', within(8000, 10_000));
    expect(read('web-new', blind).because).to.match(/^web-new@pi2 had 0 good samples/);
  });
});
