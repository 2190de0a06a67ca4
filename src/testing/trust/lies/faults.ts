/** Lies about the fault: whether it was done, whether it bit and lasted, and whom it hit. */
import type { Event, FaultEvent, Timeline } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { also, events, inTimeline } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const claim = ['leader-elected', { within: '5s' }] as const;

export const faultLies: readonly Lie[] = [
  inTimeline({
    lie: 'the fault was never fired; a leader is elected all the same',
    claim,
    written: without('fired', 'bit'),
    outcome: 'invalid',
    because: /the fault "kill" of step kill was never fired/,
  }),
  inTimeline({
    lie: 'the fault was fired and did not bite',
    claim,
    truth: { proof: 'missed' },
    outcome: 'invalid',
    because: /was fired and did not bite: the process is still there/,
  }),
  inTimeline({
    lie: 'the fault was fired and its proof never came; a leader is elected all the same',
    claim,
    written: without('bit'),
    outcome: 'invalid',
    because: /was fired, and it was not proved that it bit/,
  }),
  inTimeline({
    lie: 'the fault bit, and a timer took it back before its time',
    claim,
    written: also({
      type: 'fault',
      step: 'kill',
      at: leaderLoss.heal + 400,
      state: 'missed',
      because: 'the undo timer on pi1 had run before its time',
    }),
    outcome: 'invalid',
    because: /did not last: the undo timer on pi1 had run before its time/,
  }),
  inTimeline({
    lie: 'the first fault bit, and the second did not',
    claim,
    written: withSecondFault,
    outcome: 'invalid',
    because: /the fault "kill" of step again was fired and did not bite: it runs on/,
  }),
  inTimeline({
    lie: 'the fault was aimed at the leader and hit another',
    claim,
    truth: { ledBy: 'pi2' },
    outcome: 'invalid',
    because: /the leader had moved: the fault hit pi1 while pi2 led/,
  }),
  inTimeline({
    lie: 'the leader moved a third of a second before the fault',
    claim,
    truth: { led: [{ from: -300, by: 'pi2' }] },
    outcome: 'invalid',
    because: /the leader had moved: the fault hit pi1 while pi2 led/,
  }),
  inTimeline({
    lie: 'nobody led before the fault',
    claim,
    truth: {
      led: [
        { from: -6000, by: '' },
        { from: 1800, by: 'pi3' },
      ],
    },
    outcome: 'invalid',
    because: /no majority of the voters named the same leader just before the fault/,
  }),
  inTimeline({
    lie: 'the killed process was back before anybody looked, and leads on',
    claim,
    truth: { restarts: 60, led: [{ from: -9000, by: 'pi1' }] },
    outcome: 'fail',
    because: /no new leader was seen in the 30\.\d s after the fault/,
  }),
  inTimeline({
    lie: 'the run is judged by a plan that has no fault',
    claim,
    written: (timeline) => ({
      events: timeline.events.filter(({ type }) => type !== 'fault'),
      plan: {
        ...timeline.plan,
        steps: timeline.plan.steps.filter(({ kind }) => kind !== 'fault'),
      },
    }),
    outcome: 'invalid',
    because: /the fault was never fired/,
  }),
];

function without(...states: readonly FaultEvent['state'][]): (timeline: Timeline) => Timeline {
  return events((event) => (event.type === 'fault' && states.includes(event.state) ? [] : [event]));
}

/** The plan with a second kill, eight seconds after the first, of which the proof says no. */
function withSecondFault(timeline: Timeline): Timeline {
  const { plan } = timeline;
  const [first] = plan.steps;
  if (first?.kind !== 'fault') throw new Error('the plan begins with no fault');
  const second = timeline.events
    .filter((event): event is FaultEvent => event.type === 'fault' && event.at < leaderLoss.heal)
    .map(({ span, ...event }): Event => ({
      ...event,
      step: 'again',
      at: event.at + 8000,
      ...(span !== undefined && { span: { lo: span.lo + 8000, hi: span.hi + 8000 } }),
      ...(event.state === 'bit' && { state: 'missed', because: 'it runs on' }),
    }));
  const taken = timeline.events
    .filter((event): event is FaultEvent => event.type === 'fault' && event.at >= leaderLoss.heal)
    .map((event): Event => ({ ...event, step: 'again' }));
  return {
    plan: { ...plan, steps: [first, { ...first, id: 'again' }, ...plan.steps.slice(1)] },
    events: [...timeline.events, ...second, ...taken],
  };
}
