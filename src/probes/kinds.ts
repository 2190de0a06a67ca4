import type { ProbeKind } from '../model/probe.ts';

/** Every kind of probe and its rhythm; how each samples is in the file of its name. */
export const probeKinds = {
  leader: { summary: 'whom each voter calls leader', at: 'voter', everyMs: 41 },
  roles: {
    summary: 'the datastore configuration as each member knows it',
    at: 'voter',
    everyMs: 197,
  },
  write: {
    summary: 'a write through each API server',
    at: 'control-plane',
    everyMs: 193,
    calmMs: 397,
  },
  read: {
    summary: 'what was written through any API server, read through each',
    at: 'control-plane',
    everyMs: 199,
    calmMs: 409,
  },
  watch: {
    summary: 'what a watch on each API server tells of what is written through the next one',
    at: 'control-plane',
    everyMs: 211,
  },
  history: {
    summary:
      'one thing after another of objects that all API servers share: swaps, reads, a set, a counter',
    at: 'control-plane',
    everyMs: 401,
    calmMs: 1601,
  },
  nodes: {
    summary: 'readiness of the nodes as each API server tells it',
    at: 'control-plane',
    everyMs: 997,
  },
  leases: {
    summary: 'who holds the leases of the control plane, and when they were renewed',
    at: 'control-plane',
    everyMs: 499,
  },
  scheduled: {
    summary: 'a pod of ours that no node runs, made to be given a node and removed at once',
    at: 'cluster',
    everyMs: 1009,
    onDemand: true,
  },
  reconciled: {
    summary: 'a Deployment of ours without pods, changed for its controller to take note',
    at: 'cluster',
    everyMs: 499,
    onDemand: true,
  },
  acts: {
    summary: 'what the leader of the workload has written down of its acts',
    at: 'cluster',
    everyMs: 307,
    onDemand: true,
    ofWorkload: true,
  },
  endpoint: {
    summary: 'the API by the address that the kubeconfig has, a new connection each time',
    at: 'cluster',
    everyMs: 103,
    onDemand: true,
  },
  address: {
    summary: 'whether a control plane has the address of the kubeconfig',
    at: 'control-plane',
    everyMs: 509,
    onDemand: true,
  },
  alerts: {
    summary: 'which alerts are active, as Alertmanager tells them or has posted them to us',
    at: 'cluster',
    everyMs: 997,
    onDemand: true,
  },
  'web-new': {
    summary: 'the workload through the port of each node, a new connection each time',
    at: 'node',
    everyMs: 97,
    ofWorkload: true,
    outside: true,
  },
  'web-reused': {
    summary: 'the workload through the port of each node, on a kept connection',
    at: 'node',
    everyMs: 89,
    ofWorkload: true,
    outside: true,
  },
  load: {
    summary: 'the workload from outside at the rate that the scenario sets, on kept connections',
    at: 'node',
    ofWorkload: true,
    outside: true,
  },
  'inside-new': {
    summary: 'the workload from a pod on each node, by its Service, a new connection each time',
    at: 'node',
    everyMs: 307,
    ofWorkload: true,
    optional: true,
  },
  'inside-reused': {
    summary: 'the same on a kept connection',
    at: 'node',
    everyMs: 311,
    ofWorkload: true,
    optional: true,
  },
  'inside-named': {
    summary:
      'the workload from a pod on each node, by the name of its Service, a new connection each time',
    at: 'node',
    everyMs: 317,
    ofWorkload: true,
    onDemand: true,
    optional: true,
  },
  'each-endpoint': {
    summary: 'each pod that the Service of the workload leads to, from a pod on each node',
    at: 'node',
    everyMs: 701,
    ofWorkload: true,
    onDemand: true,
    optional: true,
  },
  names: {
    summary: 'a name that nobody asked before, by the cluster’s DNS from a pod on each node',
    at: 'node',
    everyMs: 313,
    ofWorkload: true,
    optional: true,
  },
  endpoints: {
    summary: 'whither the Service of the workload leads, as each API server tells it',
    at: 'control-plane',
    everyMs: 503,
    ofWorkload: true,
  },
  pods: {
    summary: 'the pods of the workload as each API server tells them',
    at: 'control-plane',
    everyMs: 991,
    ofWorkload: true,
  },
  replicas: {
    summary: 'how many pods of the workload are ready, by a watch that is kept on each API server',
    at: 'control-plane',
    everyMs: 491,
    ofWorkload: true,
    onDemand: true,
  },
} as const satisfies Record<string, ProbeKind>;

export type ProbeName = keyof typeof probeKinds;
