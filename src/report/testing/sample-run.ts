import { exitCodeOf, worst, type Outcome } from '../../model/outcome.ts';
import type { Intent } from '../../model/intent.ts';
import type { NodeLog } from '../../model/node-log.ts';
import type { Plan, Series } from '../../model/plan.ts';
import type { Result } from '../../model/result.ts';
import type { Role, Snapshot } from '../../model/snapshot.ts';
import type { Event, Sample, Timeline } from '../../model/timeline.ts';
import type { ClaimOutcome, Verdict } from '../../model/verdict.ts';

const kubelite = { unit: 'snap.microk8s.daemon-kubelite.service', process: 'kubelite' };

/** What a sample run can have otherwise; instants are milliseconds after the fault. */
export interface SampleRunOptions {
  /** When the new leader is first named; never if absent. */
  readonly electedMs?: number;
  /** From when to when the workload does not answer through pi2. */
  readonly webDownMs?: readonly [number, number];
  /** The fault was fired, and its proof did not say yes. */
  readonly missed?: boolean;
  /** The fault could not be taken back. */
  readonly residue?: boolean;
  /** The last event is this one's: a run that did not get further. */
  readonly stopAfter?: 'preflight' | 'steady' | 'fired';
}

const nodes = ['pi1', 'pi2', 'pi3', 'pi4'] as const;
const ids: Readonly<Record<string, string>> = {
  pi1: '3297041220608546238',
  pi2: '10511232144107538342',
  pi3: '16142094207614562319',
  pi4: '7203411901237782110',
};
/** Milliseconds on the run's clock. */
const at = { workload: 2140, steady: 9420, steps: 15_010, fired: 22_310, heal: 52_400 } as const;
const back = at.heal + 8300;
const promoted = at.fired + 14_200;
const settle = at.heal + 1900;
const done = 74_200;

/** A run of leader-loss on four Pis, as the harness would write it down: pi1 leads and is killed, pi3 follows. */
export function sampleTimeline(options: SampleRunOptions = {}): Timeline {
  const plan = samplePlan();
  const events: Event[] = [...conducted(options)];
  const ends = { preflight: 0, steady: at.steps - 500, fired: at.fired + 7 };
  const end = options.stopAfter === undefined ? done : ends[options.stopAfter];
  for (const series of plan.series) {
    for (let due = at.workload + 900; due < Math.min(end, done - 800); due += series.everyMs)
      events.push(sampleOf(series, due, options));
  }
  const when = (event: Event): number => (event.type === 'sample' ? event.due : event.at);
  return { plan, events: events.sort((a, b) => when(a) - when(b)) };
}

/** The result of a sample run, with the verdicts given; its outcome is the worst of theirs unless said. */
export function sampleResult(
  verdicts: readonly Verdict[] = passingVerdicts,
  more: Partial<Result> = {},
): Result {
  const outcome = more.outcome ?? worst(verdicts.map((verdict) => outcomeOf[verdict.outcome]));
  const plan = samplePlan();
  return {
    schema: 'holdfast.dev/result/v1',
    kind: 'run',
    run: plan.run,
    scenario: plan.scenario.name,
    startedAt: '2026-11-21T07:10:00.000Z',
    finishedAt: '2026-11-21T07:11:14.200Z',
    cluster: {
      name: 'rack',
      id: plan.snapshot.cluster.id,
      platform: 'microk8s',
      kubernetes: 'v1.34.4',
      datastore: { kind: 'dqlite', voters: 3, standbys: 1 },
      nodes: 4,
    },
    outcome,
    exitCode: exitCodeOf(outcome),
    reason: outcome === 'pass' ? 'every claim holds' : `a claim is ${outcome}`,
    healed: true,
    residue: [],
    seed: plan.seed,
    trials: [
      {
        number: 1,
        outcome,
        findings: ['voters-restored is far later than predicted'],
        clocks: [
          {
            clock: 'leader-elected',
            title: 'until there is a new leader',
            measuredMs: { lo: 1810, hi: 1870 },
          },
          {
            clock: 'read-answered',
            title: 'until a read is answered',
            of: 'pi2',
            measuredMs: { lo: 40, hi: 90 },
          },
          {
            clock: 'read-answered',
            title: 'until a read is answered',
            of: 'pi1',
            measuredMs: { atLeast: 9000 },
          },
          {
            clock: 'node-not-ready',
            title: 'until a node is not Ready',
            because: 'the fault takes no node down',
          },
        ],
        faults: [
          {
            fault: 'kill',
            target: 'pi1',
            firedMs: { lo: at.fired - 9, hi: at.fired + 7 },
            bit: true,
            gone: true,
          },
        ],
        verdicts,
      },
    ],
    predicted: plan.predicted,
    harness: {
      slots: 31_842,
      missedSlots: 12,
      loopDelayP99Ms: 21.4,
      cpuPercent: 14.2,
      rssBytes: 118_000_000,
    },
    ...more,
  };
}

