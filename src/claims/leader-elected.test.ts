import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, Sample, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { leaderElected } from './leader-elected.ts';

const probes = ['leader', 'roles'];

describe('leader-elected', () => {
  it('passes an election within its limit', () => {
    const verdict = elected({});
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal('a new leader within 5 s');
    expect(verdict.because).to.equal(
      'pi3 was elected 1.85 s (±0.03) after the fault; the limit is 5 s',
    );
    expect(verdict.evidence[0]).to.equal('the leader before was 1 on pi1');
    expect(verdict.evidence.join())
      .to.contain('leader@pi3 began to name 3')
      .and.contain('own word');
  });

  it('fails one beyond it', () => {
    const verdict = elected({ knows: { pi2: 5310, pi3: 5280 } });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.contain('beyond the limit of 5 s');
  });

  it('cannot tell where the limit lies inside the interval', () => {
    const verdict = elected({ knows: { pi2: 5000, pi3: 4900 } });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('the limit of 5 s lies inside that interval');
  });

  it('fails where nobody was elected until healing, after at least the limit', () => {
    const verdict = elected({ knows: {} });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.measuredMs).to.have.property('atLeast').within(29_900, 30_210);
    expect(verdict.because).to.match(/^no new leader was seen in the 30\.\d s after the fault/);
  });

  it('cannot tell where healing came before the limit', () => {
    const verdict = elected({ knows: {} }, { within: 60_000 });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('was not reached before the question ended');
  });

  it('takes no election for one that only healing brought', () => {
    const verdict = elected({ knows: { pi2: 31_000, pi3: 31_000 } }, { within: 45_000 });
    expect(verdict.measuredMs).to.have.property('atLeast').below(30_210);
    expect(verdict.outcome).to.equal('unknown');
  });

  it('wants a majority: one voter that names itself is not elected', () => {
    expect(elected({ knows: { pi3: 1500 } }).measuredMs).to.have.property('atLeast');
  });

  it('wants the leader to agree: two voters that name a silent third are not enough', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter']);
    const verdict = elected({
      snapshot,
      newLeader: 'pi3',
      knows: { pi2: 900, pi4: 900, pi5: 900 },
    });
    expect(verdict.measuredMs).to.have.property('atLeast');
  });

  it('counts the majority of the configured voters, not of the survivors', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter']);
    const knows = { pi2: 1000, pi3: 1000 };
    expect(elected({ snapshot, knows }).measuredMs).to.have.property('atLeast');
    expect(elected({ snapshot, knows: { ...knows, pi4: 4000 } }).measuredMs)
      .to.have.property('hi')
      .within(4000, 4080);
  });

  it('takes the voters of the latest configuration, not those that were planned with', () => {
    // pi4 was a voter and pi3 was not when the plan was made; the leader told otherwise before the fault.
    const planned = snapshotOf(['voter', 'voter', 'stand-by', 'voter']);
    const timeline = timelineOf({ probes });
    const series = timeline.plan.series;
    const moved = { ...timeline, plan: { ...timeline.plan, snapshot: planned, series } };
    expect(leaderElected.judge({ within: 5000 }, moved).outcome).to.equal('pass');
  });

  it('is not misled by survivors that go on naming the dead leader', () => {
    const verdict = elected({ forgets: 4000, knows: { pi2: 4200, pi3: 4100 } });
    expect(verdict.measuredMs).to.have.property('lo').above(4100);
  });

  it('is not misled by a stand-by, which names nobody: only voters are asked', () => {
    expect(timelineOf({ probes }).plan.series.map(({ id }) => id)).to.not.contain('leader@pi4');
    expect(elected({}).outcome).to.equal('pass');
  });

  it('sees a stand-by elected that was made a voter only as the leader handed over', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter', 'voter']);
    const knows = { pi2: 300, pi3: 200, pi4: 350 };
    const timeline = timelineOf({ probes, snapshot, knows, forgets: 150 });
    const events = timeline.events.map((event) => {
      if (event.type !== 'sample' || !event.series.startsWith('roles@')) return event;
      const members = ['1', '2', '3', '4'].map((id) => ({
        id,
        role: id === '3' ? 'stand-by' : 'voter',
      }));
      return { ...event, value: { members } };
    });
    const verdict = leaderElected.judge({ within: 1000 }, { ...timeline, events });
    expect(verdict.because).to.match(/^pi3 was elected 0\.3\d s/);
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.evidence.join())
      .to.contain('leader@pi3 began to name 3')
      .and.contain('own word');
  });

  it('is not misled by a victim that still calls itself leader', () => {
    const timeline = timelineOf({ probes, knows: {} });
    const events = timeline.events.map((event) =>
      event.type === 'sample' && event.series === 'leader@pi1' && event.error !== undefined
        ? answer(event, '1')
        : event,
    );
    expect(judged({ ...timeline, events }).measuredMs).to.have.property('atLeast');
  });

  it('takes a refused connection for the word of nobody: a second member that died names no leader', () => {
    const timeline = timelineOf({ probes, knows: { pi3: 1500 } });
    const dead = (error: string): Timeline => ({
      ...timeline,
      events: timeline.events.map((event) =>
        event.type === 'sample' && event.series === 'leader@pi2' && event.due > 22_500
          ? {
              type: 'sample',
              series: event.series,
              due: event.due,
              sent: event.due,
              got: event.due + 1,
              ok: false,
              error,
            }
          : event,
      ),
    });
    expect(judged(dead('ECONNREFUSED')).outcome).to.equal('fail');
    // One that is only out of our sight may have named a leader all the time.
    expect(judged(dead('EDEADLINE')).outcome).to.equal('unknown');
  });

  it('is invalid where the leader had moved', () => {
    const verdict = elected({ ledBy: 'pi2' });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.equal('the leader had moved: the fault hit pi1 while pi2 led');
  });

  it('does not apply where a follower was meant and hit', () => {
    const verdict = elected({ ledBy: 'pi2', target: 'follower' });
    expect(verdict.outcome).to.equal('not-applicable');
    expect(verdict.because).to.contain('no election is due');
  });

  it('applies where a named node turned out to lead', () => {
    expect(elected({ target: 'follower' }).outcome).to.equal('pass');
  });

  it('does not apply to a fault that takes no member down', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.map((event) =>
      event.type === 'fault' && event.intent !== undefined
        ? { ...event, intent: { ...event.intent, membersDown: [] } }
        : event,
    );
    expect(judged({ ...timeline, events }).outcome).to.equal('not-applicable');
  });

  it('is invalid where a voter was hardly sampled before the fault', () => {
    const deaf = [{ series: 'leader@pi2', from: 20_000, to: 22_000 }];
    const verdict = elected({ deaf });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(
      /^leader@pi2 had \d good samples in the 2\.00 s before the fault/,
    );
  });

  it('is invalid where the samples around the change are too sparse', () => {
    const deaf = [{ series: 'leader@pi2', from: 23_400, to: 24_900 }];
    const verdict = elected({ deaf });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.contain('too sparse');
  });

  it('is invalid where the fault was never fired', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.filter(({ type }) => type !== 'fault');
    expect(judged({ ...timeline, events }).because).to.equal('the fault was never fired');
    expect(leaderElected.seen({ within: 5000 }, { ...timeline, events })).to.equal(false);
  });

  it('judges a limit that is predicted by the 95th percentile', () => {
    const verdict = elected({}, { within: 'predicted' });
    expect(verdict).to.include({ outcome: 'pass', limitMs: 5900 });
  });

  it('cannot judge a predicted limit without a prediction', () => {
    const timeline = timelineOf({ probes });
    const plan = { ...timeline.plan, predicted: [] };
    const verdict = leaderElected.judge({ within: 'predicted' }, { ...timeline, plan });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('no prediction');
  });

  it('tells the leader’s own word beside, which comes before the majority’s', () => {
    const { clocks, measuredMs } = elected({ knows: { pi2: 2600, pi3: 1800 } });
    expect(clocks!['own-word']).to.have.property('hi').below(1860);
    expect(measuredMs).to.have.property('lo').above(2500);
  });

  it('has seen the end as soon as the majority has spoken, and not before', () => {
    const timeline = timelineOf({ probes });
    const upTo = (ms: number): Timeline => ({
      ...timeline,
      events: timeline.events.filter((event) => when(event) <= ms),
    });
    expect(leaderElected.seen({ within: 5000 }, upTo(24_100))).to.equal(false);
    expect(leaderElected.seen({ within: 5000 }, upTo(24_300))).to.equal(true);
  });
});

