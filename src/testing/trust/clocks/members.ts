import {
  between,
  conditions,
  judged,
  latest,
  timing,
  undoneAt,
  verdictOf,
  type Clock,
} from './clock.ts';

const probes = ['leader', 'roles'];
const params = { within: 2000 };
/** What counts from the healing needs no long time before it. */
const heal = timing.fired + 2000;

const promotion: Clock = {
  of: 'a promotion',
  trial: (random) => {
    const promoted = between(random, 2000, latest);
    const verdict = verdictOf('voters-restored', params, {
      ...conditions(random),
      promoted,
      probes,
    });
    return { promotion: judged(verdict, promoted) };
  },
};

const voterBack: Clock = {
  of: 'a voter that comes back by itself and was not replaced',
  trial: (random) => {
    const restarts = between(random, 1500, latest);
    const verdict = verdictOf('voters-restored', params, {
      ...conditions(random),
      promoted: Infinity,
      restarts,
      probes,
    });
    return { 'voter back': judged(verdict, restarts) };
  },
};

const memberBack: Clock = {
  of: 'a member that comes back by itself',
  trial: (random) => {
    const restarts = between(random, 1500, latest);
    const verdict = verdictOf('member-returns', params, {
      ...conditions(random),
      restarts,
      probes,
    });
    return { 'member back, from the fault': judged(verdict, restarts) };
  },
};

const memberHealed: Clock = {
  of: 'a member that comes back once it is healed',
  trial: (random) => ({ 'member back, from healing': returned(random, {}) }),
};

const memberJoinsAgain: Clock = {
  of: 'a voter that was cut off and answered all the time, once it names the leader again',
  trial: (random) => ({
    'member that was cut off, from healing': returned(random, {
      isolated: true,
      promoted: Infinity,
    }),
  }),
};

/** When the datastore has as many voters as before, and when those that were hit are back. */
export const members: readonly Clock[] = [
  promotion,
  voterBack,
  memberBack,
  memberHealed,
  memberJoinsAgain,
];

function returned(
  random: () => number,
  script: { readonly isolated?: true; readonly promoted?: number },
): ReturnType<typeof judged> {
  const back = between(random, 300, latest);
  const undone = undoneAt(heal, random);
  const verdict = verdictOf(
    'member-returns',
    { ...params, after: 'heal' },
    {
      ...conditions(random),
      ...script,
      heal,
      recovered: undone + back,
      end: undone + back + 3000,
      probes,
    },
  );
  return judged(verdict, back);
}
