import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { electionAfter, type Election } from './election.ts';

/** What the member of a node says at some instants: the id of a leader, or empty for none. */
function says(node: string, words: readonly (readonly [number, string])[]): readonly Sample[] {
  return words.map(([sent, leader]) => look(`leader@${node}`, sent, { leader }));
}

/** The election after a fault that takes down the members of pi1, until 15 s; the members vote whose ids are given. */
function election(looks: readonly Sample[], voters = ['1', '2', '3']): Election {
  const membersDown = ['1'];
  const intent = { ...intentOf('test', 'pi1', 'node-timer', []), membersDown };
  const fault = { type: 'fault', step: 'kill', at: 10_004 } as const;
  const undone = { lo: 15_000, hi: 15_010 };
  const timeline = timelineWith(looks, [
    { ...fault, state: 'fired', span: deed, intent },
    { ...fault, state: 'undone', at: 15_010, span: undone },
  ]);
  return electionAfter(
    timeline,
    { step: 'kill', intent, fired: deed, undone },
    { leader: '1', voters },
  );
}

const dead = badLook('leader@pi1', 10_050, 'ECONNREFUSED');
const pi2 = says('pi2', [
  [10_050, '1'],
  [10_200, ''],
  [10_300, '3'],
  [10_400, '3'],
]);
const pi3 = says('pi3', [
  [10_100, '1'],
  [10_250, '3'],
  [10_350, '3'],
]);

describe('an election', () => {
  it('is when a majority names the same new leader, which names itself', () => {
    expect(election([dead, ...pi2, ...pi3])).to.deep.equal({
      leader: '3',
      span: { lo: 10_200, hi: 10_310 },
      ownWord: { lo: 10_100, hi: 10_260 },
      evidence: [
        'leader@pi2 began to name 3 between 10.200 s and 10.310 s',
        'leader@pi3 began to name 3 between 10.100 s and 10.260 s, its own word',
      ],
    });
  });

  it('may have come with the word of a voter that was not heard, if no fault took it down', () => {
    expect(election([...pi2, ...pi3], ['2', '3', '5'])).to.deep.include({
      span: { lo: 10_100, hi: 10_310 },
    });
    // What it denies once the others agree does not matter.
    const withLate = (sent: number): Election => {
      const late = says('pi4', [
        [10_050, '1'],
        [sent, '1'],
      ]);
      return election([...pi2, ...pi3, ...late], ['2', '3', '4']);
    };
    expect(withLate(10_311)).to.deep.include({ span: { lo: 10_100, hi: 10_310 } });
    expect(withLate(10_310)).to.deep.include({ span: { lo: 10_200, hi: 10_310 } });
  });

  it('is begun by the earliest majority, in whatever order the voters come', () => {
    const first = says('pi4', [
      [10_100, ''],
      [10_600, '3'],
      [10_700, '3'],
    ]);
    const second = says('pi2', [
      [10_100, ''],
      [10_300, '3'],
      [10_700, '3'],
    ]);
    const own = says('pi3', [
      [10_100, ''],
      [10_200, '3'],
      [10_700, '3'],
    ]);
    const looks = [...first, ...second, ...own];
    expect(election(looks, ['4', '2', '3'])).to.deep.include({ span: { lo: 10_100, hi: 10_310 } });
  });

  it('may have come while one that last named the leader was not heard any more', () => {
    const last = says('pi4', [
      [10_050, '1'],
      [10_120, '3'],
    ]);
    expect(election([...pi2, ...pi3, ...last], ['2', '3', '4'])).to.deep.include({
      span: { lo: 10_100, hi: 10_310 },
    });
  });

  it('is looked for from the fault to its healing', () => {
    const to = (sent: number): Election =>
      election([dead, ...pi3, ...says('pi3', [[15_000, '3']]), ...says('pi2', [[sent, '3']])]);
    expect(to(15_000)).to.deep.include({ span: { lo: 10_100, hi: 15_010 } });
    expect(to(15_001)).not.to.have.property('leader');
    const from = (sent: number): Election =>
      election([dead, ...says('pi2', [[sent, '3']]), ...says('pi3', [[10_000, '3']])]);
    expect(from(10_000)).to.deep.include({ span: { lo: 10_000, hi: 10_010 } });
    expect(from(9999)).not.to.have.property('leader');
  });

  it('is none unless enough name the leader at once', () => {
    const before = says('pi2', [
      [10_100, '3'],
      [10_200, '3'],
      [10_240, ''],
    ]);
    expect(election([dead, ...before, ...pi3])).not.to.have.property('leader');
    const lasting = says('pi2', [
      [10_100, '3'],
      [10_250, '3'],
      [10_280, ''],
    ]);
    expect(election([dead, ...lasting, ...pi3])).to.deep.include({
      leader: '3',
      span: { lo: 10_100, hi: 10_260 },
    });
    const again = says('pi2', [
      [10_100, '3'],
      [10_260, '3'],
      [10_300, ''],
      [10_400, '3'],
    ]);
    expect(election([dead, ...again, ...pi3]))
      .to.have.property('span')
      .that.includes({ hi: 10_260 });
  });

  it('is the first of several', () => {
    const two = (node: string): readonly Sample[] =>
      says(node, [
        [10_100, ''],
        [10_200, '3'],
        [10_300, '3'],
        [10_400, '2'],
      ]);
    expect(election([dead, ...two('pi2'), ...two('pi3')])).to.include({ leader: '3' });
    const other = (node: string): readonly Sample[] =>
      says(node, [
        [10_100, ''],
        [10_200, '2'],
        [10_300, '2'],
        [10_400, '3'],
      ]);
    expect(election([dead, ...other('pi2'), ...other('pi3')])).to.include({ leader: '2' });
    // One may be named first and be elected last.
    const later = (node: string, first: string): readonly Sample[] =>
      says(node, [
        [10_100, first],
        [10_200, '3'],
        [10_300, '3'],
        [10_400, '4'],
        [10_500, '4'],
      ]);
    const own = says('pi4', [[10_450, '4']]);
    expect(election([dead, ...later('pi2', '4'), ...later('pi3', ''), ...own])).to.include({
      leader: '3',
    });
  });

  it('may be of one that did not vote before, which must name itself all the same', () => {
    const name = (node: string): readonly Sample[] =>
      says(node, [
        [10_100, ''],
        [10_200, '4'],
        [10_300, '4'],
      ]);
    const voters = [dead, ...name('pi2'), ...name('pi3')];
    expect(election(voters)).not.to.have.property('leader');
    const found = election([...voters, ...says('pi4', [[10_250, '4']])]);
    expect(found).to.include({ leader: '4' });
    expect(found.evidence).to.deep.equal([
      'leader@pi2 began to name 4 between 10.100 s and 10.210 s',
      'leader@pi3 began to name 4 between 10.100 s and 10.210 s',
      'leader@pi4 began to name 4 between 10.000 s and 10.260 s, its own word',
    ]);
  });

  it('is looked for between the fault and its healing', () => {
    const early = says('pi2', [[9990, '3']]);
    const late = says('pi2', [[15_001, '3']]);
    const own = says('pi3', [
      [9980, '3'],
      [14_990, '3'],
    ]);
    expect(election([dead, ...early, ...own])).not.to.have.property('leader');
    expect(election([dead, ...late, ...own])).not.to.have.property('leader');
    expect(election([dead, ...says('pi2', [[14_990, '3']]), ...own])).to.include({ leader: '3' });
  });
});

