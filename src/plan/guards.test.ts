import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import { faults } from '../faults/table.ts';
import { designContext } from '../testing/design.ts';
import { composition, limitsPredicted, protection } from './guards.ts';
import type { Intent } from '../model/intent.ts';
import type { Scenario } from '../model/scenario.ts';

const powerOff = (node: string): Intent => {
  const intent = faults['power-off'].design(
    { target: 'leader', count: 'one' },
    designContext([node]),
  );
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
};
const kill = (node: string): Intent =>
  faults.kill.design(
    { service: 'datastore', target: 'leader', count: 'one', 'stay-down': true },
    designContext([node]),
  );

describe('faults that take a node down', () => {
  it('do not compose with one that has something to take back on it, whichever comes first', () => {
    for (const [one, other] of [
      [powerOff('pi1'), kill('pi1')],
      [kill('pi1'), powerOff('pi1')],
    ] as const)
      expect(composition(one, [other]))
        .to.include('takes pi1 down')
        .and.include(other.id);
    expect(composition(powerOff('pi1'), [powerOff('pi1')])).to.include('holds pi1/power');
  });

  it('compose with those on other nodes', () => {
    expect(composition(powerOff('pi1'), [kill('pi2')])).to.equal(undefined);
    expect(composition(kill('pi2'), [powerOff('pi1')])).to.equal(undefined);
  });
});

describe('a fault that has something else to do on another node', () => {
  it('does not compose with one that takes any of its nodes down', () => {
    const both = { ...kill('pi2'), undo: [...kill('pi2').undo, { on: 'pi1', sh: 'true' }] };
    expect(composition(both, [powerOff('pi1')])).to.include('takes pi1 down');
  });
});

describe('pods of a protected namespace', () => {
  const hitting = (...podsHit: string[]): Intent => ({ ...kill('pi1'), podsHit });

  it('are not hit; three of them are named', () => {
    const protect = ['kube-system'];
    expect(protection(hitting('web/a', 'kube-system'), [])).to.equal(undefined);
    expect(protection(hitting('web/a'), protect)).to.equal(undefined);
    const three = ['kube-system/a', 'kube-system/b', 'kube-system/c'];
    expect(protection(hitting('web/x', ...three), protect)).to.include(
      'would hit kube-system/a, kube-system/b, kube-system/c, of a namespace',
    );
    expect(protection(hitting(...three, 'kube-system/d'), protect)).to.include(
      'kube-system/c and 1 more, of a namespace',
    );
  });
});

describe('a limit that is to be the predicted one', () => {
  const scenario = {
    expect: [{ claim: 'leader-elected', params: { within: 'predicted' } }],
  } as unknown as Scenario;
  const steps = [{ kind: 'fault', id: 'kill', fault: 'kill', params: {} }] as const;
  const prediction = (claim: string) => ({ claim, p50Ms: 1, p95Ms: 2, from: 'x' });

  it('needs a prediction of that claim, for that fault', () => {
    const with_ = (claim: string, step: string) =>
      limitsPredicted(scenario, steps, [prediction(claim)], step);
    expect(with_('leader-elected', 'kill')).to.equal(undefined);
    expect(with_('voters-restored', 'kill')).to.include('leader-elected has the limit predicted');
    expect(with_('leader-elected', 'other')).to.include('leader-elected has the limit predicted');
  });
});
