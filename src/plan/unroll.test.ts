import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { unroll } from './unroll.ts';
import type { EachOf, Scenario, Step } from '../model/scenario.ts';

const steps: readonly Step[] = [
  { kind: 'fault', id: 'drain', fault: 'drain', params: { target: 'it' } },
  { kind: 'fault', id: 'cut', fault: 'partition', params: { target: 'leader', from: 'it' } },
  { kind: 'fault', id: 'reboot', fault: 'reboot', params: { target: { 'hit-by': 'drain' } } },
  { kind: 'heal', id: 'heal', step: 'drain' },
  { kind: 'heal', id: 'heal-2', step: 'before' },
  { kind: 'until-well', id: 'wait', atMostMs: 300_000 },
];

function unrolled(of: EachOf, seed = 1): readonly Step[] | string {
  const before: Step = { kind: 'fault', id: 'before', fault: 'kill', params: { target: 'leader' } };
  const scenario: Scenario = {
    name: 'rolling',
    title: 'Each in turn',
    claim: 'It holds.',
    class: ['reversible'],
    needs: {},
    steps: [before, { kind: 'each', id: 'each', of, steps }],
    expect: [],
  };
  const all = unroll({ scenario, snapshot: snapshotOf(), seed });
  return 'reason' in all ? all.reason : all;
}

function turns(of: EachOf, seed?: number): readonly unknown[] {
  const all = unrolled(of, seed);
  if (typeof all === 'string') throw new Error(all);
  return all.flatMap((step) =>
    step.kind === 'fault' && step.fault === 'drain' ? [step.params.target] : [],
  );
}

describe('the steps for each of some nodes', () => {
  it('come once for each, with the node in the place of it and ids of their own', () => {
    expect(unrolled({ nodes: ['pi2', 'pi3'] })).to.deep.equal([
      { kind: 'fault', id: 'before', fault: 'kill', params: { target: 'leader' } },
      ...[
        ['pi2', 1],
        ['pi3', 2],
      ].flatMap(([node, turn]) => [
        { kind: 'fault', id: `drain-${turn}`, fault: 'drain', params: { target: { node } } },
        {
          kind: 'fault',
          id: `cut-${turn}`,
          fault: 'partition',
          params: { target: 'leader', from: { node } },
        },
        {
          kind: 'fault',
          id: `reboot-${turn}`,
          fault: 'reboot',
          params: { target: { 'hit-by': `drain-${turn}` } },
        },
        { kind: 'heal', id: `heal-${turn}`, step: `drain-${turn}` },
        { kind: 'heal', id: `heal-2-${turn}`, step: 'before' },
        { kind: 'until-well', id: `wait-${turn}`, atMostMs: 300_000 },
      ]),
    ]);
  });

  it('come to every node that fits, in an order of the seed', () => {
    const orders = [1, 2, 3, 4, 5, 6].map((seed) => turns('node', seed));
    for (const order of orders) expect(order).to.have.deep.members(turns('node'));
    expect(turns('node')).to.have.length(4);
    expect(new Set(orders.map((order) => JSON.stringify(order))).size).to.be.greaterThan(1);
    expect(turns('stand-by')).to.deep.equal([{ node: 'pi4' }]);
  });

  it('say why there is nobody', () => {
    expect(unrolled('worker')).to.equal('step each: no node of rack is a worker');
    expect(unrolled({ nodes: ['pi9'] })).to.match(/^step each: there is no node "pi9"/);
  });
});