describe('no election', () => {
  const old = (node: string, until: number): readonly Sample[] =>
    says(node, [
      [10_100, '1'],
      [until, '1'],
    ]);

  it('is certain as long as too few voters may have named another', () => {
    expect(election([...old('pi2', 10_900), ...old('pi3', 10_800)], ['2', '3', '5'])).to.deep.equal(
      {
        deniedUntil: 10_800,
        evidence: [
          'leader@pi2 named 1 last, at 10.910 s',
          'leader@pi3 named 1 last, at 10.810 s',
          'leader@5 did not answer',
        ],
      },
    );
    const two = election([dead, ...old('pi2', 10_900), ...says('pi3', [[10_800, '']])]);
    expect(two).to.deep.equal({
      deniedUntil: 10_900,
      evidence: [
        'leader@pi1 named no leader last, at 10.060 s',
        'leader@pi2 named 1 last, at 10.910 s',
        'leader@pi3 named no leader last, at 10.810 s',
      ],
    });
  });

  it('is certain only until a candidate began to name itself, if it goes on to', () => {
    const own = says('pi3', [
      [10_300, '1'],
      [10_400, '3'],
      [10_800, '3'],
    ]);
    const voters = ['2', '3', '5'];
    expect(election([...old('pi2', 10_900), ...own], voters)).to.include({ deniedUntil: 10_300 });
    const gone = [...own, ...says('pi3', [[10_850, '']])];
    expect(election([...old('pi2', 10_900), ...gone], voters)).to.include({ deniedUntil: 10_850 });
  });

  it('is certain as long as a candidate does not name itself, whoever else does', () => {
    const follows = (node: string): readonly Sample[] =>
      says(node, [
        [10_050, '1'],
        [10_100, '3'],
        [10_900, '3'],
      ]);
    const voters = [...follows('pi2'), ...follows('pi4')];
    expect(election([...voters, ...old('pi3', 10_700)], ['2', '3', '4'])).to.include({
      deniedUntil: 10_700,
    });
  });

  it('lasts to the healing where those that were taken down are too many to elect', () => {
    const timeline = badLook('leader@pi1', 10_050, 'EDEADLINE');
    expect(election([timeline, ...old('pi2', 10_900)], ['1', '2'])).to.deep.equal({
      deniedUntil: 15_000,
      evidence: ['leader@pi1 was taken down by the fault', 'leader@pi2 named 1 last, at 10.910 s'],
    });
    // One that answers has come back, and may have named anybody since, even if it then falls silent.
    for (const silent of [[], [badLook('leader@pi1', 10_600, 'EDEADLINE')]])
      expect(
        election([...old('pi1', 10_500), ...silent, ...old('pi2', 10_900)], ['1', '2']),
      ).to.include({ deniedUntil: 10_900 });
  });
});
