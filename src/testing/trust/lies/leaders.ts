/** Lies about who leads, and by whose word. */
import type { LeaderSeen, Timeline } from '../../../model/timeline.ts';
import { snapshotOf } from '../../snapshot.ts';
import { inTimeline, missed, samples, type Rewritten } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const elected = ['leader-elected', { within: '5s' }] as const;
const five = { snapshot: snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter']) };

export const leaderLies: readonly Lie[] = [
  inTimeline({
    lie: 'the new leader is named by itself alone, a minority of the voters',
    claim: elected,
    truth: { knows: { pi3: 1790 } },
    outcome: 'fail',
    because: /no new leader was seen in the (29|30)\.\d s after the fault; that is beyond/,
  }),
  inTimeline({
    lie: 'a stand-by is asked, and its word would make up the majority',
    claim: elected,
    truth: { knows: { pi3: 1790 } },
    written: withStandBy,
    outcome: 'fail',
    because: /no new leader was seen in the (29|30)\.\d s/,
  }),
  inTimeline({
    lie: 'each voter names the new leader at another time, and never two at once',
    claim: elected,
    truth: { knows: {}, forgets: 0 },
    written: samples((sample, after) => {
      if (sample.series === 'leader@pi2' && after > 1800 && after < 3000) return named('3');
      return sample.series === 'leader@pi3' && after > 3400 && after < 30_000 ? named('3') : {};
    }),
    outcome: 'fail',
    because: /no new leader was seen in the 30\.\d s|no new leader was seen in the 29\.\d s/,
  }),
  inTimeline({
    lie: 'the old leader, cut off, goes on naming itself, and the others name nobody',
    claim: elected,
    world: { isolated: true },
    truth: { knows: {}, forgets: 1500 },
    written: samples((sample, after) =>
      sample.series === 'leader@pi1' && after > 0 ? named('1') : {},
    ),
    outcome: 'fail',
    because: /no new leader was seen/,
  }),
  inTimeline({
    lie: 'three of five voters name a leader that does not name itself',
    claim: elected,
    world: { ...five, knows: { pi2: 1840, pi3: 1790, pi4: 1800, pi5: 1810 } },
    truth: { knows: { pi2: 1840, pi4: 1800, pi5: 1810 } },
    outcome: 'fail',
    because: /no new leader was seen/,
  }),
  inTimeline({
    lie: 'a majority names a member that does not exist',
    claim: elected,
    truth: { knows: {}, forgets: 0 },
    written: samples((sample, after) =>
      ['leader@pi2', 'leader@pi3'].includes(sample.series) && after > 1800 ? named('99') : {},
    ),
    outcome: 'unknown',
    because: /no new leader was seen/,
  }),
  inTimeline({
    lie: 'all voters but one fall silent with the fault: no answer is no vote',
    claim: elected,
    truth: { deaf: [{ series: 'leader@pi2', from: 22_310, to: 90_000 }] },
    outcome: 'unknown',
    because: /no new leader was seen.*the limit of 5 s was not reached before the question ended/,
  }),
  inTimeline({
    lie: 'the limit lies inside the interval in which the election was seen',
    claim: elected,
    truth: { knows: { pi2: 5000, pi3: 4990 } },
    outcome: 'unknown',
    because: /the limit of 5 s lies inside that interval/,
  }),
  inTimeline({
    lie: 'the limit is a prediction that nobody made',
    claim: ['leader-elected', { within: 'predicted' }],
    written: (timeline) => ({ ...timeline, plan: { ...timeline.plan, predicted: [] } }),
    outcome: 'unknown',
    because: /the plan holds no prediction for it, so there is no limit to judge by/,
  }),
  inTimeline({
    lie: 'the election is seen too coarsely, as the slots around it were missed',
    claim: elected,
    written: samples((sample, after) =>
      sample.series === 'leader@pi2' && after > 1000 && after < 2600 ? missed : {},
    ),
    outcome: 'invalid',
    because: /the change was seen only to within \d\.\d\d s: the samples around it are too sparse/,
  }),
  inTimeline({
    lie: 'leadership flaps: it moves three times while one change was allowed',
    claim: ['leader-changes', { 'at-most': 1 }],
    truth: {
      led: [
        { from: -9000, by: 'pi1' },
        { from: 1800, by: 'pi3' },
        { from: 9000, by: 'pi2' },
        { from: 12_000, by: 'pi3' },
      ],
    },
    outcome: 'fail',
    because: /leadership moved 3 times, pi1 → pi3 → pi2 → pi3; at most 1 was allowed/,
  }),
  inTimeline({
    lie: 'two of three voters are not heard for three seconds, in which a change may hide',
    claim: ['leader-changes', { 'at-most': 1 }],
    truth: {
      deaf: ['pi2', 'pi3'].map((node) => ({
        series: `leader@${node}`,
        from: 40_000,
        to: 43_000,
      })),
    },
    outcome: 'unknown',
    because: /too few of the voters answered for a while, and a change may hide there/,
  }),
];

function named(leader: string): Rewritten {
  return { value: { leader } satisfies LeaderSeen, ok: true, error: undefined };
}

/** The stand-by is asked as well, and says what the new leader says. */
function withStandBy({ plan, events }: Timeline): Timeline {
  const like = plan.series.find(({ id }) => id === 'leader@pi3');
  if (like === undefined) throw new Error('nobody asks pi3');
  return {
    plan: { ...plan, series: [...plan.series, { ...like, id: 'leader@pi4', node: 'pi4' }] },
    events: events.flatMap((event) =>
      event.type === 'sample' && event.series === 'leader@pi3'
        ? [event, { ...event, series: 'leader@pi4' }]
        : [event],
    ),
  };
}
