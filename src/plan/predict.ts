import { quorumWithout } from '../model/quorum.ts';
import type { Prediction } from '../model/plan.ts';
import type { Random } from '../model/random.ts';
import type { Snapshot } from '../model/snapshot.ts';
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
 * covers: etcd, losses without a member, claims other than these two.
 */
export function predict(snapshot: Snapshot, loss: Loss): readonly Prediction[] {
  const { datastore } = snapshot;
  const lost = datastore.members.filter((member) => loss.membersDown.includes(member.id));
  const { live, majority } = quorumWithout(snapshot, loss.membersDown);
  if (datastore.kind !== 'dqlite' || lost.length === 0 || live < majority) return [];

  const timers = electionTimers(datastore.settings);
  const leaderLost = lost.some((member) => member.id === datastore.leader);
  const election = (random: Random): number =>
    leaderLost ? electionMs(random, timers, live, majority) : 0;
  const electionFrom =
    `${timers.from}: ${majority} of the ${live} voters left must each wait for their own timer, ` +
    `${timers.timeoutMs} to ${2 * timers.timeoutMs} ms, seen at the next tick of ${timers.tickMs} ms`;

  const predictions: Prediction[] = [];
  if (leaderLost)
    predictions.push({ claim: 'leader-elected', ...quantiles(election), from: electionFrom });
  const successor = datastore.members.some(
    (member) => member.role !== 'voter' && member.answers && !lost.includes(member),
  );
  if (loss.lasting && successor && lost.some((member) => member.role === 'voter'))
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

interface ElectionTimers {
  readonly timeoutMs: number;
  readonly tickMs: number;
  readonly from: string;
}

/**
 * Dqlite's raft timers: from `network-latency` in tuning.yaml if it is set, else Dqlite's own.
 * @see dqlite src/server.c, dqlite_node_set_network_latency_ms
 */
function electionTimers(settings: Snapshot['datastore']['settings']): ElectionTimers {
  const latencyMs = settings['networkLatencyMs'];
  if (latencyMs === undefined)
    return { timeoutMs: 3000, tickMs: 500, from: "Dqlite's own election timeout of 3000 ms" };
  return {
    timeoutMs: 15 * latencyMs,
    tickMs: 1.5 * latencyMs,
    from: `an election timeout of ${15 * latencyMs} ms (15 × network latency ${latencyMs} ms)`,
  };
}

/**
 * One election after a crash of the leader. A Dqlite voter refuses its vote until its own randomised timer has run
 * out, so the winner waits for as many timers as make a majority: with three voters, for the later of both.
 * Split votes are left out; they are rare and cost another round.
 */
function electionMs(
  random: Random,
  { timeoutMs, tickMs }: ElectionTimers,
  live: number,
  majority: number,
): number {
  const timers = Array.from({ length: live }, () => random.between(timeoutMs, 2 * timeoutMs));
  const lastNeeded = timers.sort((a, b) => a - b)[majority - 1] ?? 2 * timeoutMs;
  return lastNeeded + random.between(0, tickMs);
}
