import { expect } from 'chai';
import { faultSteps } from './fault-steps.ts';
import { sampleTimeline } from './testing/sample-run.ts';

describe('the steps of a run', () => {
  it('are the states of its faults in the order of time', () => {
    expect(faultSteps(sampleTimeline())).to.deep.equal([
      {
        title: '21.670 s kill: journaled: kill the datastore (k8s-dqlite) on pi1 and keep it down',
        ok: true,
      },
      { title: '22.100 s kill: armed', ok: true },
      { title: '22.317 s kill: fired', ok: true },
      { title: '22.500 s kill: bit', ok: true },
      { title: '52.710 s kill: undone', ok: true },
      { title: '53.300 s kill: gone', ok: true },
    ]);
  });

  it('say why a fault was missed or left something behind', () => {
    const steps = faultSteps(sampleTimeline({ missed: true, residue: true }));
    expect(steps.filter(({ ok }) => !ok).map(({ title }) => title)).to.deep.equal([
      '27.510 s kill: missed: the unit is still active',
      '53.300 s kill: residue: pi1 does not answer',
    ]);
  });
});
