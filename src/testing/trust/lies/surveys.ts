/** Lies that the datastore's members tell a survey: who they are, and who leads. */
import { agree, type MemberView } from '../../../links/survey-datastore.ts';
import { illness } from '../../../run/illness.ts';
import { snapshotOf } from '../../snapshot.ts';
import type { Lie, Said } from './lie.ts';

const configuration = ['1', '2', '3'].map((id) => ({
  id,
  address: `192.168.1.10${id}:19001`,
  role: 'voter' as const,
}));

export const surveyLies: readonly Lie[] = [
  surveyed({
    lie: 'a datastore member answers with the id of another',
    views: [view('pi1', '1'), view('pi2', '1'), view('pi3', '3')],
    because: /datastore members that do not answer: pi2/,
  }),
  surveyed({
    lie: 'the leader is dead, and the others name it still',
    views: [{ node: 'pi1', id: '1', says: undefined }, view('pi2', '2'), view('pi3', '3')],
    because: /datastore members that do not answer: pi1/,
  }),
  surveyed({
    lie: 'the leader that all others name names another',
    views: [view('pi1', '1', '2'), view('pi2', '2'), view('pi3', '3')],
    because: /the datastore has no leader that a majority agrees on/,
  }),
];

function view(node: string, id: string, leader = '1'): MemberView {
  return { node, id, says: { leader, members: configuration } };
}

interface ToSurvey {
  readonly lie: string;
  readonly views: readonly MemberView[];
  readonly because: RegExp;
}

function surveyed({ lie, views, because }: ToSurvey): Lie {
  return {
    lie,
    honest: () => wellBy([view('pi1', '1'), view('pi2', '2'), view('pi3', '3')]),
    honestOutcome: 'well',
    told: () => wellBy(views),
    outcome: 'unhealthy',
    because,
  };
}

/** Is a cluster fit to be broken, by what its members say? */
function wellBy(views: readonly MemberView[]): Said {
  const snapshot = snapshotOf(['voter', 'voter', 'voter']);
  const datastore = { ...snapshot.datastore };
  // What the survey was built with: only what the members say counts here.
  Reflect.deleteProperty(datastore, 'leader');
  const agreed = agree(views, snapshot.nodes);
  const ill = illness({ ...snapshot, datastore: { ...datastore, ...agreed } });
  return ill === undefined
    ? { outcome: 'well', because: '' }
    : { outcome: 'unhealthy', because: ill };
}
