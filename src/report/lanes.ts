import type { Series } from '../model/plan.ts';
import { memberOn } from '../model/snapshot.ts';
import type {
  EachEndpointSeen,
  LeaderSeen,
  Sample,
  Timeline,
  WatchSeen,
} from '../model/timeline.ts';
import { nodeOfMember, samplesBySeries } from './story.ts';
import { compact, mostSay, readinessIn, rolesIn, runsOf, type Run } from './strips.ts';

/** How a stretch of a lane is drawn; each look differs in shape as well as in colour. */
export type Look =
  'ok' | 'failed' | 'missed' | 'leads' | 'names' | 'none' | 'strong' | 'faint' | 'spare';

/** A stretch of a lane, ready to be drawn. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly look: Look;
  /** Index of the node whose colour it has. */
  readonly node?: number;
  /** Written into the stretch where there is room. */
  readonly label?: string;
  /** What it shows, in words. */
  readonly says: string;
  /** Worth a row in the table of what was not as usual. */
  readonly notable: boolean;
}

export interface Lane {
  readonly label: string;
  readonly stretches: readonly Stretch[];
}

export interface LaneGroup {
  readonly title: string;
  readonly lanes: readonly Lane[];
}

/** Stretches a drawing may have, or nearly: more could not be told apart, and the page would open slowly. */
const stretchLimit = 12_000;

/** What was seen during a run as groups of lanes: one lane a series or a node. Groups that nothing probed are absent. */
export function laneGroups(timeline: Timeline): readonly LaneGroup[] {
  const samples = samplesBySeries(timeline);
  const groups = [
    leaderLanes(timeline, samples),
    mostSayLanes(timeline, samples, 'roles'),
    flowLanes(timeline, samples, 'write', 'Writes through each API server'),
    flowLanes(timeline, samples, 'read', 'Reads through each API server'),
    watchLanes(timeline, samples),
    ...flows.map(([probe, title]) => flowLanes(timeline, samples, probe, title)),
    endpointLanes(timeline, samples),
    mostSayLanes(timeline, samples, 'nodes'),
  ];
  return groups.filter((group) => group.lanes.length > 0);
}

/** What else is asked for again and again, in the order of the picture. */
const flows = [
  ['scheduled', 'New pods are given a node'],
  ['reconciled', 'Changed Deployments are taken note of'],
  ['acts', 'A leader of the workload acts'],
  ['endpoint', 'The API by the address of the kubeconfig'],
  ['web-new', 'Workload, a new connection each time'],
  ['web-reused', 'Workload, on a kept connection'],
  ['load', 'Workload under load'],
  ['inside-new', 'Workload from a pod on each node, a new connection each time'],
  ['inside-reused', 'Workload from a pod on each node, on a kept connection'],
  ['inside-named', 'Workload from a pod on each node, by its name'],
  ['names', 'Names from a pod on each node'],
] as const;

type Samples = ReadonlyMap<string, readonly Sample[]>;

function seriesOf({ plan }: Timeline, probe: string): readonly Series[] {
  return plan.series.filter((series) => series.probe === probe);
}

function laneLimit({ plan }: Timeline): number {
  return Math.ceil(stretchLimit / Math.max(1, plan.series.length));
}

/** Whom each voter names: itself, another, nobody, or no answer. */
function leaderLanes(timeline: Timeline, samples: Samples): LaneGroup {
  const nodes = timeline.plan.snapshot.nodes.map(({ name }) => name);
  const lanes = seriesOf(timeline, 'leader').map(({ id, node = id, everyMs }) => {
    const runs = runsOf(samples.get(id) ?? [], everyMs, (sample) => {
      if (sample.missed === true) return 'missed';
      // A member that knows no leader answers, and says so.
      const leader = (sample.value as LeaderSeen | undefined)?.leader;
      if (leader === undefined) return 'failed';
      return leader === '' ? 'none' : `=${nodeOfMember(timeline.plan, leader)}`;
    });
    const stretches = compact(runs, laneLimit(timeline), ['failed', 'none']).map((run): Stretch => {
      if (!run.state.startsWith('=')) return unnamed(node, run);
      const leader = run.state.slice(1);
      const index = nodes.indexOf(leader);
      const leads = leader === node;
      return {
        ...span(run),
        look: leads ? 'leads' : 'names',
        ...(index >= 0 && { node: index }),
        label: leads ? `${node} leads` : leader,
        says: leads ? `${node} names itself leader` : `${node} names ${leader} leader`,
        notable: leads,
      };
    });
    return { label: node, stretches };
  });
  return { title: 'Leader, as each voter names it', lanes };
}