const outcomeOf: Readonly<Record<ClaimOutcome, Outcome>> = {
  pass: 'pass',
  fail: 'fail',
  unknown: 'unknown',
  invalid: 'invalid',
  'not-applicable': 'pass',
};

/** Verdicts of a run in which all is well. */
export const passingVerdicts: readonly Verdict[] = [
  {
    claim: 'leader-elected',
    outcome: 'pass',
    title: 'a new leader within 5 s',
    limitMs: 5000,
    measuredMs: { lo: 1810, hi: 1870 },
    clocks: { 'own-word': { lo: 1800, hi: 1842 } },
    because: 'two of three voters, the new leader among them, named pi3 after 1.84 s',
    evidence: [
      'leader@pi2 named 16142094207614562319 at 24.150 s',
      'leader@pi3 named 16142094207614562319 at 24.127 s',
    ],
  },
  {
    claim: 'voters-restored',
    outcome: 'pass',
    title: 'full voters again within 30 s',
    limitMs: 30_000,
    measuredMs: { lo: 14_100, hi: 14_330 },
    because: 'pi4 was promoted from stand-by to voter after 14.2 s',
    evidence: ['roles@pi3 told 3 voters without pi1 at 36.524 s'],
  },
  {
    claim: 'writes-resume',
    outcome: 'pass',
    title: 'writes through every survivor again within 10 s',
    limitMs: 10_000,
    measuredMs: { lo: 2310, hi: 2480 },
    because: 'the last API server to accept writes again was that of pi4, after 2.40 s',
    evidence: [],
  },
  {
    claim: 'workload-available',
    outcome: 'pass',
    title: 'at most 0.1 % of requests fail, and no outage is longer than 1 s',
    failed: 0,
    requests: 4312,
    longestOutageMs: { lo: 0, hi: 0 },
    because: 'no request failed',
    evidence: ['web-new: 0 of 2068 failed', 'web-reused: 0 of 2244 failed'],
  },
  {
    claim: 'cluster-recovers',
    outcome: 'pass',
    title: 'the cluster as before within 2 min of healing',
    limitMs: 120_000,
    measuredMs: { lo: 8100, hi: 9200 },
    because: 'every node ready and every member in place after 8.65 s',
    evidence: [],
  },
];

/** The same verdicts with one of them otherwise. */
export function verdictsWith(claim: string, change: Partial<Verdict>): readonly Verdict[] {
  return passingVerdicts.map((verdict) =>
    verdict.claim === claim ? { ...verdict, ...change } : verdict,
  );
}

/** What two services said during the run of `sampleTimeline`, in the formats of journald and of a container runtime. */
export function sampleLogs(): readonly NodeLog[] {
  const start = Date.UTC(2026, 10, 21, 7, 10);
  const wall = (afterMs: number): string =>
    new Date(start + at.fired - 9 + afterMs).toISOString().replace('Z', '');
  const datastore = [
    `${wall(-5000)}000+0000 pi3 dqlite[83]: long before`,
    `${wall(1840)}000+0000 pi3 dqlite[83]: term 7: elected <me>`,
    'and this goes on with it',
    `${wall(1900)}000+0000 pi3 dqlite[83]: \u001B[31msnapshot\u001B[0m`,
    `${wall(2000)}000+0000 pi3 dqlite[83]: term 8: elected <me>`,
  ];
  return [
    { node: 'pi1', service: 'kubelet', text: '' },
    { node: 'pi3', service: 'datastore', text: datastore.join('\n') },
    { node: 'pi4', service: 'datastore', text: `${wall(20)}000000Z stderr F lost the leader` },
  ];
}

