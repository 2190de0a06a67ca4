import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import { faults } from '../faults/table.ts';
import { designContext } from '../testing/design.ts';
import { composition } from './guards.ts';
import type { Intent } from '../model/intent.ts';

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
