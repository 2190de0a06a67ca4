/** Lies about what the workload's users get. */
import type { Timeline } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { inTimeline, missed, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const onlyV2 = ['version-mix', { only: 'v2', within: '10s' }] as const;
const updated = { updated: 4000 };

const available = ['workload-available', { failed: '0.1%', 'longest-outage': '1s' }] as const;

export const workloadLies: readonly Lie[] = [
  inTimeline({
    lie: 'the workload was never deployed, and nothing samples it',
    claim: available,
    written: withoutWeb,
    outcome: 'invalid',
    because: /no series samples the workload/,
  }),
  inTimeline({
    lie: 'the workload was deployed and never answered',
    claim: available,
    truth: {
      webDown: ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => ({ node, from: -90_000, to: 90_000 })),
    },
    outcome: 'invalid',
    because: /web-new@pi1 had 0 good samples in the 2\.00 s before the fault/,
  }),
  inTimeline({
    lie: 'only new connections fail; those that were kept go on',
    claim: available,
    written: samples((sample, after) =>
      sample.series.startsWith('web-new@') && after > 1000 && after < 6000
        ? { ok: false, error: 'ECONNREFUSED', value: undefined }
        : {},
    ),
    outcome: 'fail',
    because:
      /of \d+ requests failed \(\d\.\d+ %\), more than 0\.1 %; the longest outage was [45]\.\d\d s .*beyond/,
  }),
  inTimeline({
    lie: 'only the path through one node is down, for three seconds',
    claim: ['workload-available', { failed: '5%', 'longest-outage': '1s' }],
    truth: { webDown: [{ node: 'pi3', from: 9000, to: 12_000 }] },
    outcome: 'fail',
    because: /the longest outage was [23]\.\d\d s .*beyond the limit of 1 s/,
  }),
  inTimeline({
    lie: 'an outage is hidden where the slots of one path were missed',
    claim: ['workload-available', { failed: '5%', 'longest-outage': '1s' }],
    written: samples((sample, after) =>
      sample.series === 'web-new@pi2' && after > 4000 && after < 5500 ? missed : {},
    ),
    outcome: 'unknown',
    because: /no outage was longer than 1\.\d\d s, which does not decide about the limit of 1 s/,
  }),
  inTimeline({
    lie: 'the outage has not ended when the run does',
    claim: ['workload-available', { failed: '5%', 'longest-outage': '1s' }],
    truth: { webDown: [{ node: 'pi4', from: 48_000, to: 90_000 }] },
    outcome: 'fail',
    because: /an outage of \d\.\d\d s at least had not ended, beyond the limit/,
  }),
  inTimeline({
    lie: 'the probe of the workload says yes and has seen no answer',
    claim: available,
    written: samples((sample) =>
      sample.series === 'web-new@pi2' ? { ok: true, value: undefined } : {},
    ),
    outcome: 'invalid',
    because: /web-new@pi2 said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'one answer in fifty comes late, and all of them come',
    claim: ['workload-available', { failed: '0.1%', 'longest-outage': '1s', p99: '100ms' }],
    written: samples((sample, after) =>
      after > 0 && sample.due % 50 < 1 && sample.got !== undefined ? { got: sample.due + 400 } : {},
    ),
    outcome: 'fail',
    because: /no request failed; .*; 99 % of requests were answered within 400 ms, beyond/,
  }),
  inTimeline({
    lie: 'this machine did not send what would have waited longest',
    claim: ['workload-available', { failed: '5%', 'longest-outage': '1s', p99: '100ms' }],
    written: samples((sample, after) => (after > 0 && sample.due % 50 < 1 ? missed : {})),
    outcome: 'unknown',
    because: /which does not decide about the limit of 100 ms/,
  }),
  inTimeline({
    lie: 'one path is not sampled any more from the fault on',
    claim: available,
    written: samples((sample, after) =>
      sample.series === 'web-reused@pi2' && after > 0 && leaderLoss.fired > 0 ? 'gone' : {},
    ),
    outcome: 'invalid',
    because: /too slow to see: it missed \d+\.\d % of the samples/,
  }),
  inTimeline({
    lie: 'the new version answers on all paths, and once, ten seconds later, the old one does',
    claim: onlyV2,
    world: updated,
    written: samples((sample, after) =>
      sample.series === 'web-new@pi3' && after > 14_000 && after < 14_097
        ? { value: { status: 200, version: 'v1' } }
        : {},
    ),
    outcome: 'fail',
    because: /only v2 answered from 14\.\d s .*beyond the limit of 10 s/,
  }),
  inTimeline({
    lie: 'kept connections stay with the old version; all who come anew get the new one',
    claim: onlyV2,
    world: updated,
    written: samples((sample) =>
      sample.series.startsWith('web-reused@') ? { value: { status: 200, version: 'v1' } } : {},
    ),
    outcome: 'fail',
    because:
      /it was not seen that only v2 answers in the \d+\.\d s after the fault; that is beyond/,
  }),
  inTimeline({
    lie: 'after the change, answers do not say any more which version gave them',
    claim: onlyV2,
    world: updated,
    written: samples((sample, after) =>
      sample.series.startsWith('web-new@') && after > 0 ? { value: { status: 200 } } : {},
    ),
    outcome: 'invalid',
    because: /answers of web-new@pi1 name no version/,
  }),
];

function withoutWeb({ plan, events }: Timeline): Timeline {
  const isWeb = (id: string): boolean => id.startsWith('web-');
  return {
    plan: { ...plan, series: plan.series.filter(({ id }) => !isWeb(id)) },
    events: events.filter((event) => event.type !== 'sample' || !isWeb(event.series)),
  };
}