function conducted(options: SampleRunOptions): readonly Event[] {
  const { snapshot } = samplePlan();
  const wall = (ms: number): string => new Date(Date.UTC(2026, 10, 21, 7, 10) + ms).toISOString();
  const start: Event[] = [{ type: 'phase', at: 0, phase: 'preflight', wall: wall(0) }];
  if (options.stopAfter === 'preflight') return start;
  start.push(
    { type: 'state', at: 1300, when: 'before', snapshot, differences: [] },
    { type: 'phase', at: at.workload, phase: 'workload', wall: wall(at.workload) },
    { type: 'phase', at: at.steady, phase: 'steady', wall: wall(at.steady) },
  );
  if (options.stopAfter === 'steady') return start;
  const fault = { type: 'fault', step: 'kill' } as const;
  start.push(
    { type: 'phase', at: at.steps, phase: 'steps', wall: wall(at.steps) },
    { ...fault, at: at.fired - 640, state: 'journaled', intent: sampleIntent },
    { ...fault, at: at.fired - 210, state: 'armed' },
    {
      ...fault,
      at: at.fired + 7,
      state: 'fired',
      span: { lo: at.fired - 9, hi: at.fired + 7 },
    },
  );
  if (options.stopAfter === 'fired') return start;
  const undone = { lo: at.heal + 120, hi: at.heal + 310 };
  return [
    ...start,
    options.missed === true
      ? { ...fault, at: at.fired + 5200, state: 'missed', because: 'the unit is still active' }
      : { ...fault, at: at.fired + 190, state: 'bit' },
    { type: 'note', at: at.fired + 1860, level: 'info', text: 'pi3 leads, say 2 of 3 voters' },
    {
      type: 'note',
      at: at.fired + 6100,
      level: 'warning',
      text: 'the API server of pi1 <https://192.168.1.101:16443> does not answer',
    },
    { type: 'phase', at: at.heal, phase: 'heal', wall: wall(at.heal) },
    { ...fault, at: at.heal + 310, state: 'undone', span: undone },
    options.residue === true
      ? { ...fault, at: at.heal + 900, state: 'residue', because: 'pi1 does not answer' }
      : { ...fault, at: at.heal + 900, state: 'gone' },
    { type: 'phase', at: settle, phase: 'settle', wall: wall(settle) },
    {
      type: 'harness',
      at: done - 100,
      slots: 31_842,
      missedSlots: 12,
      loopDelayP99Ms: 21.4,
      cpuPercent: 14.2,
      rssBytes: 118_000_000,
    },
    { type: 'state', at: done - 60, when: 'after', snapshot, differences: [] },
    { type: 'phase', at: done, phase: 'done', wall: wall(done) },
  ];
}

/** What a series sees at an instant of this run; a slot in a hundred and ninety-seven was missed. */
function sampleOf(series: Series, due: number, options: SampleRunOptions): Sample {
  const base = { type: 'sample', series: series.id, due } as const;
  if (series.node === 'pi4' && due % 197 === 3) return { ...base, missed: true };
  const sent = due + 1;
  const bad = (error: string): Sample => ({ ...base, sent, got: sent + 4, ok: false, error });
  const good = (value: unknown): Sample => ({ ...base, sent, got: sent + 6, ok: true, value });
  const down = isDown(due, options);
  if (down && series.node === 'pi1' && !series.probe.startsWith('web')) return bad('ECONNREFUSED');
  const after = due - at.fired;
  const elected = options.electedMs ?? Infinity;
  switch (series.probe) {
    case 'leader':
      return good({ leader: namedBy(series.node ?? '', due, elected) });
    case 'roles':
      return good({ members: nodes.map((node) => ({ id: ids[node], role: roleOf(node, due) })) });
    case 'write':
      return after > 0 && after < elected + 560 ? bad('HTTP 500') : good({ status: 200 });
    case 'nodes':
      return good({
        ready: Object.fromEntries(nodes.map((node) => [node, !down || node !== 'pi1'])),
        renewed: Object.fromEntries(nodes.map((node) => [node, `${Math.floor(due / 10_000)}`])),
      });
    default:
      return webFails(series, after, options)
        ? bad('EDEADLINE')
        : good({ status: 200, pod: `web-${(due % 3) + 1}` });
  }
}

function webFails(series: Series, after: number, { webDownMs }: SampleRunOptions): boolean {
  const [from, to] = webDownMs ?? [0, 0];
  return series.node === 'pi2' && after >= from && after < to;
}

/** Is the datastore of pi1 down? */
function isDown(due: number, { missed }: SampleRunOptions): boolean {
  return due > at.fired && due < back && missed !== true;
}

function namedBy(node: string, due: number, elected: number): string {
  const after = due - at.fired;
  if (after < 0) return ids['pi1'] ?? '';
  if (after < elected) return after < 300 ? (ids['pi1'] ?? '') : '';
  return node === 'pi2' && after < elected + 24 ? '' : (ids['pi3'] ?? '');
}

function roleOf(node: string, due: number): Role {
  if (node === 'pi4') return due < promoted ? 'stand-by' : 'voter';
  if (node !== 'pi1' || due < promoted) return 'voter';
  return due < back ? 'spare' : 'stand-by';
}

/** What killing the leader of the sample cluster comes to. */
const sampleIntent: Intent = {
  id: 'leader-loss-3f9a1c-kill',
  fault: 'kill',
  says: 'kill the datastore (k8s-dqlite) on pi1 and keep it down',
  targets: ['pi1'],
  service: 'datastore',
  holds: ['pi1/datastore'],
  membersDown: [ids['pi1'] ?? ''],
  podsHit: [],
  prepare: [],
  inject: [{ on: 'pi1', sh: 'systemctl kill -s KILL snap.microk8s.daemon-k8s-dqlite.service' }],
  bit: [{ from: 'pi1', sh: '! pgrep -x k8s-dqlite', says: 'no k8s-dqlite runs on pi1' }],
  undo: [{ on: 'pi1', sh: 'systemctl start snap.microk8s.daemon-k8s-dqlite.service' }],
  gone: [{ from: 'pi1', sh: 'pgrep -x k8s-dqlite', says: 'k8s-dqlite runs on pi1' }],
  undoBy: 'node-timer',
};

