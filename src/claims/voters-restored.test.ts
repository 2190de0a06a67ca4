import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { badLook, look } from '../testing/looks.ts';
import { firedSpan, leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { votersRestored } from './voters-restored.ts';

const probes = ['leader', 'roles'];

describe('voters-restored', () => {
  it('passes a promotion within its limit, as the new leader tells it', () => {
    const verdict = restored({});
    expect(verdict).to.include({ outcome: 'pass', title: 'full voters again within 30 s' });
    expect(verdict.because).to.match(/^pi3 told 3 live voters 14\.3 s/);
  });

  it('fails one beyond it', () => {
    expect(restored({ promoted: 29_000 }, 20_000).outcome).to.equal('fail');
  });

  it('cannot tell where the limit lies inside the interval', () => {
    expect(restored({ promoted: 20_000 }, 20_000).outcome).to.equal('unknown');
  });

  it('says at least, where no promotion was seen before healing', () => {
    const verdict = restored({ promoted: Infinity });
    expect(verdict.measuredMs).to.have.property('atLeast').within(29_500, 30_210);
    expect(verdict.because).to.match(/^3 live voters were not seen again in the 30\.\d s/);
  });

  it('does not count the voter that came back only by healing', () => {
    const verdict = restored({ promoted: Infinity, recovered: 52_900 }, 60_000);
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.measuredMs).to.have.property('atLeast').below(30_210);
  });

  it('counts a victim once it was away and is back, as after a crash with restart', () => {
    const verdict = restored({ promoted: Infinity, restarts: 6500 });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.measuredMs).to.have.property('hi').within(6500, 6900);
  });

  it('never counts a victim that answers throughout, as one cut off from its peers does', () => {
    const timeline = timelineOf({ probes, promoted: Infinity });
    const events = timeline.events.map((event) =>
      event.type === 'sample' && event.series === 'roles@pi1' && event.error !== undefined
        ? { ...event, error: 'none', ok: true, value: { members: allVoters } }
        : event,
    );
    const verdict = votersRestored.judge({ within: 30_000 }, { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('atLeast');
  });

  it('does not take for an absence what was one before the fault', () => {
    const deaf = [{ series: 'roles@pi1', from: 20_800, to: 21_900 }];
    const timeline = timelineOf({ probes, deaf, promoted: Infinity });
    const events = timeline.events.map((event) =>
      event.type === 'sample' && event.series === 'roles@pi1' && event.due > leaderLoss.fired
        ? { ...event, error: 'none', ok: true, value: { members: allVoters } }
        : event,
    );
    const verdict = votersRestored.judge({ within: 30_000 }, { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('atLeast');
  });

  it('takes for one what began in the instant of the fault', () => {
    const { plan, events } = timelineOf({ probes, promoted: Infinity });
    const { lo } = firedSpan(leaderLoss);
    const polls = [
      ...[0, 200, 400].map((after) => badLook('roles@pi1', lo + after, 'EDEADLINE')),
      ...[600, 800, 1000, 1200].map((after) =>
        look('roles@pi1', lo + after, { members: allVoters }),
      ),
    ];
    const others = events.filter(
      (event) => event.type !== 'sample' || event.series !== 'roles@pi1' || event.due < lo,
    );
    const verdict = votersRestored.judge(
      { within: 30_000 },
      { plan, events: [...others, ...polls] },
    );
    expect(verdict.measuredMs).to.have.property('hi').within(600, 1100);
  });

  it('does not take a lost poll or two for an absence', () => {
    const timeline = timelineOf({ probes, promoted: Infinity });
    let polls = 0;
    const events = timeline.events.map((event) =>
      event.type === 'sample' &&
      event.series === 'roles@pi1' &&
      event.error !== undefined &&
      polls++ % 5 > 1
        ? { ...event, ok: true, value: { members: allVoters } }
        : event,
    );
    const verdict = votersRestored.judge({ within: 30_000 }, { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('atLeast');
  });

  it('does not count a promotion to a member that does not answer', () => {
    const deaf = [{ series: 'roles@pi4', from: 30_000, to: 60_000 }];
    expect(restored({ deaf }).measuredMs).to.have.property('atLeast');
  });

  it('counts one that answered two seconds ago, and no more if it is longer', () => {
    const promotedBy = (answered: number): Verdict => {
      const deaf = [{ series: 'roles@pi4', from: 23_000, to: 90_000 }];
      const { plan, events } = timelineOf({ probes, deaf });
      const told = look('roles@pi3', 50_000, { members: allVoters });
      const last = { ...look('roles@pi4', answered, { members: allVoters }), got: answered + 5 };
      const others = events.filter(
        (event) => event.type !== 'sample' || event.series !== 'roles@pi3' || event.due < 48_000,
      );
      return votersRestored.judge(
        { within: 30_000 },
        { plan, events: [...others, told, last].filter((event) => !isDeafPoll(event)) },
      );
    };
    const isDeafPoll = (event: Event): boolean =>
      event.type === 'sample' && event.series === 'roles@pi4' && event.error !== undefined;
    // It is the first look of the leader's for two seconds, and so seen too coarsely; but seen.
    expect(promotedBy(48_010).because).to.contain('too sparse');
    expect(promotedBy(48_009).measuredMs).to.have.property('atLeast');
  });

  it('is judged by any survivor where no new leader is known, and says so', () => {
    const verdict = restored({ knows: {} });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence.join()).to.contain('no new leader is known');
  });

  it('is judged by the first survivor that tells it then, whichever that is', () => {
    const all = ['pi2', 'pi3', 'pi4'];
    for (const first of all) {
      const deaf = all
        .filter((node) => node !== first)
        .map((node) => ({ series: `roles@${node}`, from: 36_000, to: 37_200 }));
      const { because } = restored({ knows: {}, deaf });
      expect(because.startsWith(`${first} told 3 live voters`), because).to.equal(true);
    }
  });

  it('is judged by what was asked from the instant of the fault to that of the taking back', () => {
    const promoted = { members: allVoters.map((one) => ({ ...one, role: 'voter' })) };
    const polled = (at: number): Verdict => {
      const { plan, events } = timelineOf({ probes, promoted: Infinity });
      const poll = look('roles@pi3', at, promoted);
      return votersRestored.judge({ within: 60_000 }, { plan, events: [...events, poll] });
    };
    const { lo } = firedSpan(leaderLoss);
    expect(polled(lo).measuredMs).to.deep.equal({ lo: 0, hi: 10 });
    expect(polled(lo - 1).measuredMs).to.have.property('atLeast');
    const undone = leaderLoss.heal + 120;
    expect(polled(undone).measuredMs).to.have.property('hi', undone + 10 - lo);
    expect(polled(undone + 1).measuredMs).to.have.property('atLeast');
  });

  it('does not apply without a stand-by or spare', () => {
    const verdict = restored({ snapshot: snapshotOf(['voter', 'voter', 'voter']), writes: {} });
    expect(verdict.outcome).to.equal('not-applicable');
    expect(verdict.because).to.contain('all 3 voters and no stand-by');
  });

  it('does not apply where the victim was no voter', () => {
    const verdict = restored({ victim: 'pi4', ledBy: 'pi1', target: 'stand-by' });
    expect(verdict).to.include({
      outcome: 'not-applicable',
      because: 'the fault takes no voter down',
    });
  });

  it('applies where a voter and a stand-by go down and another could take its place', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter', 'stand-by', 'spare']);
    const { plan, events } = timelineOf({ probes, snapshot });
    const both = events.map((event) =>
      event.type === 'fault' && event.intent !== undefined
        ? { ...event, intent: { ...event.intent, membersDown: ['1', '5'] } }
        : event,
    );
    expect(votersRestored.judge({ within: 30_000 }, { plan, events: both }).outcome).to.equal(
      'pass',
    );
  });

  it('does not ask for a voter that an earlier fault keeps down', () => {
    // pi2 was taken down before and is silent throughout: two of the three answered when pi1 was hit.
    const deaf = [{ series: 'roles@pi2', from: 0, to: 80_000 }];
    const verdict = votersRestored.judge(
      { within: 30_000, after: 'kill' },
      withEarlier(timelineOf({ probes, deaf }), 'pi2'),
    );
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.because).to.contain('pi3 told 2 live voters 14.');
  });

  it('asks for those that answered in the two seconds before the fault', () => {
    const pi2 = (from: number, to: number): Verdict => {
      const deaf = [{ series: 'roles@pi2', from, to }];
      const timeline = withEarlier(timelineOf({ probes, deaf }), 'pi2');
      return votersRestored.judge({ within: 30_000, after: 'kill' }, timeline);
    };
    expect(pi2(20_000, 80_000).because).to.contain('pi3 told 2 live voters 14.');
    expect(pi2(0, 22_400).because).to.match(/^pi\d told 2 live voters [0-2]\./);
  });

  it('is invalid where a survivor was hardly sampled before the fault', () => {
    const deaf = [{ series: 'roles@pi2', from: 20_000, to: 22_000 }];
    expect(restored({ deaf }).outcome).to.equal('invalid');
  });

  it('is invalid where no surviving member was asked', () => {
    const { plan, events } = timelineOf({ probes });
    const series = plan.series.filter(({ id }) => !/^roles@pi[234]/.test(id));
    const verdict = votersRestored.judge({ within: 30_000 }, { plan: { ...plan, series }, events });
    expect(verdict).to.include({
      outcome: 'invalid',
      because: 'no surviving member tells its configuration',
    });
  });

  it('is invalid where the samples around the change are too sparse', () => {
    const deaf = [{ series: 'roles@pi3', from: 35_500, to: 37_000 }];
    expect(restored({ deaf }).because).to.contain('too sparse');
  });
});

const allVoters = snapshotOf().datastore.members.map(({ id }) => ({ id, role: 'voter' }));

function restored(changes: Partial<Script>, within = 30_000): Verdict {
  return votersRestored.judge({ within }, timelineOf({ probes, ...changes }));
}

/** The same run with a fault before it, on another node, that stands as long. */
function withEarlier({ plan, events }: Timeline, node: string): Timeline {
  const step = { kind: 'fault', id: 'earlier', fault: 'kill', params: {} } as const;
  const [intent] = events.flatMap((event) =>
    event.type === 'fault' && event.intent !== undefined ? [event.intent] : [],
  );
  const own = { ...intent!, targets: [node], membersDown: [node.slice(-1)] };
  const fault = { type: 'fault', step: 'earlier' } as const;
  return {
    plan: { ...plan, steps: [step, ...plan.steps] },
    events: [
      ...events,
      { ...fault, at: 9000, state: 'journaled', intent: own },
      { ...fault, at: 10_000, state: 'fired', span: { lo: 9998, hi: 10_000 } },
      { ...fault, at: 10_100, state: 'bit' },
      { ...fault, at: 55_000, state: 'undone', span: { lo: 54_900, hi: 55_000 } },
      { ...fault, at: 55_100, state: 'gone' },
    ],
  };
}
