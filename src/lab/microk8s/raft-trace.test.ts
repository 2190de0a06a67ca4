import { expect } from 'chai';
import { raftChanges } from './raft-trace.ts';

describe('the raft trace', () => {
  it('tells to the microsecond when a member became leader, and skips all else', () => {
    const journal = [
      'Nov 21 12:32:31.735 pi1 k8s-dqlite[83]: LIBDQLITE[000083] 2026-11-21T12:32:31.732663673 000135 DEBUG   convertSetState      src/raft/convert.c:24  old_state:1 new_state:2',
      'Nov 21 12:32:31.735 pi1 k8s-dqlite[83]: LIBDQLITE[000083] 2026-11-21T12:32:31.733000000 000135 DEBUG   electionTally        src/raft/election.c:9',
      'Nov 21 12:32:31.900 pi1 k8s-dqlite[83]: LIBDQLITE[000083] 2026-11-21T12:32:31.899000001 000135 DEBUG   convertSetState      src/raft/convert.c:24  old_state:2 new_state:3',
    ].join('\n');
    const changes = raftChanges(journal);
    expect(changes.map(({ to }) => to)).to.deep.equal(['candidate', 'leader']);
    expect(changes[0]?.wallMs).to.be.closeTo(
      Date.UTC(2026, 10, 21, 12, 32, 31) + 732.663673,
      0.001,
    );
  });
});
