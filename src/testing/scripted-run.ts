/** The plan of a script's run, and what the run writes down beside its samples. */
import type { Intent } from '../model/intent.ts';
import type { Plan, Series } from '../model/plan.ts';
import type { ProbeKind } from '../model/probe.ts';
import { memberOn, nodeNamed, voters, type Member, type Snapshot } from '../model/snapshot.ts';
import type { Event } from '../model/timeline.ts';
import { probeKinds } from '../probes/kinds.ts';
import { firedSpan, startOfSampling, wallAt, type Script } from './script.ts';

export function eventsOf(script: Script): readonly Event[] {
  const { fired, heal, recovered, end, snapshot } = script;
  const phase = (at: number, name: 'steady' | 'steps' | 'heal' | 'settle' | 'done'): Event => ({
    type: 'phase',
    at,
    phase: name,
    wall: wallAt(at),
  });
  const fault = { type: 'fault', step: 'kill' } as const;
  const proved: Record<Script['proof'], readonly Event[]> = {
    bit: [{ ...fault, at: fired + 190, state: 'bit' }],
    missed: [
      { ...fault, at: fired + 5000, state: 'missed', because: 'the process is still there' },
    ],
    none: [],
  };
  const seconds: Event[] = [];
  for (let at = startOfSampling + 1000; at < end - 100; at += 1000)
    seconds.push({
      type: 'harness',
      at,
      slots: Math.round((at - startOfSampling) * 0.36),
      missedSlots: Math.round((at - startOfSampling) * 0.36 * script.missed),
      loopDelayP99Ms: script.loopDelay,
      cpuPercent: 14.2,
      rssBytes: 118_000_000,
    });
  return [
    { type: 'phase', at: 0, phase: 'preflight', wall: wallAt(0) },
    { type: 'state', at: 1300, when: 'before', snapshot, differences: [] },
    phase(startOfSampling + 2000, 'steady'),
    phase(15_000, 'steps'),
    { ...fault, at: fired - 600, state: 'journaled', intent: intentOf(script) },
    { ...fault, at: fired - 200, state: 'armed' },
    { ...fault, at: fired + 2, state: 'fired', span: firedSpan(script) },
    ...(script.evictions ?? []).map(({ pod, at, status }): Event => ({
      type: 'eviction',
      at: fired + at + 4,
      step: 'kill',
      span: { lo: fired + at, hi: fired + at + 4 },
      pod,
      status,
      ...(status === 429 && { message: 'The disruption budget web needs 2 healthy pods' }),
    })),
    ...proved[script.proof],
    phase(heal, 'heal'),
    { ...fault, at: heal + 310, state: 'undone', span: { lo: heal + 120, hi: heal + 310 } },
    script.gone
      ? { ...fault, at: heal + 900, state: 'gone' }
      : { ...fault, at: heal + 900, state: 'residue', because: 'pi1 does not answer' },
    phase(heal + 1000, 'settle'),
    ...seconds,
    {
      type: 'state',
      at: Math.max(recovered, end - 100),
      when: 'after',
      snapshot,
      differences: script.differences,
    },
    phase(end, 'done'),
    { type: 'end', at: end + 5, residue: [], ...script.ended },
  ];
}

function intentOf(script: Script): Intent {
  const id = memberOn(script.snapshot, script.victim)?.id ?? '';
  return {
    id: 'leader-loss-3f9a1c-kill',
    fault: 'kill',
    says: `kill the datastore (k8s-dqlite) on ${script.victim} and keep it down`,
    targets: [script.victim],
    service: 'datastore',
    holds: [`${script.victim}/datastore`],
    membersDown: [id],
    ...(script.silenced && { nodesDown: [script.victim] }),
    podsHit: script.replaced === undefined ? [] : ['holdfast/web-1'],
    prepare: [{ on: script.victim, sh: 'true' }],
    inject: [{ on: script.victim, sh: 'kill -KILL 4711' }],
    bit: [{ from: script.victim, sh: '! pgrep -x k8s-dqlite', says: 'k8s-dqlite does not run' }],
    undo: [{ on: script.victim, sh: 'systemctl start k8s-dqlite' }],
    gone: [{ from: script.victim, sh: 'pgrep -x k8s-dqlite', says: 'k8s-dqlite runs' }],
    undoBy: 'node-timer',
  };
}

export function planOf(script: Script): Plan {
  const { snapshot } = script;
  const params = { service: 'datastore', target: script.target, 'stay-down': true };
  const steps = [
    { kind: 'fault', id: 'kill', fault: 'kill', params },
    { kind: 'until-seen', id: 'step-2', atMostMs: 45_000 },
    { kind: 'heal', id: 'step-3', step: 'all' },
  ] as const;
  return {
    schema: 'holdfast.dev/plan/v1',
    protect: [],
    run: '2026-11-21T07-10-00Z-leader-loss-3f9a1c',
    scenario: {
      name: 'leader-loss',
      title: 'The datastore leader dies and stays down',
      claim: 'A new leader within 5 s, full voters again within 30 s, and nobody notices.',
      class: ['reversible'],
      needs: { voters: 3 },
      workload: 'web',
      steps,
      expect: script.expect,
    },
    text: 'name: leader-loss\n',
    file: 'scenarios/leader-loss.yaml',
    seed: 1_067_654_172,
    phaseMs: 7290,
    snapshot,
    steps,
    series: seriesOf(script).filter(({ probe }) => script.probes?.includes(probe) ?? true),
    predicted: [
      { claim: 'leader-elected', p50Ms: 4100, p95Ms: 5900, from: 'election timeout 3 s' },
    ],
    versions: { holdfast: '0.1.0', node: '20.20.2' },
  };
}

function seriesOf(script: Script): readonly Series[] {
  const { snapshot, calm, loadMs } = script;
  return Object.entries<ProbeKind>(probeKinds).flatMap(([probe, { at, onDemand, ...kind }]) => {
    const everyMs = (calm && kind.calmMs) ?? kind.everyMs ?? loadMs;
    if (everyMs === undefined) return [];
    if (onDemand === true && !isDemanded(probe, script)) return [];
    if (at === 'cluster') return [{ id: probe, probe, everyMs }];
    const names =
      at === 'voter'
        ? membersProbed(probe, snapshot).map(({ node }) => node ?? '')
        : snapshot.nodes.map(({ name }) => name);
    return names
      .filter((name) => at !== 'control-plane' || nodeNamed(snapshot, name).controlPlane)
      .map((node) => ({ id: `${probe}@${node}`, probe, node, everyMs }));
  });
}

function isDemanded(probe: string, { idle = {}, holds, alerts, probes }: Script): boolean {
  if (probe in idle) return true;
  if (probe === 'address') return holds !== undefined;
  if (probe === 'alerts') return alerts !== undefined;
  const askedOnly = ['replicas', 'inside-named', 'each-endpoint'];
  return askedOnly.includes(probe) && probes?.includes(probe) === true;
}

/** A stand-by of Dqlite names no leader, and so none is asked in a script. */
function membersProbed(probe: string, snapshot: Snapshot): readonly Member[] {
  return probe === 'leader' ? voters(snapshot) : snapshot.datastore.members;
}
