import { expect } from 'chai';
import { timelineOf } from '../testing/timelines.ts';
import type { Claim } from '../model/claim.ts';
import { randomFrom } from '../model/random.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { allSeen, judge } from './judge.ts';
import { claims } from './table.ts';

describe('judge', () => {
  it('gives a verdict on every expectation, in their order', () => {
    const timeline = timelineOf();
    const verdicts = judge(timeline);
    const { expect: promises } = timeline.plan.scenario;
    expect(verdicts.map(({ claim }) => claim)).to.deep.equal(promises.map(({ claim }) => claim));
    expect(outcomes(verdicts)).to.equal('pass pass pass pass pass');
  });

  it('gives the same bytes from the stored file as from the run, in any order of its lines', () => {
    const timeline = timelineOf({ lost: 0.01, missed: 0.01, knows: { pi2: 2000, pi3: 1900 } });
    const verdicts = JSON.stringify(judge(timeline));
    const stored = JSON.parse(JSON.stringify(timeline)) as Timeline;
    const random = randomFrom(7).next;
    const shuffled = stored.events
      .map((event) => ({ event, key: random() }))
      .sort((a, b) => a.key - b.key)
      .map(({ event }) => event);
    expect(JSON.stringify(judge(stored))).to.equal(verdicts);
    expect(JSON.stringify(judge({ ...stored, events: shuffled }))).to.equal(verdicts);
  });

  it('calls every claim invalid where the fault did not bite, and says what it would have been', () => {
    const verdicts = judge(timelineOf({ proof: 'missed' }));
    expect(outcomes(verdicts)).to.equal('invalid invalid invalid invalid invalid');
    expect(verdicts[3]!.because).to.equal(
      'the fault "kill" of step kill was fired and did not bite: the process is still there',
    );
    expect(verdicts[3]!.evidence.at(-1)).to.match(
      /^without that it would have been pass: no request/,
    );
  });

  it('calls them invalid where the proof never came, or the fault was never fired', () => {
    expect(judge(timelineOf({ proof: 'none' }))[0]!.because).to.contain('not proved that it bit');
    const timeline = timelineOf();
    const events = timeline.events.filter(
      (event) => event.type !== 'fault' || event.state === 'journaled',
    );
    expect(judge({ ...timeline, events })[0]!.because).to.contain('was never fired');
  });

  it('calls them invalid where a series was not sampled for a while, however it had been before', () => {
    const timeline = timelineOf();
    const lacking = (series: string, from: number, to: number): Timeline => ({
      ...timeline,
      events: timeline.events.filter(
        (event) =>
          event.type !== 'sample' || event.series !== series || event.due < from || event.due > to,
      ),
    });
    const because = (one: Timeline): string => judge(one)[3]!.because;
    expect(because(lacking('write@pi2', 40_000, 43_200))).to.match(
      /^write@pi2 was not sampled between 39\.9\d\d s and 43\.2\d\d s: what happened then is not known$/,
    );
    expect(outcomes(judge(lacking('write@pi2', 40_000, 43_200)))).to.equal(
      'invalid invalid invalid invalid invalid',
    );
    // To the end, and from the fault on; and not at all.
    expect(because(lacking('web-new@pi3', 70_000, 99_000))).to.include('between 69.9');
    expect(because(lacking('roles@pi3', 22_000, 26_000))).to.include('between 22.307 s and 26.');
    expect(because(lacking('pods@pi3', 0, 99_000))).to.include('between 22.307 s and 74.100 s');
    // A second without a slot is what a poor network gives, and before the fault it does not matter.
    expect(outcomes(judge(lacking('write@pi2', 40_000, 41_000)))).not.to.include('invalid');
    expect(outcomes(judge(lacking('web-new@pi3', 4000, 18_000)))).not.to.include('invalid');
    // Of a slow series every fifth slot is enough.
    expect(outcomes(judge(lacking('nodes@pi3', 40_000, 43_900)))).not.to.include('invalid');
    expect(because(lacking('nodes@pi3', 40_000, 46_000))).to.include('nodes@pi3 was not sampled');
  });

  it('judges to the end of sampling where nothing was surveyed after it', () => {
    const timeline = timelineOf();
    const events = timeline.events.filter(
      (event) => event.type !== 'state' && (event.type !== 'sample' || event.due < 60_000),
    );
    expect(judge({ ...timeline, events })[3]!.outcome).to.equal('pass');
    const one = events.filter(
      (event) => event.type !== 'sample' || event.series !== 'web-new@pi2' || event.due < 50_000,
    );
    expect(judge({ ...timeline, events: one })[3]!.outcome).to.equal('invalid');
  });

  it('calls them invalid where a timer took the fault back before its time', () => {
    const timeline = timelineOf();
    const early: Event = {
      type: 'fault',
      step: 'kill',
      at: 52_800,
      state: 'missed',
      because: 'the undo timer on pi1 had run before its time',
    };
    const [verdict] = judge({ ...timeline, events: [...timeline.events, early] });
    expect(verdict!.outcome).to.equal('invalid');
    expect(verdict!.because).to.contain('did not last: the undo timer on pi1');
  });

  it('lets a cluster that did not recover stay a failure', () => {
    const differences = ['member 1 does not answer'];
    expect(outcomes(judge(timelineOf({ proof: 'missed', differences })))).to.equal(
      'invalid invalid invalid invalid fail',
    );
  });

  it('lets no cluster fail that recovered late by the word of a machine too slow to see', () => {
    const within5s = [{ claim: 'cluster-recovers', params: { within: 5000 } }];
    expect(outcomes(judge(timelineOf({ expect: within5s })))).to.equal('fail');
    expect(outcomes(judge(timelineOf({ expect: within5s, missed: 0.08 })))).to.equal('invalid');
  });

  it('lets what does not apply stay so', () => {
    const timeline = timelineOf({ proof: 'missed', ledBy: 'pi2', target: 'follower' });
    expect(judge(timeline)[0]!.outcome).to.equal('not-applicable');
  });

  it('calls timings invalid where this machine missed more than 5 % of the samples', () => {
    const verdicts = judge(timelineOf({ missed: 0.08 }));
    expect(outcomes(verdicts)).to.equal('invalid invalid invalid invalid invalid');
    expect(verdicts[0]!.because).to.match(/too slow to see: it missed [789]\.\d % of the samples/);
    expect(judge(timelineOf({ missed: 0.03 }))[0]!.outcome).to.equal('pass');
  });

  it('does not let a long calm before the fault hide the slots missed after it', () => {
    const timeline = timelineOf();
    const events = timeline.events.map((event): Event => {
      const lost = event.type === 'sample' && event.due > 22_000 && event.due < 29_000;
      return lost ? { type: 'sample', series: event.series, due: event.due, missed: true } : event;
    });
    expect(judge({ ...timeline, events })[0]!.because).to.contain('too slow to see');
  });

  it('takes a slot that was never written down for one that was missed', () => {
    const timeline = timelineOf();
    const events = timeline.events.filter(
      (event) => event.type !== 'sample' || event.due < 60_000 || event.due > 70_000,
    );
    expect(judge({ ...timeline, events })[0]!.because).to.match(
      /it missed 1\d\.\d % of the samples/,
    );
  });

  it('asks for no slots after sampling has ended, where nobody looked after settling', () => {
    const timeline = timelineOf();
    const events = timeline.events
      .filter((event) => event.type !== 'state' || event.when !== 'after')
      .map((event): Event =>
        event.type === 'end' || (event.type === 'phase' && event.phase === 'done')
          ? { ...event, at: event.at + 60_000 }
          : event,
      );
    expect(judge({ ...timeline, events })[0]!.outcome).to.equal('pass');
  });

  it('calls timings invalid where the event loop was late by more than 250 ms', () => {
    const verdict = judge(timelineOf({ loopDelay: 300 }))[0]!;
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.contain('its event loop was late by 300 ms');
  });

  it('forgives one slow second in seventy: its samples show whether it mattered', () => {
    const timeline = timelineOf();
    let first = true;
    const events = timeline.events.map((event): Event => {
      if (event.type !== 'harness' || !first) return event;
      first = false;
      return { ...event, loopDelayP99Ms: 900 };
    });
    expect(judge({ ...timeline, events })[0]!.outcome).to.equal('pass');
  });

  it('calls a claim that throws unknown, with the text of the error', () => {
    const table = { ...claims, 'leader-elected': throwing };
    const [verdict] = judge(timelineOf(), table);
    expect(verdict).to.deep.include({
      claim: 'leader-elected',
      outcome: 'unknown',
      title: 'a claim that throws',
      because: 'the claim could not be judged: no such member',
    });
    expect(judge(timelineOf(), table)[1]!.outcome).to.equal('pass');
  });

  it('calls a claim that this Holdfast does not have unknown', () => {
    const [verdict] = judge(timelineOf({ expect: [{ claim: 'no-lost-writes', params: {} }] }));
    expect(verdict).to.deep.equal({
      claim: 'no-lost-writes',
      outcome: 'unknown',
      title: 'no-lost-writes',
      because: 'this Holdfast has no claim "no-lost-writes"',
      evidence: [],
    });
  });

  it('calls a claim by its name that cannot even say what it promises', () => {
    const title = (): string => {
      throw new Error('no such limit');
    };
    const [verdict] = judge(timelineOf(), {
      ...claims,
      'leader-elected': { ...throwing, title },
    });
    expect(verdict).to.include({ outcome: 'unknown', title: 'leader-elected' });
  });
});

