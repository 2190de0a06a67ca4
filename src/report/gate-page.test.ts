import { expect } from 'chai';
import type { GateResult, GateScenario } from '../model/gate-result.ts';
import { gatePage } from './gate-page.ts';

function said(more: Partial<GateResult>, after: number): readonly string[] {
  const scenario: GateScenario = {
    scenario: 'leader-loss',
    before: 10,
    after,
    outcome: 'pass',
    compared: [],
  };
  const result: GateResult = {
    schema: 'holdfast.dev/result/v1',
    kind: 'gate',
    run: 'after',
    scenario: 'leader-loss',
    startedAt: '2026-11-22T01:00:00.000Z',
    finishedAt: '2026-11-22T02:00:00.000Z',
    seed: 1,
    outcome: 'pass',
    exitCode: 0,
    reason: 'nothing regressed',
    healed: true,
    residue: [],
    before: ['before'],
    changed: [],
    differs: [],
    scenarios: [scenario],
    ...more,
  };
  return gatePage(result).flatMap((block) => ('items' in block ? block.items : []));
}

describe('the page of a gate', () => {
  it('tells what the upgrade changed', () => {
    expect(said({ changed: ['version dqlite: 1 → 2'] }, 10)).to.deep.equal([
      'version dqlite: 1 → 2',
    ]);
    expect(said({}, 10)).to.deep.equal(['no version and no setting was changed']);
  });

  it('does not say that nothing was changed where nothing was measured after it', () => {
    expect(said({}, 0)).to.deep.equal([
      'what was changed is not known, as nothing was measured after it',
    ]);
  });
});
