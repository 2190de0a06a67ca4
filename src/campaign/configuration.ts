import { createHash } from 'node:crypto';
import type { Configuration } from '../model/configuration.ts';
import { countOf } from '../model/countof.ts';
import type { Plan } from '../model/plan.ts';
import { voters, type KubernetesSettings, type Snapshot } from '../model/snapshot.ts';

/** Under what a run is run, by its plan. */
export function configurationOf({ snapshot, scenario, series, versions }: Plan): Configuration {
  const { cluster, datastore } = snapshot;
  const { steps, expect, workload, load } = scenario;
  const faults = steps
    .flatMap((step) => (step.kind === 'each' ? step.steps : [step]))
    .flatMap((step) => (step.kind === 'fault' ? [step.fault] : []));
  const probes = series.map(({ probe, everyMs }) => `${probe} ${everyMs}`);
  return {
    cluster: cluster.id,
    platform: cluster.platform,
    topology: topologyOf(snapshot),
    scenario: scenario.name,
    scenarioHash: hashOf({ steps, expect, workload, load }),
    faults: [...new Set(faults)].sort(),
    probes: hashOf([...new Set(probes)].sort()),
    settings: settingsOf(snapshot),
    versions: {
      kubernetes: cluster.kubernetes,
      [datastore.kind]: datastore.version,
      holdfast: versions['holdfast'] ?? 'unknown',
    },
  };
}

/** The same for two that may be pooled. */
export function configurationKey(configuration: Configuration): string {
  const { settings, versions, ...rest } = configuration;
  return hashOf({ ...rest, settings: sorted(settings), versions: sorted(versions) });
}

/** In what two configurations cannot be compared: a line each; empty if they can. */
export function incomparable(before: Configuration, after: Configuration): readonly string[] {
  const said = {
    cluster: 'another cluster',
    platform: 'another platform',
    topology: 'another topology',
    scenario: 'another scenario',
    scenarioHash: `scenario ${after.scenario} does or claims something else`,
    probes: 'another probe profile',
  } as const;
  return Object.entries(said).flatMap(([field, what]) => {
    const [was, is] = [before[field as keyof typeof said], after[field as keyof typeof said]];
    return was === is ? [] : [`${what}: ${was} before, ${is} after`];
  });
}

/** What an upgrade may change, and did: a line each. */
export function changesBetween(before: Configuration, after: Configuration): readonly string[] {
  return [
    ...differing('version of', before.versions, after.versions),
    ...differing('setting', before.settings, after.settings),
  ];
}

function differing(
  what: string,
  before: Readonly<Record<string, string | number>>,
  after: Readonly<Record<string, string | number>>,
): readonly string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return names
    .filter((name) => before[name] !== after[name])
    .map((name) => `${what} ${name}: ${before[name] ?? 'none'} → ${after[name] ?? 'none'}`);
}

function topologyOf(snapshot: Snapshot): string {
  const { nodes, datastore } = snapshot;
  const standbys = datastore.members.filter(({ role }) => role === 'stand-by').length;
  const controlPlanes = nodes.filter(({ controlPlane }) => controlPlane).length;
  return (
    `${countOf(nodes.length, 'node')}, ${countOf(controlPlanes, 'control plane')}; ${datastore.kind}: ` +
    `${countOf(voters(snapshot).length, 'voter')}, ${countOf(standbys, 'stand-by')}`
  );
}

function settingsOf({ datastore, settings }: Snapshot): Readonly<Record<string, number>> {
  const { leaseMs, ...times }: KubernetesSettings = settings;
  const leases = Object.entries(leaseMs).map(([lease, ms]) => [`lease ${lease}`, ms] as const);
  return Object.fromEntries([
    ...Object.entries(datastore.settings).map(([name, value]) => [`datastore ${name}`, value]),
    ...leases,
    ...Object.entries(times),
  ]) as Record<string, number>;
}

function sorted(record: Readonly<Record<string, string | number>>): readonly unknown[] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}
