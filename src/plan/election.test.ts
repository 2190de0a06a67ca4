import { expect } from 'chai';
import { randomFrom } from '../model/random.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { electionOf } from './election.ts';

const etcd = (settings: Readonly<Record<string, number>> = {}) =>
  electionOf({ ...snapshotOf().datastore, kind: 'etcd', settings });

function samples(
  election: ReturnType<typeof etcd>,
  live: number,
  majority: number,
): readonly number[] {
  const random = randomFrom(7);
  return Array.from({ length: 5000 }, () => election.sample(random, live, majority)).sort(
    (a, b) => a - b,
  );
}

describe('an election of etcd', () => {
  it('is won by the first voter that lost its patience, after one election timeout and up to another', () => {
    const all = samples(etcd(), 2, 2);
    // 10 ticks of 100 ms, of which up to two have gone by when the leader dies.
    expect(all[0]).to.be.within(800, 900);
    expect(all[Math.floor(all.length / 2)]).to.be.within(1050, 1250);
    // Whoever asks too early is refused, and the other one asks in its own time.
    expect(all.at(-1)).to.be.within(1500, 1900);
  });

  it('is sooner with more voters, and later with slower settings', () => {
    const median = (all: readonly number[]): number => all[Math.floor(all.length / 2)] ?? 0;
    expect(median(samples(etcd(), 4, 3))).to.be.below(median(samples(etcd(), 2, 2)));
    const slow = etcd({ heartbeatMs: 500, electionMs: 5000 });
    expect(median(samples(slow, 2, 2)) / median(samples(etcd(), 2, 2))).to.be.within(4.5, 5.5);
  });

  it('is at once where one voter is a majority and only its own timer counts', () => {
    for (const ms of samples(etcd(), 1, 1)) expect(ms).to.be.within(800, 1900);
  });

  it('says what it was derived from', () => {
    expect(etcd({ heartbeatMs: 250, electionMs: 2500 }).from(2, 2))
      .to.include('2500 ms')
      .and.to.include('250 ms');
  });
});
