/** A Service of the users under a fault, as a user does it: reached in every way, and untouched when all is over. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { clusterFile } from '../lab/clusterfile.ts';
import { inside } from '../lab/machine.ts';
import { up } from '../lab/lab.ts';
import type { Lab } from '../lab/topology.ts';
import type { Result } from '../model/result.ts';
import { holdfast, newReports, resultIn } from '../testing/holdfast.ts';
import { quiet } from '../testing/quiet.ts';
import { until } from '../testing/until.ts';
import { testWish } from '../testing/wish.ts';
import { scenariosFolder } from './context.ts';

const cluster = clusterFile(testWish.name);
const kubectl = '/snap/bin/microk8s kubectl -n shop';

describe('a Service of the users on the lab', () => {
  let lab: Lab;
  const on = (command: string): Promise<string> => {
    const [node] = lab.nodes;
    if (node === undefined) throw new Error('a lab without nodes');
    return inside(lab, node, command);
  };
  /** Of each of theirs: what only a change of it changes. */
  const theirs = async (): Promise<string> => {
    const service = `${kubectl} get service web -o jsonpath='{.metadata.uid} {.metadata.resourceVersion}'`;
    const deployment = `${kubectl} get deployment web -o jsonpath='{.metadata.uid} {.metadata.generation}'`;
    return [await on(service), await on(deployment)].join('; ');
  };

  before(async () => {
    lab = await up(testWish, quiet);
    const web = readFileSync(join(scenariosFolder, 'workloads', 'web.yaml')).toString('base64');
    await on(`/snap/bin/microk8s kubectl create namespace shop || true`);
    await on(`echo ${web} | base64 -d | ${kubectl} apply -f -`);
    await until(async () =>
      (
        await on(`${kubectl} get deployment web -o jsonpath='{.status.availableReplicas}'`)
      ).includes('3'),
    );
  });
  after(() => on('/snap/bin/microk8s kubectl delete namespace shop --wait=true'));

  const run = async (workload: string, load = ''): Promise<Result> => {
    const reports = newReports();
    const file = join(reports, 'shop-leader-loss.yaml');
    const text = `apiVersion: holdfast.dev/v1
kind: Scenario
name: shop-leader-loss
title: The datastore leader dies while people use the shop
claim: Nobody using the shop notices.
class: [reversible]
needs: { voters: 3 }
workload: ${workload}
${load}
steps:
  - kill: { service: datastore, target: leader, stay-down: true }
  - wait: 15s
  - heal: all
expect:
  - workload-available: { failed: 1%, longest-outage: 1s }
  - cluster-recovers: { within: 2m }
`;
    writeFileSync(file, text);
    const folder = newReports();
    const { stderr } = await holdfast('run', file, '--cluster', cluster, '--reports', folder);
    const result = resultIn(folder);
    expect(result.residue, stderr).to.deep.equal([]);
    return result;
  };
  const requestsIn = ({ trials }: Result): number => trials[0]?.verdicts[0]?.requests ?? 0;

  it('is untouched after leader-loss, by its port of each node and under a load', async () => {
    const before = await theirs();
    const result = await run('{ service: shop/web }', 'load: { rate: 100/s }');
    expect(result.outcome, result.reason).to.be.oneOf(['pass', 'unknown']);
    expect(requestsIn(result)).to.be.greaterThan(1500);
    expect(result.trials[0]?.verdicts[0]?.latencyMs).to.have.all.keys('p50', 'p99', 'max');
    expect(await theirs()).to.equal(before);
  });

  it('is asked by pods alone @long', async () => {
    const result = await run('{ service: shop/web, by: pod }');
    expect(result.outcome, result.reason).to.be.oneOf(['pass', 'unknown']);
    expect(requestsIn(result)).to.be.greaterThan(50);
  });

  it('is refused, and nothing is broken, where there is no such way to it', async () => {
    for (const [workload, reason] of [
      ['{ service: shop/web, by: load-balancer }', 'no address of a load balancer'],
      ['{ service: shop/none }', 'there is no Service shop/none'],
    ] as const) {
      const result = await run(workload);
      expect(result.outcome).to.equal('refused');
      expect(result.reason).to.contain(reason);
      expect(result.trials).to.deep.equal([]);
    }
  });
});
