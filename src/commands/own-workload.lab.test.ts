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
const host = 'shop.example.org';

/** An Ingress, and what stands for its controller: it answers on a node's own port, and no other host than that one. */
const ingress = (node: string, service: string): string => `apiVersion: v1
kind: ConfigMap
metadata: { name: front }
data:
  default.conf: |
    server { listen 80 default_server; return 404; }
    server { listen 80; server_name ${host}; location / { proxy_pass http://${service}; } }
---
apiVersion: v1
kind: Pod
metadata: { name: front }
spec:
  nodeName: ${node}
  hostNetwork: true
  containers:
    - name: nginx
      image: docker.io/library/nginx:1.29
      imagePullPolicy: IfNotPresent
      command: [nginx, -g, 'daemon off;']
      readinessProbe: { httpGet: { path: /, port: 80, httpHeaders: [{ name: Host, value: ${host} }] } }
      volumeMounts: [{ name: conf, mountPath: /etc/nginx/conf.d }]
  volumes: [{ name: conf, configMap: { name: front } }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec:
  rules:
    - host: ${host}
      http:
        paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }]
`;

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

  /** Writes down what a load balancer or a controller would: where the way in is. */
  const tell = (kind: string, ip: string): Promise<string> =>
    on(
      `${kubectl} patch ${kind} web --subresource=status --type=merge -p '{"status":{"loadBalancer":{"ingress":[{"ip":"${ip}"}]}}}'`,
    );

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

  it('is asked at the address of its load balancer @long', async () => {
    const front = lab.nodes.at(-1)!;
    const address = front.address.replace(/\d+$/, '200');
    // As a load balancer on layer 2 does it: a node has the address, and its kube-proxy knows whose it is.
    await inside(lab, front, `ip address add ${address}/32 dev lo`);
    await on(`${kubectl} patch service web -p '{"spec":{"type":"LoadBalancer"}}'`);
    await tell('service', address);
    const before = await theirs();
    try {
      const result = await run('{ service: shop/web, by: load-balancer }');
      expect(result.outcome, result.reason).to.be.oneOf(['pass', 'unknown']);
      expect(requestsIn(result)).to.be.greaterThan(150);
      expect(await theirs()).to.equal(before);
    } finally {
      await on(`${kubectl} patch service web -p '{"spec":{"type":"NodePort"}}'`);
      await inside(lab, front, `ip address delete ${address}/32 dev lo`);
    }
  });

  it('is asked as the host of its Ingress @long', async () => {
    const front = lab.nodes.at(-1)!;
    const service = await on(`${kubectl} get service web -o jsonpath='{.spec.clusterIP}'`);
    const objects = Buffer.from(ingress(front.name, service)).toString('base64');
    await on(`echo ${objects} | base64 -d | ${kubectl} apply -f -`);
    await tell('ingress', front.address);
    await on(`${kubectl} wait --for=condition=Ready pod/front --timeout=60s`);
    const before = await theirs();
    const result = await run(`{ service: shop/web, by: { ingress: ${host} } }`);
    expect(result.outcome, result.reason).to.be.oneOf(['pass', 'unknown']);
    expect(requestsIn(result)).to.be.greaterThan(150);
    expect(await theirs()).to.equal(before);
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
