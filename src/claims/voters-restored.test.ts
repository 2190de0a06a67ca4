import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Timeline } from '../model/timeline.ts';
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

  it('is judged by any survivor where no new leader is known, and says so', () => {
    const verdict = restored({ knows: {} });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence.join()).to.contain('no new leader is known');
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

  it('is invalid where a survivor was hardly sampled before the fault', () => {
    const deaf = [{ series: 'roles@pi2', from: 20_000, to: 22_000 }];
    expect(restored({ deaf }).outcome).to.equal('invalid');
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
