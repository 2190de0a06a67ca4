import { expect } from 'chai';
import fc from 'fast-check';
import { snapshotOf } from '../testing/snapshot.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { leaderChanges } from './leader-changes.ts';

const probes = ['leader', 'roles'];
/** A follower is lost; its leader leads on. */
const follower: Partial<Script> = { victim: 'pi2', ledBy: 'pi1', target: 'follower' };

describe('leader-changes', () => {
  it('passes where the leader led throughout', () => {
    const verdict = changes(follower, 0);
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal('no change of leader');
    expect(verdict.because).to.equal('pi1 led throughout');
  });

  it('counts one change after the loss of the leader', () => {
    const verdict = changes({}, 1);
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal('at most 1 change of leader');
    expect(verdict.because).to.equal('leadership moved once, pi1 → pi3');
    expect(verdict.evidence.join()).to.match(/a majority named pi3 at 24\.1\d+ s/);
    expect(changes({}, 0).outcome).to.equal('fail');
    expect(changes({}, 0).because).to.contain('no change was allowed');
  });

  it('counts until the end of settling, back to the first one too', () => {
    const led = [
      { from: 0, by: 'pi1' },
      { from: 5000, by: 'pi3' },
      { from: 45_000, by: 'pi1' },
    ];
    const verdict = changes({ ...follower, led }, 1);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.equal(
      'leadership moved 2 times, pi1 → pi3 → pi1; at most 1 was allowed',
    );
  });

  it('takes the same leader again for no change, and tells how long nobody led', () => {
    const led = [
      { from: 0, by: 'pi1' },
      { from: 5000, by: '' },
      { from: 8000, by: 'pi1' },
    ];
    const verdict = changes({ ...follower, led }, 0);
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence.at(-1)).to.match(/^no majority named anybody for (2\.9|3\.0)\d s/);
  });

  it('does not take the word of one that was cut off for a change', () => {
    expect(changes({ isolated: true, forgets: 40_000 }, 1).outcome).to.equal('pass');
  });

  it('cannot tell where two of three voters were not heard, and a change may hide', () => {
    const deaf = ['pi1', 'pi3'].map((node) => ({
      series: `leader@${node}`,
      from: 40_000,
      to: 42_000,
    }));
    const verdict = changes({ ...follower, deaf }, 0);
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.evidence.join()).to.match(
      /a change may hide between 40\.[45]\d+ s and 42\.0\d+ s/,
    );
    // What was seen is enough to fail.
    const led = [
      { from: 0, by: 'pi1' },
      { from: 5000, by: 'pi3' },
    ];
    expect(changes({ ...follower, deaf, led }, 0).outcome).to.equal('fail');
  });

  it('can tell where one of three was not heard', () => {
    const deaf = [{ series: 'leader@pi3', from: 40_000, to: 49_000 }];
    expect(changes({ ...follower, deaf, restarts: 2000 }, 0).outcome).to.equal('pass');
  });

  it('knows that a victim without an answer names nobody', () => {
    // A node without power is silent, where a killed process is refused by its kernel.
    const timeline = timelineOf({ ...follower, probes });
    const events = timeline.events.map((event): Event =>
      event.type === 'sample' && event.error === 'ECONNREFUSED'
        ? { ...event, error: 'EDEADLINE' }
        : event,
    );
    const deaf = events.filter(
      (event) =>
        !(event.type === 'sample' && event.series === 'leader@pi3' && event.due > 60_800) ||
        event.due > 61_000,
    );
    expect(leaderChanges.judge({ 'at-most': 0 }, { ...timeline, events: deaf }).outcome).to.equal(
      'pass',
    );
  });

  it('cannot tell where this machine did not look for a while', () => {
    const timeline = timelineOf({ ...follower, probes });
    const events = timeline.events.map((event): Event =>
      event.type === 'sample' && event.due > 40_000 && event.due < 41_500
        ? { type: 'sample', series: event.series, due: event.due, missed: true }
        : event,
    );
    expect(leaderChanges.judge({ 'at-most': 0 }, { ...timeline, events }).outcome).to.equal(
      'unknown',
    );
  });

  it('counts right on poor networks, or says that it does not know', () => {
    const times = fc
      .uniqueArray(fc.integer({ min: 1, max: 40 }), { maxLength: 6 })
      .map((all) => all.sort((a, b) => a - b).map((second) => second * 1000));
    const conditions = fc.record({
      seed: fc.integer({ min: 1, max: 1_000_000 }),
      roundTrip: fc.double({ min: 1, max: 60, noNaN: true }),
      lateness: fc.double({ min: 0, max: 20, noNaN: true }),
      lost: fc.double({ min: 0, max: 0.02, noNaN: true }),
      missed: fc.double({ min: 0, max: 0.02, noNaN: true }),
    });
    const snapshot = snapshotOf(['voter', 'voter', 'voter']);
    fc.assert(
      fc.property(times, fc.integer({ min: 0, max: 6 }), conditions, (times, allowed, how) => {
        const led = [0, ...times].map((from, index) => ({ from, by: `pi${(index % 3) + 1}` }));
        const verdict = changes({ ...follower, ...how, snapshot, led }, allowed);
        expect(verdict.outcome).to.equal(times.length <= allowed ? 'pass' : 'fail');
      }),
      { numRuns: 40, seed: 20_261_121, endOnFailure: true },
    );
  }).timeout(20_000);

  it('tells five of the times in which a change may hide, and how many more there are', () => {
    const hiding = (count: number): readonly string[] => {
      const deaf = ['pi1', 'pi3'].flatMap((node) =>
        Array.from({ length: count }, (_, index) => ({
          series: `leader@${node}`,
          from: 30_000 + 3000 * index,
          to: 32_000 + 3000 * index,
        })),
      );
      return changes({ ...follower, deaf, restarts: 2000 }, 0).evidence;
    };
    const told = (count: number): number =>
      hiding(count).filter((line) => line.startsWith('a change may hide')).length;
    expect([told(5), told(7)]).to.deep.equal([5, 5]);
    // And who led before, and how long nobody did.
    expect(hiding(5)).to.have.length(7);
    expect(hiding(5).join()).not.to.include('more gaps');
    expect(hiding(7)).to.include('and in 2 more gaps');
  });

  it('is invalid where a voter said nothing before the fault, or the fault never fired', () => {
    const deaf = [{ series: 'leader@pi3', from: 0, to: 22_400 }];
    const silent = changes({ ...follower, deaf }, 0);
    expect(silent.outcome).to.equal('invalid');
    expect(silent.because).to.match(/^leader@pi3 had 0 good samples/);
    const timeline = timelineOf({ ...follower, probes });
    // Of one without a vote nobody asks that.
    const standby = { id: 'leader@pi4', probe: 'leader', node: 'pi4', everyMs: 41 };
    const plan = { ...timeline.plan, series: [...timeline.plan.series, standby] };
    expect(leaderChanges.judge({ 'at-most': 0 }, { ...timeline, plan }).outcome).to.equal('pass');
    const events = timeline.events.filter(({ type }) => type !== 'fault');
    const never = leaderChanges.judge({ 'at-most': 0 }, { ...timeline, events });
    expect(never).to.include({ outcome: 'invalid', because: 'the fault was never fired' });
  });

  it('is waited for until the fault has fired, as it has no end of its own', () => {
    const timeline = timelineOf({ probes });
    expect(leaderChanges.seen({ 'at-most': 0 }, timeline)).to.equal(true);
    const events = timeline.events.filter(({ type }) => type !== 'fault');
    expect(leaderChanges.seen({ 'at-most': 0 }, { ...timeline, events })).to.equal(false);
    expect(changes({}, 2).title).to.equal('at most 2 changes of leader');
  });

  it('is invalid without a leader before, or where a voter was not sampled', () => {
    expect(changes({ led: [], ledBy: '' }, 0)).to.include({
      outcome: 'invalid',
      because: 'no majority of the voters named the same leader just before the fault',
    });
    const timeline = timelineOf({ probes });
    const series = timeline.plan.series.filter(({ id }) => id !== 'leader@pi2');
    const plan = { ...timeline.plan, series };
    const verdict = leaderChanges.judge({ 'at-most': 0 }, { ...timeline, plan });
    expect(verdict.because).to.contain('pi2 was a voter');
  });
});

function changes(script: Partial<Script>, atMost: number): Verdict {
  return leaderChanges.judge({ 'at-most': atMost }, timelineOf({ probes, ...script }));
}
