/** Lies about the datastore's members and the workload's pods: who is there, and who counts. */
import type { PodSeen, PodsSeen, RolesSeen } from '../../../model/timeline.ts';
import { leaderLoss } from '../../timelines.ts';
import { inTimeline, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const restored = ['voters-restored', { within: '20s' }] as const;
const returns = ['member-returns', { within: '20s', after: 'heal' }] as const;
/** Of all being as before, after the fault. */
const recovered = leaderLoss.recovered - leaderLoss.fired;

export const memberLies: readonly Lie[] = [
  inTimeline({
    lie: 'the stand-by is a voter by the configuration, and does not answer',
    claim: restored,
    truth: { deaf: [{ series: 'roles@pi4', from: 30_000, to: 90_000 }] },
    outcome: 'fail',
    because: /3 live voters were not seen again in the (29|30)\.\d s after the fault/,
  }),
  inTimeline({
    lie: 'a follower tells of a promotion, and the new leader does not',
    claim: restored,
    truth: { promoted: Infinity },
    written: samples((sample, after) => {
      if (sample.series !== 'roles@pi2' || after < 14_000 || sample.ok !== true) return {};
      const { members } = sample.value as RolesSeen;
      return {
        value: { members: members.map((one) => ({ ...one, role: 'voter' as const })) },
      };
    }),
    outcome: 'fail',
    because: /3 live voters were not seen again/,
  }),
  inTimeline({
    lie: 'nobody is promoted: the third voter is the victim, cut off, that answers us all the time',
    claim: restored,
    world: { isolated: true },
    truth: { promoted: Infinity },
    outcome: 'fail',
    because: /3 live voters were not seen again/,
  }),
  inTimeline({
    lie: 'the member answers after the healing, and goes on naming itself',
    claim: returns,
    world: { isolated: true },
    written: samples((sample, after) =>
      sample.series === 'leader@pi1' && after > 0
        ? { value: { leader: '1' }, ok: true, error: undefined }
        : {},
    ),
    outcome: 'fail',
    because: /pi1 was not seen to be back in the 2\d\.\d s after healing/,
  }),
  inTimeline({
    lie: 'the member answers after the healing, and the leader’s configuration does not list it',
    claim: returns,
    written: samples((sample, after) => {
      if (!sample.series.startsWith('roles@') || after < 1000 || sample.ok !== true) return {};
      const { members } = sample.value as RolesSeen;
      return { value: { members: members.filter(({ id }) => id !== '1') } };
    }),
    outcome: 'fail',
    because: /pi1 was not seen to be back/,
  }),
  inTimeline({
    lie: 'the member that is told to be back answers every other time, and then no more',
    claim: returns,
    written: samples((sample, after) =>
      sample.series === 'roles@pi1' && after > recovered + 3000
        ? { ok: false, error: 'EDEADLINE', value: undefined }
        : {},
    ),
    outcome: 'fail',
    because: /pi1 was not seen to be back/,
  }),
  inTimeline({
    lie: 'the pod on the dead node is told to be ready, and none takes its place',
    claim: ['pods-run', { within: '20s' }],
    world: { replaced: 9000 },
    truth: { replaced: Infinity },
    outcome: 'fail',
    because: /3 ready pods were not seen again/,
  }),
  inTimeline({
    lie: 'the API has taken the number of pods, and the one that is new never gets ready',
    claim: ['pods-ready', { ready: 4, within: '20s' }],
    world: { replaced: 9000 },
    written: samples((sample) =>
      sample.series.startsWith('pods@') && sample.ok === true
        ? { value: { pods: (sample.value as PodsSeen).pods.map(isNewUnready) } }
        : {},
    ),
    outcome: 'fail',
    because: /4 ready pods not seen/,
  }),
];

function isNewUnready(pod: PodSeen): PodSeen {
  return pod.name === 'holdfast/web-4' ? { ...pod, ready: false } : pod;
}
