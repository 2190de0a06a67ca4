/** Lies about how the run ended, and about what it leaves. */
import type { Timeline } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { also, events, inTimeline } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const elected = ['leader-elected', { within: '5s' }] as const;
const ended = { type: 'end', at: leaderLoss.end + 5 } as const;

export const endingLies: readonly Lie[] = [
  inTimeline({
    lie: 'the timeline has no end: Holdfast was killed after all was done',
    claim: elected,
    written: events((event) => (event.type === 'end' ? [] : [event])),
    outcome: 'invalid',
    says: 'pass',
    because: /the run has no end: Holdfast was killed, or its machine went down/,
  }),
  inTimeline({
    lie: 'the timeline was cut in the middle, while the fault stood',
    claim: elected,
    written: until(leaderLoss.fired + 9000),
    outcome: 'residue',
    says: 'pass',
    because: /never seen to be taken back; take it back with: holdfast heal/,
  }),
  inTimeline({
    lie: 'a person ended the run before its steps were done',
    claim: elected,
    truth: { ended: { interrupted: 'SIGTERM' } },
    outcome: 'interrupted',
    says: 'pass',
    because: /SIGTERM interrupted the run/,
  }),
  inTimeline({
    lie: 'a step stopped the run, and what had been claimed by then held',
    claim: elected,
    truth: { ended: { stopped: { outcome: 'defect', reason: 'the sampling worker died' } } },
    outcome: 'defect',
    says: 'pass',
    because: /the sampling worker died/,
  }),
  inTimeline({
    lie: 'the cluster was not well before, and nothing was broken',
    claim: elected,
    written: (timeline) => unhealthy(timeline),
    outcome: 'unhealthy',
    says: 'unasked',
    because: /not well before: not Ready: pi4/,
  }),
  inTimeline({
    lie: 'the healing is done, and the fault is not seen to be gone',
    claim: elected,
    truth: { gone: false },
    outcome: 'residue',
    says: 'pass',
    because: /pi1 does not answer/,
  }),
  inTimeline({
    lie: 'the healing leaves a rule, which the comparison of the nodes finds',
    claim: elected,
    written: also({
      type: 'fingerprint',
      at: leaderLoss.end - 20,
      differences: ['pi2: nft: + table inet holdfast_3f9a1c_cut'],
    }),
    outcome: 'residue',
    says: 'pass',
    because: /pi2: nft: \+ table inet holdfast_3f9a1c_cut/,
  }),
  inTimeline({
    lie: 'Holdfast could not remove its own lock',
    claim: elected,
    written: events((event) =>
      event.type === 'end' ? [{ ...ended, residue: ['lock: pi3 does not answer'] }] : [event],
    ),
    outcome: 'residue',
    says: 'pass',
    because: /lock: pi3 does not answer/,
  }),
  inTimeline({
    lie: 'nothing is claimed, so nothing can hold',
    claim: undefined,
    honestly: 'skipped',
    truth: { proof: 'missed' },
    outcome: 'invalid',
    because: /a fault was not proved to have bitten/,
  }),
  inTimeline({
    lie: 'no claim applies: the fault takes no member down',
    claim: elected,
    written: events((event) =>
      event.type === 'fault' && event.intent !== undefined
        ? [{ ...event, intent: { ...event.intent, membersDown: [] } }]
        : [event],
    ),
    outcome: 'skipped',
    says: 'not-applicable',
    because: /the fault takes no member of the datastore down/,
  }),
  inTimeline({
    lie: 'the claim is one that this Holdfast does not have',
    claim: elected,
    written: ({ plan, events: all }) => ({
      events: all,
      plan: {
        ...plan,
        scenario: { ...plan.scenario, expect: [{ claim: 'all-is-well', params: {} }] },
      },
    }),
    outcome: 'unknown',
    because: /this Holdfast has no claim "all-is-well"/,
  }),
];

/** What is on the disk of a machine that went down then. */
function until(at: number): (timeline: Timeline) => Timeline {
  return events((event) =>
    (event.type === 'sample' ? (event.got ?? event.due) : event.at) > at ? [] : [event],
  );
}

function unhealthy({ plan, events: all }: Timeline): Timeline {
  const reason = 'nothing was broken, because the cluster was not well before: not Ready: pi4';
  return {
    plan,
    events: [
      ...all.filter((event) => event.type === 'phase'),
      { ...ended, residue: [], stopped: { outcome: 'unhealthy', reason } },
    ],
  };
}
