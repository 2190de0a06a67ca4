import { snapshotOf } from '../../snapshot.ts';
import { beside, between, conditions, judged, latest, verdictOf, type Clock } from './clock.ts';

const probes = ['leader', 'roles'];
const params = { within: 2000 };
const five = snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter']);

const threeVoters: Clock = {
  of: 'an election among three voters, and of the leader’s own word',
  trial: (random) => {
    const knows = { pi2: between(random, 0, latest), pi3: between(random, 0, latest) };
    const script = { ...conditions(random), knows, probes };
    const verdict = verdictOf('leader-elected', params, script);
    return {
      'election, 3 voters': judged(verdict, Math.max(knows.pi2, knows.pi3)),
      'the leader’s own word': beside(verdict, 'own-word', knows.pi3),
    };
  },
};

const fiveVoters: Clock = {
  of: 'an election among five voters, of which one may never learn of it',
  trial: (random) => {
    const instant = (): number => between(random, 0, latest);
    const knows = {
      pi2: instant(),
      pi3: instant(),
      pi4: instant(),
      pi5: random() < 0.25 ? Infinity : instant(),
    };
    const script = { ...conditions(random), knows, snapshot: five, probes };
    const third = Object.values(knows).sort((a, b) => a - b)[2] ?? 0;
    const verdict = verdictOf('leader-elected', params, script);
    return { 'election, 5 voters': judged(verdict, Math.max(knows.pi3, third)) };
  },
};

/** When a majority names the same new leader, and when that first names itself. */
export const elections: readonly Clock[] = [threeVoters, fiveVoters];
