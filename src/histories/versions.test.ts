import { expect } from 'chai';
import type { RegisterRead } from './operation.ts';
import { isOlder, versionsOf } from './versions.ts';

function read(value: string | undefined, version: string | undefined): RegisterRead {
  const base = { client: 'c1', through: 'pi1', object: 'config', called: 0, returned: 1 } as const;
  return { ...base, kind: 'read', outcome: 'done', value, version };
}

describe('the versions that answers told', () => {
  it('are known both ways, and of a contradiction is what was told first', () => {
    const [first, again, other, same] = [
      read('a', '1'),
      read('a', '1'),
      read('b', '1'),
      read('a', '2'),
    ];
    const { valueOf, versionOf, contradictions } = versionsOf([first, again, other, same]);
    expect([...valueOf]).to.deep.equal([
      ['1', 'a'],
      ['2', 'a'],
    ]);
    expect([...versionOf]).to.deep.equal([
      ['a', '1'],
      ['b', '1'],
    ]);
    expect(contradictions).to.deep.equal([
      [first, other],
      [first, same],
    ]);
  });

  it('are those of reads, of caches and of acknowledged writes that told both, and of nothing else', () => {
    const cached = { ...read('c', '3'), kind: 'cached-read' } as const;
    const base = {
      client: 'c1',
      through: 'pi1',
      object: 'config',
      called: 0,
      returned: 1,
    } as const;
    const write = { ...base, kind: 'write', on: undefined, value: 'd', version: '4' } as const;
    const { valueOf } = versionsOf([
      cached,
      { ...write, outcome: 'done' },
      { ...write, outcome: 'indeterminate', value: 'e', version: '5' },
      { ...base, kind: 'delete', on: undefined, outcome: 'done' },
      read(undefined, '6'),
      read('f', undefined),
    ]);
    expect([...valueOf]).to.deep.equal([
      ['3', 'c'],
      ['4', 'd'],
    ]);
  });

  it('are older by their number, of any length; of what is none nothing is known', () => {
    expect(isOlder('9', '10')).to.equal(true);
    expect(isOlder('10', '9')).to.equal(false);
    expect(isOlder('7', '7')).to.equal(false);
    expect(isOlder('90071992547409931', '90071992547409932')).to.equal(true);
    for (const none of ['', 'x1', '1x', '-1', '1.5']) {
      expect(isOlder(none, '2')).to.equal(false);
      expect(isOlder('0', none)).to.equal(false);
    }
  });
});
