import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { untilAsBefore, type Compared } from './asbefore.ts';

const before = snapshotOf();

/** Looks at a cluster that is as before, of which samples say one thing after the other. */
async function looked(...said: readonly (string | undefined)[]): Promise<{
  readonly compared: Compared;
  readonly pauses: number;
  readonly left: readonly (string | undefined)[];
}> {
  const left = [...said];
  let pauses = 0;
  const renewed = (round: number): typeof before => ({
    ...before,
    nodes: before.nodes.map((node) => ({ ...node, renewed: `round ${round}` })),
  });
  let round = 0;
  const compared = await untilAsBefore({
    before,
    survey: () => Promise.resolve(renewed((round += 1))),
    unsteady: () => left.shift(),
    lookedAgain: () => Promise.resolve(),
    pause: () => Promise.resolve((pauses += 1) > 5),
  });
  return { compared, pauses, left };
}

describe('a cluster that settles', () => {
  it('is as before once every kubelet has told of itself anew and all that is sampled is well, twice', async () => {
    const { compared, pauses, left } = await looked(undefined, undefined, 'never asked');
    expect(compared).to.not.have.property('because');
    // The first look has nothing to compare the Leases with.
    expect(pauses).to.equal(1);
    expect(left).to.deep.equal(['never asked']);
  });

  it('has not settled if something fails while the slowest series looks once more', async () => {
    const { compared, pauses } = await looked(
      ...[undefined, 'write@pi3: EDEADLINE'],
      ...['nodes@pi3: EDEADLINE'],
      ...[undefined, undefined],
    );
    expect(compared).to.not.have.property('because');
    expect(pauses).to.equal(3);
  });

  it('tells what failed last when there is no time left', async () => {
    const bad = 'write@pi3: EDEADLINE';
    const { compared } = await looked(...Array<string>(12).fill(bad));
    expect(compared.because).to.equal(bad);
    expect(compared.differences).to.deep.equal([]);
  });
});