describe('waiting until seen', () => {
  it('ends when every claim that can be told before healing has been seen', () => {
    const upTo = growing(timelineOf({ expect: beforeHealing }));
    expect([22_000, 24_500, 30_000, 36_200].map(upTo)).to.deep.equal([false, false, false, false]);
    expect(upTo(36_900)).to.equal(true);
  });

  it('ends at once where the fault did not bite', () => {
    const upTo = growing(timelineOf({ proof: 'missed', expect: beforeHealing }));
    expect([27_000, 27_400].map(upTo)).to.deep.equal([false, true]);
  });

  it('does not wait for the recovery, which only healing begins', () => {
    const upTo = growing(timelineOf());
    expect(upTo(36_900)).to.equal(true);
  });

  it('does not wait for a claim that this Holdfast does not have', () => {
    const expect_ = [{ claim: 'no-lost-writes', params: {} }];
    expect(allSeen(timelineOf({ expect: expect_ }))).to.equal(true);
  });

  it('waits on where a claim cannot tell', () => {
    expect(allSeen(timelineOf(), { ...claims, 'leader-elected': throwing })).to.equal(false);
  });
});

const beforeHealing = timelineOf({ probes: [] }).plan.scenario.expect.slice(0, 4);

const throwing: Claim<never> = {
  ...claims['leader-elected'],
  schema: undefined as never,
  title: () => 'a claim that throws',
  seen: () => {
    throw new Error('no such member');
  },
  judge: () => {
    throw new Error('no such member');
  },
};

function outcomes(verdicts: readonly Verdict[]): string {
  return verdicts.map(({ outcome }) => outcome).join(' ');
}

/** Asks `allSeen` of one array that grows, as a run does. */
function growing(timeline: Timeline): (ms: number) => boolean {
  const events: Event[] = [];
  let next = 0;
  return (ms) => {
    for (; next < timeline.events.length; next++) {
      const event = timeline.events[next]!;
      if ((event.type === 'sample' ? (event.got ?? event.due) : event.at) > ms) break;
      events.push(event);
    }
    return allSeen({ plan: timeline.plan, events });
  };
}
