import { expect } from 'chai';
import { fingerprintDifferences } from './fingerprint.ts';

describe('the differences of two fingerprints', () => {
  const before = { pi1: ['nft\ttable inet a', 'link\teth0 up'], pi2: ['link\teth0 up'] };

  it('are none if only the order is another', () => {
    const now = { pi2: before.pi2, pi1: [...before.pi1].reverse() };
    expect(fingerprintDifferences(before, now)).to.deep.equal([]);
  });

  it('are what came and what went, on which node', () => {
    const now = { pi1: ['nft\ttable inet a', 'link\teth0 down'], pi2: [...before.pi2, 'nft\tx'] };
    expect(fingerprintDifferences(before, now)).to.deep.equal([
      'pi1: link: - eth0 up',
      'pi1: link: + eth0 down',
      'pi2: nft: + x',
    ]);
  });

  it('are a node that was not asked again', () => {
    expect(fingerprintDifferences(before, { pi1: before.pi1 })).to.deep.equal([
      'pi2: not known: it was not asked again',
    ]);
  });
});