function unnamed(node: string, run: Run): Stretch {
  const base = span(run);
  if (run.state === 'none')
    return { ...base, look: 'none', says: `${node} knows no leader`, notable: true };
  const failed = run.state === 'failed';
  return {
    ...base,
    look: failed ? 'failed' : 'missed',
    says: failed ? `${node} does not answer${codes(run)}` : notSampled(run),
    notable: failed,
  };
}

/** Requests that succeed or fail. */
function flowLanes(timeline: Timeline, samples: Samples, probe: string, title: string): LaneGroup {
  const lanes = seriesOf(timeline, probe).map(({ id, node = id, everyMs }) => {
    const runs = runsOf(samples.get(id) ?? [], everyMs, (sample) =>
      sample.missed === true ? 'missed' : sample.ok === true ? 'ok' : 'failed',
    );
    const stretches = compact(runs, laneLimit(timeline), ['failed', 'missed']).map(
      (run): Stretch => {
        const failed = run.state === 'failed';
        const says = failed
          ? `${node}: requests fail${codes(run)}`
          : run.state === 'missed'
            ? notSampled(run)
            : `${node}: ${run.count} requests answered`;
        return { ...span(run), look: run.state as Look, says, notable: failed };
      },
    );
    return { label: node, stretches };
  });
  return { title, lanes };
}

/**
 * One lane for each pod that the Service has led to, while it is listed as ready: whether those that asked it were
 * answered. Where nobody who was asked to ask said anything, there is nothing.
 */
function endpointLanes(timeline: Timeline, samples: Samples): LaneGroup {
  const series = seriesOf(timeline, 'each-endpoint');
  const looks = series
    .flatMap(({ id, node = id }) => (samples.get(id) ?? []).map((look) => ({ look, node })))
    .filter(({ look }) => look.value !== undefined)
    .sort((a, b) => a.look.due - b.look.due);
  const all = new Map(looks.flatMap(({ look }) => listedIn(look).map((one) => [one.pod, one])));
  const everyMs = series[0]?.everyMs ?? 0;
  const lanes = [...all.values()].map(({ pod, node: at }) => {
    const label = [pod.split('/').at(-1), at].filter((word) => word !== undefined).join(' on ');
    const asked = looks.map(({ look, node }) => askedOf(pod, look, node));
    const runs = runsOf(asked, everyMs, ({ ok }) =>
      ok === undefined ? 'unlisted' : ok ? 'ok' : 'failed',
    );
    const stretches = compact(runs, laneLimit(timeline), ['failed', 'ok'])
      .filter(({ state }) => state !== 'unlisted')
      .map((run): Stretch => {
        const failed = run.state === 'failed';
        const says = failed
          ? `${label} is listed and does not answer${codes(run)}`
          : `${label}: ${run.count} requests answered`;
        return { ...span(run), look: failed ? 'failed' : 'ok', says, notable: failed };
      });
    return { label, stretches };
  });
  return { title: 'Pods that the Service leads to, asked by a pod on each node', lanes };
}

function listedIn({ value }: Sample): EachEndpointSeen['endpoints'] {
  return (value as EachEndpointSeen).endpoints;
}

/** What one pod answered to one that asks all of them, as a sample of its own; neither good nor bad if it is not listed. */
function askedOf(pod: string, look: Sample, from: string): Sample {
  const answer = listedIn(look).find((one) => one.pod === pod);
  const { series, due } = look;
  const base = { type: 'sample', series, due } as const;
  if (answer === undefined) return base;
  const { error } = answer;
  return error === undefined
    ? { ...base, ok: true }
    : { ...base, ok: false, error: `${error} from ${from}` };
}

/** A watch of which nothing new has come for so long is drawn as silent; milliseconds. */
const silentMs = 1000;

