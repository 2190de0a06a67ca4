/** A change of a member's raft state, as Dqlite itself wrote it down. */
export interface RaftChange {
  /** Wall clock of the node, milliseconds since 1970. */
  readonly wallMs: number;
  readonly to: 'follower' | 'candidate' | 'leader' | 'other';
}

const states: Readonly<Record<string, RaftChange['to']>> = {
  1: 'follower',
  2: 'candidate',
  3: 'leader',
};

/**
 * Finds the changes of raft state in a journal of a datastore that runs with LIBDQLITE_TRACE=1. Each line of the trace
 * has the node's own time in nanoseconds; virtual Pis keep UTC.
 */
export function raftChanges(journal: string): readonly RaftChange[] {
  const line = /LIBDQLITE\[\d+\] (\S+T\S+)\.(\d{9}) [^\n]*convertSetState[^\n]*new_state:(\d)/g;
  return [...journal.matchAll(line)].map(([, second = '', nanos = '', state = '']) => ({
    wallMs: Date.parse(`${second}Z`) + Number(nanos) / 1e6,
    to: states[state] ?? 'other',
  }));
}
