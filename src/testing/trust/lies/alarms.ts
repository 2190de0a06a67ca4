/** What looks like a failure and is none: to cry wolf would be a lie of our own. */
import { timelineOf, type Script } from '../../timelines.ts';
import { asking, events, saidOf, samples, type InTimeline } from './in-timeline.ts';
import type { Said } from './lie.ts';

/** A run that must pass. */
export interface Alarm {
  /** What it looks like, and why it is none. */
  readonly alarm: string;
  readonly said: () => Said;
}

const survive = ['acknowledged-writes-survive', {}] as const;

export const alarms: readonly Alarm[] = [
  alarm('reads miss what was acknowledged, and later ones find it: stale, and not lost', survive, {
    losses: [{ node: 'pi1', from: -500, to: 0, goneAt: 100, backAt: 700 }],
  }),
  alarm(
    'a write ran into its deadline and was carried out all the same: what it wrote is not invented',
    survive,
    {},
    samples(({ series }, after) =>
      series === 'write@pi3' && after > 20_000 && after < 22_000
        ? { ok: false, error: 'EDEADLINE', value: undefined }
        : {},
    ),
  ),
  alarm(
    'a write met a conflict and is not there: what was never acknowledged cannot be lost',
    survive,
    { writesDown: [{ node: 'pi3', from: 20_000, to: 22_000 }] },
    samples(({ error }) => (error === 'HTTP 500' ? { error: 'HTTP 409' } : {})),
  ),
  alarm(
    'nobody leads for three seconds, and then the same member again: no change of leader',
    ['leader-changes', { 'at-most': 0 }],
    {
      victim: 'pi2',
      target: 'follower',
      led: [
        { from: -9000, by: 'pi1' },
        { from: 5000, by: '' },
        { from: 8000, by: 'pi1' },
      ],
    },
  ),
  alarm(
    'a few samples are lost on a poor link, two of a hundred',
    ['leader-elected', { within: '5s' }],
    { lost: 0.02 },
  ),
  alarm(
    'one second in seventy was slow: its own samples show whether it mattered',
    ['leader-elected', { within: '5s' }],
    {},
    events((event) =>
      event.type === 'harness' && Math.abs(event.at - 40_000) < 500
        ? [{ ...event, loopDelayP99Ms: 900 }]
        : [event],
    ),
  ),
];

function alarm(
  text: string,
  claim: NonNullable<InTimeline['claim']>,
  truth: Partial<Script>,
  written?: InTimeline['written'],
): Alarm {
  return {
    alarm: text,
    said: () => {
      const timeline = timelineOf({ ...asking(claim), ...truth });
      return saidOf(written?.(timeline) ?? timeline);
    },
  };
}
