import { quorumWithout } from '../model/quorum.ts';
import type { Prediction } from '../model/plan.ts';
import type { Random } from '../model/random.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { electionOf } from './election.ts';
import { quantiles } from './quantiles.ts';

/** What a prediction needs to know of a fault. */
export interface Loss {
  /** Ids of the members it takes down. */
  readonly membersDown: readonly string[];
  /** Until healed; otherwise they are back after some seconds, before their roles are given to others. */
  readonly lasting: boolean;
}

/**
 * What the cluster's own settings say about the claims' durations after members crash; nothing for what no model
 * covers: losses without a member, claims other than these two.
 */
export function predict(snapshot: Snapshot, loss: Loss): readonly Prediction[] {
  const { datastore } = snapshot;
  const lost = datastore.members.filter((member) => loss.membersDown.includes(member.id));
  const { live, majority } = quorumWithout(snapshot, loss.membersDown);
  if (lost.length === 0 || live < majority) return [];

  const leaderLost = lost.some((member) => member.id === datastore.leader);
  const { sample, from } = electionOf(datastore);
  const election = (random: Random): number => (leaderLost ? sample(random, live, majority) : 0);

  const predictions: Prediction[] = [];
  if (leaderLost)
    predictions.push({
      claim: 'leader-elected',
      ...quantiles(election),
      from: from(live, majority),
    });
  const successor = datastore.members.some(
    (member) => member.role !== 'voter' && member.answers && !lost.includes(member),
  );
  // etcd promotes nobody by itself.
  const promotes = datastore.kind === 'dqlite' && loss.lasting && successor;
  if (promotes && lost.some((member) => member.role === 'voter'))
    predictions.push({
      claim: 'voters-restored',
      // A tick that finds no leader waits for one, and then acts; so the later of the two counts.
      ...quantiles((random) => Math.max(election(random), random.between(0, roleTickMs))),
      from:
        `the leader looks at the roles every ${roleTickMs / 1000} s, at any phase` +
        (leaderLost ? ', and not before it is elected' : '') +
        '; a lost member that is silent, rather than refusing, costs it time-outs that no setting tells',
    });
  return predictions;
}

/** How often a Dqlite node of MicroK8s looks at the roles; not a setting of k8s-dqlite. */
const roleTickMs = 30_000;
