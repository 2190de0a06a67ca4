import type { Random } from '../model/random.ts';
import type { Datastore } from '../model/snapshot.ts';

/** How long an election takes after the leader has crashed, as the datastore's own settings have it. */
export interface Election {
  /**
   * One election, in milliseconds after the crash.
   * @param live voters that are left
   * @param majority of all voters, those that are not left included
   */
  readonly sample: (random: Random, live: number, majority: number) => number;
  /** What it was derived from, in words. */
  readonly from: (live: number, majority: number) => string;
}

export function electionOf({ kind, settings }: Datastore): Election {
  return kind === 'dqlite' ? dqlite(settings) : etcd(settings);
}

/**
 * Dqlite's raft timers: from `network-latency` in tuning.yaml if it is set, else Dqlite's own. A Dqlite voter refuses
 * its vote until its own randomised timer has run out, so the winner waits for as many timers as make a majority: with
 * three voters, for the later of both. Split votes are left out; they are rare and cost another round.
 * @see dqlite src/server.c, dqlite_node_set_network_latency_ms
 */
function dqlite(settings: Datastore['settings']): Election {
  const latencyMs = settings['networkLatencyMs'];
  const timeoutMs = latencyMs === undefined ? 3000 : 15 * latencyMs;
  const tickMs = latencyMs === undefined ? 500 : 1.5 * latencyMs;
  const from =
    latencyMs === undefined
      ? `Dqlite's own election timeout of ${timeoutMs} ms`
      : `an election timeout of ${timeoutMs} ms (15 × network latency ${latencyMs} ms)`;
  return {
    sample: (random, live, majority) => {
      const timers = Array.from({ length: live }, () => random.between(timeoutMs, 2 * timeoutMs));
      const lastNeeded = timers.sort((a, b) => a - b)[majority - 1] ?? 2 * timeoutMs;
      return lastNeeded + random.between(0, tickMs);
    },
    from: (live, majority) =>
      `${from}: ${majority} of the ${live} voters left must each wait for their own timer, ` +
      `${timeoutMs} to ${2 * timeoutMs} ms, seen at the next tick of ${tickMs} ms`,
  };
}

interface Voter {
  /** When its first tick comes after the last word of the leader; ms. */
  readonly phase: number;
  /** After so many ticks it asks for votes. */
  readonly patience: number;
  /** When it asks next. */
  asks: number;
  /** It has asked, and so does not count the leader among the living any more. */
  gaveUp: boolean;
}

/**
 * etcd's raft counts ticks of the heartbeat interval: who has heard nothing for the election timeout and a random part
 * of as much again asks for votes, and asks again after as long. Nobody gives one who has heard the leader within the
 * election timeout (pre-vote, with the quorum checked, as etcd has it by itself since 3.5). The two rounds of messages
 * are left out: milliseconds.
 * @see go.etcd.io/raft, raft.go: tickElection, and inLease in Step
 */
function etcd(settings: Datastore['settings']): Election {
  const { heartbeatMs: tickMs = 100, electionMs = 1000 } = settings;
  const ticks = Math.max(1, Math.floor(electionMs / tickMs));
  return {
    sample: (random, live, majority) => {
      const voters = Array.from({ length: live }, (): Voter => {
        const phase = random.between(0, tickMs);
        const patience = ticks + Math.floor(random.between(0, ticks));
        return { phase, patience, asks: phase + (patience - 1) * tickMs, gaveUp: false };
      });
      const sinceWord = random.between(0, tickMs);
      for (;;) {
        const first = voters.reduce((a, b) => (b.asks < a.asks ? b : a));
        first.gaveUp = true;
        const given = voters.filter(
          ({ phase, gaveUp }) => gaveUp || first.asks >= phase + (ticks - 1) * tickMs,
        );
        if (given.length >= majority) return Math.max(0, first.asks - sinceWord);
        first.asks += first.patience * tickMs;
      }
    },
    from: () =>
      `an election timeout of ${electionMs} ms: the first voter that has heard nothing for so long, and a random part ` +
      `of as much again, counted in ticks of ${tickMs} ms, is elected`,
  };
}
