import { expect } from 'chai';
import type { Claim } from '../model/claim.ts';
import { timelineWith } from '../testing/looks.ts';
import { claims } from './table.ts';

interface Row {
  /** Without these no verdict is possible. */
  readonly probes: readonly string[];
  /** What a person writes at the least, what is read of it, and what is promised. */
  readonly written: object;
  readonly read: object;
  readonly title: string;
}

const rows: Readonly<Record<keyof typeof claims, Row>> = {
  'leader-elected': {
    probes: ['leader', 'roles'],
    written: { within: '5s' },
    read: { within: 5000 },
    title: 'a new leader within 5 s',
  },
  'leader-changes': {
    probes: ['leader', 'roles'],
    written: { 'at-most': 2 },
    read: { 'at-most': 2 },
    title: 'at most 2 changes of leader',
  },
  'voters-restored': {
    probes: ['roles', 'leader'],
    written: { within: '30s' },
    read: { within: 30_000 },
    title: 'full voters again within 30 s',
  },
  'member-returns': {
    probes: ['roles', 'leader'],
    written: { within: '1m' },
    read: { within: 60_000 },
    title: 'the members that were hit are live again within 1 min',
  },
  'writes-resume': {
    probes: ['write'],
    written: { within: '10s' },
    read: { within: 10_000, on: 'every-survivor' },
    title: 'writes through every surviving API server within 10 s',
  },
  'write-outage': {
    probes: ['write'],
    written: { longest: '10s' },
    read: { longest: 10_000, on: 'every-survivor', except: 0 },
    title: 'no write outage longer than 10 s through every surviving API server',
  },
  'nothing-acknowledged': {
    probes: ['write', 'leader'],
    written: { on: 'targets' },
    read: { on: 'targets' },
    title: 'no write is acknowledged by the API server of every target during the fault',
  },
  'acknowledged-writes-survive': {
    probes: ['write', 'read', 'history'],
    written: {},
    read: { 'may-lose': 0 },
    title: 'no acknowledged write is lost',
  },
  'watches-alive': {
    probes: ['watch', 'write'],
    written: { within: '10s' },
    read: { within: 10_000, on: 'every' },
    title: 'watches on every API server tell what is written within 10 s',
  },
  'lease-held': {
    probes: ['leases'],
    written: { lease: 'kube-scheduler', within: 'predicted' },
    read: { lease: 'kube-scheduler', within: 'predicted' },
    title: 'the Lease kube-scheduler held again within the time that its settings predict',
  },
  'pods-scheduled': {
    probes: ['scheduled'],
    written: { within: '20s' },
    read: { within: 20_000 },
    title: 'new pods scheduled again within 20 s',
  },
  'deployments-reconciled': {
    probes: ['reconciled'],
    written: { within: '20s' },
    read: { within: 20_000 },
    title: 'changed Deployments reconciled again within 20 s',
  },
  'names-resolved': {
    probes: ['names'],
    written: { within: '20s' },
    read: { within: 20_000 },
    title: 'names resolved again from inside pods within 20 s',
  },
  'reached-by-name': {
    probes: ['inside-named'],
    written: { within: '20s' },
    read: { within: 20_000 },
    title: 'the workload reached again by its name from inside pods within 20 s',
  },
  'leader-acts': {
    probes: ['acts'],
    written: { within: '20s' },
    read: { within: 20_000 },
    title: 'a leader of the workload acts again within 20 s',
  },
  'one-leader-acts': {
    probes: ['acts'],
    written: {},
    read: {},
    title: 'never two leaders of the workload act',
  },
  'endpoint-answers': {
    probes: ['endpoint'],
    written: { within: 'predicted' },
    read: { within: 'predicted' },
    title:
      'the API answers again by the address of the kubeconfig within the time that its settings predict',
  },
  'one-address-holder': {
    probes: ['address'],
    written: {},
    read: {},
    title: 'never two nodes with the address of the endpoint',
  },
  'pods-run': {
    probes: ['pods'],
    written: { within: '2m' },
    read: { within: 120_000 },
    title: 'as many ready pods of the workload as before within 2 min',
  },
  'pods-ready': {
    probes: ['pods'],
    written: { ready: 6, within: '1m' },
    read: { ready: 6, within: 60_000 },
    title: 'just 6 ready pods of the workload within 1 min',
  },
  'pods-moved': {
    probes: ['pods', 'endpoints'],
    written: { within: 'predicted' },
    read: { within: 'predicted' },
    title:
      'the pods of nodes that went down ready on others within the time that its settings predict',
  },
  'never-below': {
    probes: ['replicas', 'pods'],
    written: { ready: 2 },
    read: { ready: 2 },
    title: 'never fewer than 2 ready replicas',
  },
  'spread-kept': {
    probes: ['pods'],
    written: {},
    read: { 'at-most': 1 },
    title: 'never more than 1 ready pod of the workload on a node',
  },
  'capacity-left': {
    probes: ['pods'],
    written: {},
    read: { within: 30_000 },
    title: 'no pod of the workload waits for a node for longer than 30 s',
  },
  'workload-available': {
    probes: ['web-new', 'web-reused'],
    written: { failed: '0.1%', 'longest-outage': '1s' },
    read: { failed: 0.001, 'longest-outage': 1000, on: 'every' },
    title: 'at most 0.1 % of requests fail, and no outage is longer than 1 s',
  },
  'endpoints-alive': {
    probes: ['each-endpoint'],
    written: { within: 'predicted' },
    read: { within: 'predicted' },
    title:
      'an endpoint that does not answer is listed for no longer than the time that its settings predict',
  },
  logged: {
    probes: [],
    written: { service: 'datastore', pattern: 'became leader', on: 'any-survivor', within: '30s' },
    read: {
      ...{ service: 'datastore', pattern: 'became leader', on: 'any-survivor' },
      within: 30_000,
    },
    title: '/became leader/ is logged by datastore on a surviving node within 30 s',
  },
  alerted: {
    probes: ['alerts'],
    written: { alert: 'NodeDown', within: '60s', resolves: '5m' },
    read: { alert: 'NodeDown', within: 60_000, resolves: 300_000 },
    title: 'NodeDown is alerted within 1 min, and no more within 5 min of healing',
  },
  'version-mix': {
    probes: ['web-new', 'web-reused'],
    written: { only: 'v2', within: '1m' },
    read: { only: 'v2', within: 60_000, connections: 'every' },
    title: 'only version v2 answers within 1 min',
  },
  'budget-respected': {
    probes: ['pods'],
    written: { 'min-available': 2, waits: true },
    read: { 'min-available': 2, waits: true },
    title: 'evictions leave 2 pods of the workload ready, and one at least waits for that',
  },
  'cluster-recovers': {
    probes: ['nodes', 'write', 'roles'],
    written: { within: '2m' },
    read: { within: 120_000, after: 'heal' },
    title: 'the cluster as before within 2 min',
  },
};