function samplePlan(): Plan {
  const snapshot: Snapshot = {
    takenAt: '2026-11-21T07:10:01.000Z',
    cluster: {
      name: 'rack',
      id: '3f0c77aa-0d4b-4c57-9a52-0f1f0f6a9c11',
      platform: 'microk8s',
      kubernetes: 'v1.34.4',
    },
    nodes: nodes.map((name, index) => ({
      name,
      address: `192.168.1.10${index + 1}`,
      bootId: `00000000-0000-4000-8000-00000000000${index}`,
      bootsWithinMs: 300_000,
      controlPlane: true,
      addresses: [],
      taints: [],
      ready: true,
      schedulable: true,
      apiServer: `https://192.168.1.10${index + 1}:16443`,
    })),
    datastore: {
      kind: 'dqlite',
      scripts: {
        list: '',
        remove: '',
        wipe: '',
        join: '',
        hasData: '',
        joining: '',
        abandon: '',
        reform: '',
      },
      folder: '/var/lib/datastore',
      version: '1.18.3',
      leader: ids['pi1'] ?? '',
      members: nodes.map((node, index) => ({
        id: ids[node] ?? '',
        address: `192.168.1.10${index + 1}:19001`,
        node,
        role: node === 'pi4' ? 'stand-by' : 'voter',
        answers: true,
      })),
      settings: { electionTimeoutMs: 3000, rolesAdjustmentMs: 30_000 },
    },
    services: {
      datastore: { unit: 'snap.microk8s.daemon-k8s-dqlite.service', process: 'k8s-dqlite' },
      'api-server': { ...kubelite },
      scheduler: kubelite,
      'controller-manager': kubelite,
      kubelet: kubelite,
      containers: { unit: 'snap.microk8s.daemon-containerd.service', process: 'containerd' },
    },
    pods: [],
    settings: { leaseMs: {} },
    leases: {},
    objects: { deployments: {}, services: {} },
    kubectl: 'kubectl',
  };
  const seriesOf = (probe: string, everyMs: number, on: readonly string[]): readonly Series[] =>
    on.map((node) => ({ id: `${probe}@${node}`, probe, node, everyMs }));
  return {
    schema: 'holdfast.dev/plan/v1',
    protect: [],
    run: '2026-11-21T07-10-00Z-leader-loss-3f9a1c',
    scenario: {
      name: 'leader-loss',
      title: 'The datastore leader dies and stays down',
      claim: 'A new leader within 5 s, full voters within 30 s, and nobody notices.',
      class: ['reversible'],
      needs: { voters: 3 },
      workload: 'web',
      steps: [
        {
          kind: 'fault',
          id: 'kill',
          fault: 'kill',
          params: { service: 'datastore', target: 'leader', 'stay-down': true },
        },
        { kind: 'until-seen', id: 'step-2', atMostMs: 45_000 },
        { kind: 'heal', id: 'step-3', step: 'all' },
      ],
      expect: [{ claim: 'leader-elected', params: { within: 5000 } }],
    },
    text: 'name: leader-loss\ntitle: The datastore leader dies <and stays down>\n',
    file: 'scenarios/leader-loss.yaml',
    seed: 1_067_654_172,
    phaseMs: 7290,
    snapshot,
    steps: [
      {
        kind: 'fault',
        id: 'kill',
        fault: 'kill',
        params: { service: 'datastore', target: 'leader', 'stay-down': true },
        intent: sampleIntent,
      },
      { kind: 'until-seen', id: 'step-2', atMostMs: 45_000 },
      { kind: 'heal', id: 'step-3', step: 'all' },
    ],
    series: [
      ...seriesOf('leader', 41, ['pi1', 'pi2', 'pi3']),
      ...seriesOf('roles', 197, nodes),
      ...seriesOf('write', 97, nodes),
      ...seriesOf('nodes', 997, nodes),
      ...seriesOf('web-new', 97, nodes),
      ...seriesOf('web-reused', 89, nodes),
    ],
    predicted: [
      {
        claim: 'leader-elected',
        p50Ms: 4100,
        p95Ms: 5900,
        from: 'election timeout 3 s, drawn from 3 to 6 s by each follower',
      },
      {
        claim: 'voters-restored',
        p50Ms: 15_000,
        p95Ms: 29_500,
        from: 'roles are adjusted every 30 s',
      },
    ],
    versions: { holdfast: '0.1.0', node: '20.20.2' },
  };
}
