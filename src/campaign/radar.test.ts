import { expect } from 'chai';
import type { Span } from '../model/span.ts';
import { compareSides, compareTonight, sidesOf } from './radar.ts';
import { simulateRadar } from './radar-simulation.ts';
import { nightOf } from './testing/nights.ts';
import { trendsOf, trendsUpTo } from './trend.ts';

const nights = (days: number, trials: number): ReturnType<typeof nightOf> =>
  Array.from({ length: days }, (_, day) => nightOf(day + 1, trials)).flat();

describe('a night beside earlier ones', () => {
  it('counts earlier nights to it until there are ten trials, and compares with the rest', () => {
    const { before, after } = sidesOf(nights(10, 3), nightOf(11, 3));
    expect(after.map(({ night }) => night.slice(8, 10))).to.deep.equal(
      ['08', '09', '10', '11'].flatMap((day) => [day, day, day]),
    );
    expect(before).to.have.length(21);
    const enough = sidesOf(nights(10, 30), nightOf(11, 10));
    expect(enough.after).to.have.length(10);
    expect(enough.before).to.have.length(200);
  });

  it('pools no other configuration, platform or scenario', () => {
    for (const other of [
      { settings: { 'datastore networkLatencyMs': 20 } },
      { versions: { kubernetes: 'v1.35.0' } },
      { platform: 'kubeadm' },
      { faults: ['freeze'] },
      { scenarioHash: 'other' },
      { probes: 'other' },
      { topology: '3 nodes' },
      { cluster: 'c2' },
    ]) {
      const { before, after } = sidesOf(nights(10, 10), nightOf(11, 10, other));
      expect(before, JSON.stringify(other)).to.deep.equal([]);
      expect(after).to.have.length(10);
    }
  });

  it('is told to be the same, to have regressed, to be better, or that nobody can tell', () => {
    const changeOf = (before: number, factor: number): string | undefined => {
      const tonight = nightOf(20, 12, { factor });
      const sides = { scenario: 'leader-loss', ...sidesOf(nights(before, 12), tonight) };
      const compared = compareSides([sides]).get('leader-loss');
      // Of the claims, one measures a duration.
      expect(compared).to.have.length(1);
      return compared?.[0]?.change;
    };
    expect(changeOf(10, 1)).to.equal('same');
    expect(changeOf(10, 1.3)).to.equal('regressed');
    expect(changeOf(10, 0.7)).to.equal('better');
    expect(changeOf(0, 1.3)).to.equal('not enough data');
  });

  it('is told as too little beside an earlier one that is too short, and not at all where it is the first', () => {
    const told = (before: number, trials: number): readonly string[] | undefined =>
      compareTonight(nights(before, trials), [
        { scenario: 'leader-loss', tonight: nightOf(20, trials) },
      ])
        .get('leader-loss')
        ?.map(({ change }) => change);
    expect(told(0, 3)).to.equal(undefined);
    expect(told(1, 3)).to.deep.equal(['not enough data']);
    expect(told(9, 3)).to.deep.equal(['same']);
    expect(compareTonight(nights(9, 3), [{ scenario: 'leader-loss', tonight: [] }]).size).to.equal(
      0,
    );
  });

  it('has its trend by configuration, each with its own nights', () => {
    const other = nightOf(12, 10, { versions: { kubernetes: 'v1.35.0' } });
    const trends = trendsOf([...nights(11, 10), ...other]);
    expect(trends.map(({ claims }) => claims[0]?.nights.length)).to.deep.equal([11, 1]);
    expect(trends[0]?.claims[0]?.last?.change).to.equal('same');
    expect(trends[0]?.claims[0]?.nights[0]).to.include({ trials: 10, passed: 10 });
    expect(trends[1]?.under).to.include('kubernetes v1.35.0');
    // Of one night there is nothing to tell.
    expect(trends[1]?.claims[0]).to.not.have.property('last');
    expect(trendsOf(other, 'pod-kill')).to.deep.equal([]);
  });

  it('is told as it was on the morning after a night, with the interval of each median', () => {
    const other = nightOf(12, 10, { versions: { kubernetes: 'v1.35.0' } });
    const later = nightOf(13, 10);
    const history = [...nights(11, 10), ...other, ...later];
    const night = other[0]!.night;
    const [trend, ...rest] = trendsUpTo(history, night);
    expect(rest).to.deep.equal([]);
    expect(trend?.claims[0]?.nights.map((one) => one.night)).to.deep.equal([night]);
    const eleventh = nights(11, 10).at(-1)!.night;
    const told = trendsUpTo(history, eleventh)[0]?.claims[0]?.nights ?? [];
    expect(told).to.have.length(11);
    // Of ten values the median is between the second and the ninth.
    const ends = nights(11, 10)
      .filter((entry) => entry.night === eleventh)
      .map(({ claims }) => claims[0]!.ms as Span);
    const sorted = (values: readonly number[]): readonly number[] =>
      values.toSorted((a, b) => a - b);
    expect(told[10]?.lowerMs).to.equal(sorted(ends.map(({ lo }) => lo))[1]);
    expect(told[10]?.upperMs).to.equal(sorted(ends.map(({ hi }) => hi))[8]);
    const few = trendsUpTo(nightOf(1, 3), nightOf(1, 3)[0]!.night)[0]?.claims[0]?.nights[0];
    expect(few).to.have.property('median');
    expect(few).to.not.have.any.keys('lowerMs', 'upperMs');
  });
});

describe('the radar', function () {
  this.timeout(120_000);
  const asked = { nights: 10, claims: 4, factor: 1.3, seed: 1, histories: 150 };

  it('sees that elections take 30 % longer after ten nights, and in few nights what is not there', () => {
    const { falseAlarms, seenBy } = simulateRadar({
      ...asked,
      distribution: 'election',
      trials: 10,
    });
    expect(seenBy[0]).to.be.at.least(0.9);
    // Three standard deviations above 5 %.
    expect(falseAlarms).to.be.at.most(0.05 + 3 * Math.sqrt((0.05 * 0.95) / asked.histories));
  });

  it('needs some nights where each has three trials', () => {
    const { falseAlarms, seenBy } = simulateRadar({
      ...asked,
      distribution: 'election',
      trials: 3,
    });
    expect(seenBy[0]).to.be.below(0.5);
    expect(seenBy[5]).to.be.at.least(0.9);
    expect(
      seenBy.every((share, night) => night === 0 || share >= (seenBy[night - 1] ?? 0)),
    ).to.equal(true);
    expect(falseAlarms).to.be.at.most(0.05 + 3 * Math.sqrt((0.05 * 0.95) / asked.histories));
  });
});
