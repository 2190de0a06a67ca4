import { expect } from 'chai';
import { judgeNode } from './nodes.ts';

describe('what the doctor says of a node', () => {
  const stamps = { before: 1000, after: 1040 };
  const well = 'clock 1020\ndisk / 0.5\ndisk /run 0.9\nmemory 0.4\npressure cpu 3.10\n';

  it('is one line if all is well', () => {
    expect(judgeNode('pi1', well, stamps).map(({ state }) => state)).to.deep.equal(['ok']);
  });

  const bad: readonly [string, string, string, RegExp][] = [
    ['a tool that everything needs', 'lacks systemd-run\n', 'not fit', /lacks systemd-run/],
    ['a tool that some faults need', 'lacks nft\n', 'warning', /lacks nft/],
    ['a clock that is wrong', 'clock 9000\n', 'warning', /at least 7960 ms beside ours/],
    ['a disk that is full', 'disk / 0.04\n', 'warning', /4 % of \/ is free/],
    ['a memory that is full', 'memory 0.05\n', 'warning', /5 % of its memory is free/],
    ['a busy processor', 'pressure cpu 71.2\n', 'warning', /waited for cpu in 71.2 %/],
  ];
  for (const [what, line, state, says] of bad)
    it(`names ${what}, and what to do`, () => {
      const found = judgeNode('pi1', well + line, stamps);
      expect(found.map((finding) => finding.state)).to.deep.equal([state]);
      expect(found[0]?.says).to.match(says);
      expect(found[0]?.todo).to.match(/\w/);
    });
});