function elected(
  changes: Partial<Script>,
  params: Parameters<typeof leaderElected.judge>[0] = { within: 5000 },
): Verdict {
  return leaderElected.judge(params, timelineOf({ probes, ...changes }));
}

function judged(timeline: Timeline): Verdict {
  return leaderElected.judge({ within: 5000 }, timeline);
}

function answer({ type, series, due }: Sample, leader: string): Sample {
  return { type, series, due, sent: due, got: due + 1, ok: true, value: { leader } };
}

function when(event: Event): number {
  return event.type === 'sample' ? (event.got ?? event.due) : event.at;
}

describe('leader-elected, of polls written by hand', () => {
  /** A member that names one leader until the fault and another from 10.5 s on, or does not answer. */
  function says(node: string, before: string | undefined, after: string | undefined): Sample[] {
    return Array.from({ length: 41 }, (_, index) => {
      const sent = 8000 + index * 100;
      const leader = sent < 10_000 ? before : sent < 10_500 ? '' : after;
      return leader === undefined
        ? badLook(`leader@${node}`, sent, 'EDEADLINE')
        : look(`leader@${node}`, sent, { leader });
    });
  }

  /** Of a fault that takes the members down that are given, beside one that did so before. */
  function judged(
    looks: readonly Sample[],
    membersDown = ['1'],
    earlier: string[] = [],
    everyMs = 100,
  ): Verdict {
    const intent = (down: readonly string[]): object => ({
      intent: { ...intentOf('test', 'pi1', 'node-timer', []), membersDown: down },
    });
    const fired = { type: 'fault', state: 'fired' } as const;
    const { plan, events } = timelineWith(looks, [
      { ...fired, step: 'early', at: 9000, span: { lo: 9000, hi: 9000 }, ...intent(earlier) },
      { ...fired, step: 'kill', at: deed.hi, span: deed, ...intent(membersDown) },
    ]);
    const early = { kind: 'fault', id: 'early', fault: 'kill', params: {} } as const;
    const steps = [{ ...early, params: { target: 'follower' } }, ...plan.steps] as const;
    const series = plan.series.map((one) => ({ ...one, everyMs }));
    return leaderElected.judge(
      { within: 5000, after: 'kill' },
      { plan: { ...plan, steps, series }, events },
    );
  }

  const [pi2, pi3] = [says('pi2', '1', '3'), says('pi3', '1', '3')];
  const pi1 = says('pi1', '1', undefined);

  it('is from the last that named nobody to the answer of the first majority', () => {
    const verdict = judged([...pi1, ...pi2, ...pi3]);
    expect(verdict.measuredMs).to.deep.equal({ lo: 396, hi: 510 });
    expect(verdict.clocks).to.deep.equal({ 'own-word': { lo: 396, hi: 510 } });
    expect(verdict.evidence[0]).to.equal('the leader before was 1 on pi1');
  });

  it('is seen well enough to within half a second, or five polls of a slow series', () => {
    const looks = [...pi1, ...pi2, ...pi3].filter(({ due }) => due <= 10_400 || due >= 11_000);
    expect(judged(looks).outcome).to.equal('invalid');
    expect(judged(looks).because).to.match(/^the change was seen only to within 0\.61 s/);
    expect(judged(looks, ['1'], [], 200).outcome).to.equal('pass');
  });

  it('says at the least how long there was none, and what each said last', () => {
    const verdict = judged([...pi1, ...says('pi2', '1', ''), ...says('pi3', '1', '')]);
    expect(verdict.measuredMs).to.deep.equal({ atLeast: 12_000 - 10_004 });
    expect(verdict.evidence).to.deep.equal([
      'the leader before was 1 on pi1',
      'leader@pi1 named no leader last, at 10.410 s',
      'leader@pi2 named no leader last, at 12.010 s',
      'leader@pi3 named no leader last, at 12.010 s',
    ]);
  });

  it('is invalid where no majority named a leader before', () => {
    expect(judged([...pi1, ...says('pi2', '', '3'), ...says('pi3', '', '3')])).to.include({
      outcome: 'invalid',
      because: 'no majority of the voters named the same leader just before the fault',
    });
  });

  it('is invalid where one voted that was not sampled', () => {
    const members = ['1', '2', '3', '5'].map((id) => ({ id, role: 'voter' }));
    const roles = look('roles@pi1', 9900, { members });
    const { outcome, because } = judged([...pi1, ...pi2, ...pi3, roles]);
    expect(outcome).to.equal('invalid');
    expect(because).to.match(/^5 was a voter when the fault fired and its leader was not sampled/);
  });

  it('asks nothing of those that an earlier fault keeps down, nor of those that do not vote', () => {
    const silent = says('pi4', undefined, undefined);
    expect(judged([...pi1, ...pi2, ...pi3, ...silent]).outcome).to.equal('pass');
    const dumb = [...pi1, ...pi2, ...says('pi3', undefined, '3')];
    expect(judged(dumb, ['1'], ['3']).outcome).to.equal('pass');
    expect(judged(dumb).because).to.match(/^leader@pi3 had 0 good samples/);
    // The victim itself must have worked before.
    const victim = [...says('pi1', undefined, undefined), ...pi2, ...pi3];
    expect(judged(victim, ['1'], ['1']).because).to.match(/^leader@pi1 had 0 good samples/);
  });

  it('looks at its own step for whom it was aimed at', () => {
    expect(judged([...pi1, ...pi2, ...pi3], ['2']).outcome).to.equal('invalid');
    const { because } = judged([...pi1, ...pi2, ...pi3], ['2']);
    expect(because).to.equal('the leader had moved: the fault hit pi1 while pi1 led');
  });
});
