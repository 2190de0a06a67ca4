/** Lies about the cluster being well again. */
import type { NodesSeen, Timeline } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { events, inTimeline, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const recovers = ['cluster-recovers', { within: '15s', after: 'heal' }] as const;

export const recoveryLies: readonly Lie[] = [
  inTimeline({
    lie: 'a node is told to be Ready to the end, and its kubelet renews its Lease no more',
    claim: recovers,
    written: samples((sample, after) => {
      if (!sample.series.startsWith('nodes@') || after < 0) return {};
      const { ready, renewed } = sample.value as NodesSeen;
      return { value: { ready: { ...ready, pi1: true }, renewed: { ...renewed, pi1: '20000' } } };
    }),
    outcome: 'fail',
    because: /the cluster was not seen as before to the end in the 2\d\.\d s after/,
  }),
  inTimeline({
    lie: 'one API server tells that a node is not Ready, and the others that it is',
    claim: recovers,
    written: samples((sample, after) => {
      if (sample.series !== 'nodes@pi4' || after < 0) return {};
      const seen = sample.value as NodesSeen;
      return { value: { ...seen, ready: { ...seen.ready, pi2: false } } };
    }),
    outcome: 'fail',
    because: /the cluster was not seen as before to the end/,
  }),
  inTimeline({
    lie: 'a node stays cordoned',
    claim: recovers,
    truth: { differences: ['node pi1 is cordoned'] },
    outcome: 'fail',
    because: /after settling the cluster still differs from before: node pi1 is cordoned/,
  }),
  inTimeline({
    lie: 'a member stays away, in a run that proves nothing else',
    claim: recovers,
    world: { proof: 'missed' },
    truth: { differences: ['the datastore has 2 members that answer as voter, before 3'] },
    honestly: 'invalid',
    outcome: 'fail',
    because: /still differs from before: the datastore has 2 members that answer as voter/,
  }),
  inTimeline({
    lie: 'a member stays away, and no claim asks for it',
    claim: ['leader-elected', { within: '5s' }],
    truth: { differences: ['the datastore has 2 members that answer as voter, before 3'] },
    outcome: 'fail',
    says: 'pass',
    because: /after settling the cluster still differs from before: the datastore has 2 members/,
  }),
  inTimeline({
    lie: 'nobody looked whether the cluster is as before',
    claim: recovers,
    written: events((event) => (event.type === 'state' && event.when === 'after' ? [] : [event])),
    outcome: 'unknown',
    because: /the cluster was not surveyed after settling/,
  }),
  inTimeline({
    lie: 'nothing of the cluster is sampled',
    claim: recovers,
    written: ({ plan, events: all }: Timeline) => ({
      plan: { ...plan, series: [] },
      events: all.filter(({ type }) => type !== 'sample'),
    }),
    outcome: 'invalid',
    because: /no series samples what the cluster must be: nodes, write, roles/,
  }),
  inTimeline({
    lie: 'settling was cut short, and the cluster was not as before then',
    claim: recovers,
    truth: { differences: ['node pi1 is not Ready'], ended: { interrupted: 'SIGINT' } },
    outcome: 'interrupted',
    says: 'unknown',
    because: /SIGINT interrupted the run/,
  }),
  inTimeline({
    lie: 'writes through one API server fail again before the end',
    claim: recovers,
    truth: {
      writesDown: [{ node: 'pi2', from: leaderLoss.end - leaderLoss.fired - 4000, to: 90_000 }],
    },
    outcome: 'fail',
    because: /the cluster was not seen as before to the end in the \d+\.\d s/,
  }),
];
