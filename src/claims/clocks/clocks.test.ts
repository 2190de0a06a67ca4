import { expect } from 'chai';
import fc from 'fast-check';
import type { Clock } from '../../model/clock.ts';
import { isSeen } from '../../model/span.ts';
import { timelineOf, type Script } from '../../testing/timelines.ts';
import { clocksOf } from './clocks.ts';

function clock(changes: Partial<Script>, name: string, of?: string): Clock {
  const clocks = clocksOf(timelineOf(changes));
  const found = clocks.find((one) => one.clock === name && (of === undefined || one.of === of));
  if (found === undefined) throw new Error(`no clock ${name} ${of ?? ''}`);
  return found;
}

function holds({ measuredMs, because }: Clock, truth: number): void {
  if (measuredMs === undefined || !isSeen(measuredMs))
    throw new Error(because ?? `not seen: ${JSON.stringify(measuredMs)}`);
  expect(truth).to.be.within(measuredMs.lo, measuredMs.hi);
}

/** Networks and machines from good to poor. */
const how = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  roundTrip: fc.double({ min: 1, max: 60, noNaN: true }),
  lateness: fc.double({ min: 0, max: 20, noNaN: true }),
});
const instant = fc.double({ min: 0, max: 9000, noNaN: true });

function check(probes: readonly string[], ask: (at: number, how: Partial<Script>) => void): void {
  fc.assert(
    fc.property(instant, how, (at, how) => ask(at, { ...how, probes })),
    { numRuns: 40, seed: 1 },
  );
}

describe('the clocks of a run', function () {
  this.timeout(30_000);

  it('hold the end of the old leader, whatever is claimed', () => {
    const gone = clock({ expect: [] }, 'old-leader-gone');
    expect(gone.of).to.equal('pi1');
    holds(gone, 0);
  });

  it('say why there is none of a leader that was not hit', () => {
    const { because } = clock(
      { victim: 'pi2', ledBy: 'pi1', target: 'follower' },
      'old-leader-gone',
    );
    expect(because).to.equal('the fault is not aimed at pi1, which led');
  });

  it('are those of the claims, for an election and what follows', () => {
    holds(clock({}, 'leader-elected'), 1840);
    holds(clock({}, 'own-word'), 1790);
    holds(clock({}, 'voters-restored'), 14_200);
    holds(clock({}, 'write-acknowledged', 'pi4'), 2390);
    holds(clock({ replaced: 5000 }, 'pods-run'), 5000);
  });

  it('tell of an API server that takes nothing until healed how long it certainly did not', () => {
    const { measuredMs } = clock({}, 'write-acknowledged', 'pi1');
    expect(measuredMs).to.have.property('atLeast').that.is.within(29_000, 30_400);
  });

  it('hold the instant at which each API server answers reads again', () => {
    // The first read that is sent after the fault comes up to a period after it.
    check(['read', 'write', 'leader'], (at, how) =>
      holds(clock({ ...how, writes: { pi2: 500 + at } }, 'read-answered', 'pi2'), 500 + at),
    );
  });

  it('hold the instant at which a lease is renewed again', () => {
    check(['leases'], (leaseLapse, how) => {
      const { measuredMs } = clock({ ...how, leaseLapse }, 'lease-held', 'kube-scheduler');
      if (measuredMs === undefined || !isSeen(measuredMs)) throw new Error('not seen');
      expect(leaseLapse).to.be.at.least(measuredMs.lo);
      expect(leaseLapse).to.be.at.most(measuredMs.hi);
    });
  });

  it('tell of a lease that nobody renews any more how long it certainly was not', () => {
    const { measuredMs } = clock(
      { leaseLapse: 1e6, probes: ['leases'] },
      'lease-held',
      'kube-scheduler',
    );
    expect(measuredMs).to.have.property('atLeast').that.is.within(29_000, 30_400);
  });

  it('hold the instant at which a Service leads to a pod on a dead node no more', () => {
    check(['endpoints', 'pods'], (unlisted, how) =>
      holds(clock({ ...how, unlisted, replaced: 20_000 }, 'endpoints-updated'), unlisted),
    );
  });

  it('say that no node was taken down where none was', () => {
    expect(clock({}, 'node-not-ready').because).to.equal('the fault takes no node down');
  });

  it('hold the longest outage of the worst path outside, and of those inside', () => {
    const down = [{ node: 'pi3', from: 1000, to: 3500 }];
    for (const probe of ['web-new', 'inside-reused', 'names']) {
      const [found] = clocksOf(timelineOf({ webDown: down })).filter(
        ({ clock, of = '' }) => clock === 'longest-outage' && of.startsWith(probe),
      );
      expect(found?.of).to.equal(probe.startsWith('web') ? `${probe} pi3` : found?.of);
      if (probe.startsWith('web')) holds(found!, 2500);
    }
  });

  it('are none where the fault was not proved, or never fired', () => {
    expect(clocksOf(timelineOf({ proof: 'missed' }))).to.deep.equal([]);
    const timeline = timelineOf();
    const events = timeline.events.filter(({ type }) => type !== 'fault');
    expect(clocksOf({ ...timeline, events })).to.deep.equal([]);
    const { plan } = timeline;
    expect(clocksOf({ plan: { ...plan, steps: [] }, events: [] })).to.deep.equal([]);
  });

  it('say why there is none of an election that was not seen', () => {
    const none = { probes: ['leader', 'roles'], knows: {} };
    expect(clock(none, 'own-word')).to.deep.include({ because: 'no new leader was seen' });
    expect(clock(none, 'leader-elected').measuredMs).to.have.property('atLeast');
    const other = { probes: ['leader', 'roles'], target: 'follower', victim: 'pi2' } as const;
    expect(clock(other, 'own-word').because).to.equal('no new leader was seen');
    expect(clock(other, 'leader-elected').because).to.match(/^no election is due/);
  });

  it('are told but for one that cannot be read, which says so', () => {
    const probes = ['leader', 'roles', 'endpoints', 'pods'];
    const timeline = timelineOf({ probes, replaced: 8000 });
    const events = timeline.events.map((event) =>
      event.type === 'sample' && event.series.startsWith('pods')
        ? { ...event, value: { pods: [null] } }
        : event,
    );
    const clocks = clocksOf({ ...timeline, events });
    expect(clocks.find(({ clock }) => clock === 'endpoints-updated')?.because).to.match(
      /^it could not be read: .*null/,
    );
    expect(clocks.find(({ clock }) => clock === 'own-word')).to.have.property('measuredMs');
  });

  it('are never negative, though the instant of the fault is known to some milliseconds only', () => {
    for (const { measuredMs } of clocksOf(timelineOf())) {
      if (measuredMs === undefined) continue;
      expect(isSeen(measuredMs) ? measuredMs.lo : measuredMs.atLeast).to.be.at.least(0);
    }
  });
});
