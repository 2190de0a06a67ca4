import { expect } from 'chai';
import { tolerationIn } from './toleration.ts';

const unreachable = 'node.kubernetes.io/unreachable';

function workload(...tolerations: readonly object[]): string {
  const deployment = { kind: 'Deployment', spec: { template: { spec: { tolerations } } } };
  return `kind: Service\n---\n${JSON.stringify(deployment)}\n---\n`;
}

describe('how long the pods of a workload stay on a silent node', () => {
  it('is what they say themselves, the most impatient first', () => {
    const taint = { key: unreachable, operator: 'Exists', effect: 'NoExecute' };
    const of = (tolerationSeconds: number) => ({ ...taint, tolerationSeconds });
    expect(tolerationIn(workload(of(30)))).to.equal(30_000);
    expect(tolerationIn(workload(of(60), of(30)) + workload(of(45)))).to.equal(30_000);
    expect(tolerationIn(workload(taint))).to.equal(Infinity);
    expect(tolerationIn(workload({ operator: 'Exists' }))).to.equal(Infinity);
  });

  it('is not known where they say nothing of it', () => {
    const other = { key: 'node.kubernetes.io/not-ready', tolerationSeconds: 30 };
    const schedule = { key: unreachable, effect: 'NoSchedule', tolerationSeconds: 30 };
    for (const text of ['', workload(), workload(other, schedule)])
      expect(tolerationIn(text), text).to.equal(undefined);
  });
});
