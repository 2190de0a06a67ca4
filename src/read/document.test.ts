import { expect } from 'chai';
import { readDocument } from './document.ts';

describe('a file that no YAML parser should be given', () => {
  const deep: Readonly<Record<string, string>> = {
    'lists in lists': '- '.repeat(3000),
    'maps in maps': `${'{a: '.repeat(30_000)}1${'}'.repeat(30_000)}`,
    'brackets that are never closed': '['.repeat(50_000),
  };
  for (const [what, text] of Object.entries(deep))
    it(`is refused: ${what}`, () => {
      const from = performance.now();
      const read = readDocument(text, 'deep.yaml');
      expect(performance.now() - from).to.be.below(2000);
      expect(read).not.to.have.property('value');
      expect(read.problems[0]).to.include({ file: 'deep.yaml', line: 1 });
    });

  it('is refused for its length before it is looked at', () => {
    const from = performance.now();
    const read = readDocument(`a: [${'[],'.repeat(1_000_000)}]`, 'long.yaml');
    expect(read.problems.map(({ message }) => message)).to.deep.equal([
      'has 3000005 characters; at most 262144 are read',
    ]);
    expect(performance.now() - from).to.be.below(500);
  });
});
