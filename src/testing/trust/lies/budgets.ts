/** Lies about evictions and the disruption budget that they wait for. */
import type { Script } from '../../timelines.ts';
import { events, inTimeline, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const respected = ['budget-respected', { 'min-available': 2, waits: true }] as const;

/** One pod is let go, and the other once a third has taken its place. */
const world = {
  replaced: 5000,
  evictions: [
    { pod: 'holdfast/web-1', at: 50, status: 201 },
    { pod: 'holdfast/web-2', at: 60, status: 429 },
    { pod: 'holdfast/web-2', at: 7000, status: 201 },
  ],
} satisfies Partial<Script>;

export const budgetLies: readonly Lie[] = [
  inTimeline({
    lie: 'the budget holds an eviction back for a while, and then lets it go with no pod in the place of the first',
    claim: respected,
    world,
    truth: { replaced: Infinity },
    outcome: 'fail',
    because:
      /the eviction of holdfast\/web-2 was accepted .* 2 are to stay: 2 pods were ready at .*, and 1 at/,
  }),
  inTimeline({
    lie: 'two evictions are accepted at once, between two looks at the pods',
    claim: respected,
    world,
    truth: {
      evictions: [
        { pod: 'holdfast/web-3', at: 40, status: 429 },
        { pod: 'holdfast/web-1', at: 50, status: 201 },
        { pod: 'holdfast/web-2', at: 60, status: 201 },
      ],
    },
    outcome: 'fail',
    because: /web-2 was accepted .* of which 1 had been let go since, and 1 at/,
  }),
  inTimeline({
    lie: 'the answers of the Eviction API were not written down',
    claim: respected,
    world,
    written: events((event) => (event.type === 'eviction' ? [] : [event])),
    outcome: 'invalid',
    because: /no eviction of a pod of the workload was asked for/,
  }),
  inTimeline({
    lie: 'nothing had to wait: the budget was never met, and it is said to hold',
    claim: respected,
    world,
    written: events((event) => (event.type === 'eviction' && event.status === 429 ? [] : [event])),
    outcome: 'fail',
    because: /0 refused with HTTP 429: none had to wait for its budget/,
  }),
  inTimeline({
    lie: 'nobody could tell of the pods when the second was let go',
    claim: respected,
    world,
    written: samples((_, after) =>
      after > 1500 && after < 7500 ? { ok: false, error: 'EDEADLINE', value: undefined } : {},
    ),
    outcome: 'unknown',
    because: /web-2 was accepted at .*, and nobody told of the pods just before/,
  }),
];
