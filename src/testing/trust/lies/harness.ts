/** Lies about the machine that looks: it is late, blind, or does not say how well it sees. */
import type { Timeline } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { events, inTimeline, missed, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const elected = ['leader-elected', { within: '5s' }] as const;
const recovers = ['cluster-recovers', { within: '2m', after: 'heal' }] as const;
const healed = leaderLoss.heal - leaderLoss.fired;

export const harnessLies: readonly Lie[] = [
  inTimeline({
    lie: 'this machine missed eight of a hundred slots',
    claim: elected,
    truth: { missed: 0.08 },
    outcome: 'invalid',
    because: /this machine was too slow to see: it missed [789]\.\d % of the samples/,
  }),
  inTimeline({
    lie: 'it missed slots after the fault alone, and a long calm before would hide them',
    claim: elected,
    written: samples((_, after) => (after > -300 && after < 6000 ? missed : {})),
    outcome: 'invalid',
    because: /too slow to see: it missed \d+\.\d % of the samples/,
  }),
  inTimeline({
    lie: 'its event loop was late by a third of a second',
    claim: elected,
    truth: { loopDelay: 330 },
    outcome: 'invalid',
    because: /its event loop was late by 330 ms \(p99\)/,
  }),
  inTimeline({
    lie: 'it never said how well it kept up',
    claim: elected,
    written: events((event) => (event.type === 'harness' ? [] : [event])),
    outcome: 'invalid',
    because: /nothing tells how well this machine kept up/,
  }),
  inTimeline({
    lie: 'its clock went backwards: answers came before they were asked for',
    claim: elected,
    written: samples(({ sent = 0 }, after) => (after > 0 ? { got: sent - 900 } : {})),
    outcome: 'invalid',
    because: /the clock of this machine went backwards: .* was answered before it was asked/,
  }),
  inTimeline({
    lie: 'the sampler died a second after the healing, and nothing was seen of what came then',
    claim: recovers,
    truth: { recovered: leaderLoss.heal + 600 },
    world: { recovered: leaderLoss.heal + 600 },
    written: samples((_, after) => (after > healed + 4000 ? 'gone' : {})),
    outcome: 'invalid',
    because: /too slow to see: it missed \d+\.\d % of the samples/,
  }),
  inTimeline({
    lie: 'the probe of one voter was dead before the fault',
    claim: elected,
    truth: { deaf: [{ series: 'leader@pi2', from: 0, to: 90_000 }] },
    outcome: 'invalid',
    because: /leader@pi2 had 0 good samples in the 2\.00 s before the fault and needs 10/,
  }),
  inTimeline({
    lie: 'the probe of one voter was turned away before the fault',
    claim: elected,
    written: samples((sample, after) =>
      sample.series === 'leader@pi2' && after < 1000
        ? { ok: false, error: 'EAUTH', value: undefined }
        : {},
    ),
    outcome: 'invalid',
    because: /leader@pi2 had 0 good samples/,
  }),
  inTimeline({
    lie: 'one voter was never sampled, though the plan says so',
    claim: elected,
    written: samples(({ series }) => (series === 'leader@pi2' ? 'gone' : {})),
    outcome: 'invalid',
    because: /leader@pi2 had 0 good samples|missed \d+\.\d %/,
  }),
  inTimeline({
    lie: 'one voter is not in the plan of what is sampled',
    claim: elected,
    written: withoutSeries('leader@pi2'),
    outcome: 'invalid',
    because: /pi2 was a voter when the fault fired and its leader was not sampled/,
  }),
  inTimeline({
    lie: 'the probe of one voter says yes and has seen nothing',
    claim: elected,
    written: samples(({ series }) =>
      series === 'leader@pi2' ? { ok: true, value: undefined, error: undefined } : {},
    ),
    outcome: 'invalid',
    because:
      /leader@pi2 said yes at \d+\.\d+ s and had seen no answer: its probe cannot be believed/,
  }),
];

function withoutSeries(id: string): (timeline: Timeline) => Timeline {
  return ({ plan, events: all }) => ({
    plan: { ...plan, series: plan.series.filter((one) => one.id !== id) },
    events: all.filter((event) => event.type !== 'sample' || event.series !== id),
  });
}