/** Watches that tell something new, are open and silent, or closed. */
function watchLanes(timeline: Timeline, samples: Samples): LaneGroup {
  const lanes = seriesOf(timeline, 'watch').map(({ id, node = id, everyMs }) => {
    let newest = 0;
    let newSince = -Infinity;
    const runs = runsOf(samples.get(id) ?? [], everyMs, ({ missed, ok, value, due }) => {
      if (missed === true) return 'missed';
      if (ok !== true) return 'failed';
      const { n } = value as WatchSeen;
      if (n > newest) newSince = due;
      newest = Math.max(newest, n);
      return due - newSince <= silentMs ? 'ok' : 'none';
    });
    const says = (run: Run): string => {
      if (run.state === 'missed') return notSampled(run);
      if (run.state === 'failed') return `${node}: the watch is closed${codes(run)}`;
      return `${node}: the watch ${run.state === 'ok' ? 'tells what is written' : 'is open and tells nothing new'}`;
    };
    const stretches = compact(runs, laneLimit(timeline), ['failed', 'none']).map(
      (run): Stretch => ({
        ...span(run),
        look: run.state as Look,
        says: says(run),
        notable: run.state === 'failed' || run.state === 'none',
      }),
    );
    return { label: node, stretches };
  });
  return { title: 'Watches on each API server, of what is written through another', lanes };
}

const manyVoices = {
  roles: {
    title: 'Roles, as most members know them',
    usual: ['voter', 'stand-by'],
  },
  nodes: { title: 'Nodes, as most API servers tell it', usual: ['ready'] },
} as const;

function mostSayLanes(
  timeline: Timeline,
  samples: Samples,
  probe: keyof typeof manyVoices,
): LaneGroup {
  const { plan } = timeline;
  const { title, usual } = manyVoices[probe];
  const series = seriesOf(timeline, probe);
  const [first] = series;
  if (first === undefined) return { title, lanes: [] };
  const nodes = plan.snapshot.nodes
    .filter(({ datastoreOnly }) => probe === 'roles' || datastoreOnly !== true)
    .map(({ name }) => name);
  const read = (sample: Sample): ReadonlyMap<string, string> =>
    probe === 'roles' ? rolesIn(sample, (id) => nodeOfMember(plan, id)) : readinessIn(sample);
  const sources = series.map(({ id }) => samples.get(id) ?? []);
  const runs = mostSay(sources, first.everyMs, nodes, read);
  const isTold = (node: string): boolean =>
    runs.get(node)?.some(({ state }) => state !== 'unknown') ?? false;
  // A node without a member has no role, unless it joined.
  const shown = nodes.filter(
    (node) => probe !== 'roles' || memberOn(plan.snapshot, node) !== undefined || isTold(node),
  );
  const lanes = shown.map((node) => ({
    label: node,
    stretches: compact(runs.get(node) ?? [], laneLimit(timeline), ['not ready', 'unknown']).map(
      (run, index): Stretch => ({
        ...span(run),
        look: looks[run.state] ?? 'faint',
        ...(run.state !== 'ready' && { label: run.state }),
        says: `${node} is ${run.state}`,
        notable: index > 0 || !(usual as readonly string[]).includes(run.state),
      }),
    ),
  }));
  return { title, lanes };
}

const looks: Readonly<Record<string, Look>> = {
  voter: 'strong',
  'stand-by': 'faint',
  spare: 'spare',
  ready: 'ok',
  'not ready': 'failed',
  unknown: 'missed',
};

function span({ from, to }: Run): { readonly from: number; readonly to: number } {
  return { from, to };
}

/** The commonest errors of a stretch: `: ECONNREFUSED ×23, HTTP 500 ×4`. */
function codes({ errors }: Run): string {
  const common = Object.entries(errors).sort((a, b) => b[1] - a[1]);
  const said = common.slice(0, 3).map(([code, times]) => `${code} ×${times}`);
  return said.length === 0 ? '' : `: ${said.join(', ')}`;
}

function notSampled({ count }: Run): string {
  return `this machine was too slow for ${count} ${count === 1 ? 'slot' : 'slots'}`;
}