const all = Object.entries(claims) as unknown as readonly (readonly [
  keyof typeof claims,
  Claim<object>,
])[];

describe('the table of claims', () => {
  for (const [name, claim] of all) {
    const { probes, written, read, title } = rows[name];

    it(`reads ${name} as it is meant, and nothing else`, () => {
      expect(claim.schema.parse(written)).to.deep.equal(read);
      expect(claim.schema.safeParse({ ...written, other: '1s' }).success).to.equal(false);
      expect(claim.title(read)).to.equal(title);
      expect(claim.probes).to.deep.equal(probes);
    });

    it(`gives ${name} no verdict where no fault was fired`, () => {
      const { claim: told, outcome, because, evidence } = claim.judge(read, timelineWith([]));
      expect({ told, outcome, because, evidence }).to.deep.equal({
        told: name,
        outcome: 'invalid',
        because: 'the fault was never fired',
        evidence: [],
      });
    });
  }

  it('counts some from the healing, if that is asked, and waits for none of it before', () => {
    expect(all.flatMap(([name, { fromHealing }]) => (fromHealing ? name : []))).to.deep.equal([
      ...['member-returns', 'writes-resume', 'watches-alive'],
      ...['pods-scheduled', 'deployments-reconciled', 'names-resolved'],
      ...['reached-by-name', 'leader-acts', 'endpoint-answers', 'pods-run'],
    ]);
    const seen = all.flatMap(([name, claim]) =>
      claim.seen(rows[name].read, timelineWith([])) ? name : [],
    );
    expect(seen).to.deep.equal(['acknowledged-writes-survive', 'cluster-recovers']);
  });

  it('lets the failure of some stand where timings mean nothing', () => {
    expect(all.flatMap(([name, { failureStands }]) => (failureStands ? name : []))).to.deep.equal([
      ...['nothing-acknowledged', 'acknowledged-writes-survive', 'cluster-recovers'],
    ]);
  });
});
