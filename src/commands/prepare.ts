import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Access } from '../links/access.ts';
import { survey } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { objectsNamed } from '../model/named-objects.ts';
import type { Plan } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { plan } from '../plan/plan.ts';
import { isRefusal, type Refusal } from '../plan/refusal.ts';
import { tolerationIn } from '../read/toleration.ts';
import { workloadFile } from '../run/workload.ts';
import {
  CommandError,
  asCommandError,
  clusterHere,
  loadCluster,
  readText,
  scenariosFolder,
  tables,
  type ScenarioText,
} from './context.ts';

/** A scenario laid on a cluster, ready to be shown or run. */
export interface Prepared {
  readonly plan: Plan;
  readonly cluster: ClusterFile;
  readonly access: Access;
}

/**
 * The cluster file to use: the one said, the one in the working directory, or that of the lab, which is brought up if
 * it is not.
 */
export async function chooseCluster(said: string | undefined): Promise<ClusterFile> {
  return loadCluster(await chooseClusterFile(said));
}

/** The path of that file. */
export async function chooseClusterFile(said: string | undefined): Promise<string> {
  const path = said ?? clusterHere();
  if (path !== undefined) return path;
  const { upAndSay } = await import('./labup.ts');
  return upAndSay();
}

/** Surveys a cluster and plans a scenario on it. @throws CommandError with the outcome a run would have */
export async function prepare(
  scenario: ScenarioText,
  cluster: ClusterFile,
  run: string,
  seed: number,
): Promise<Prepared> {
  const { snapshot, access } = await survey(cluster, {
    objects: objectsNamed(scenario.scenario),
  }).catch(asCommandError);
  const planned = planOn(scenario, cluster, snapshot, run, seed);
  if (isRefusal(planned)) throw new CommandError(planned.outcome, planned.reason);
  return { plan: planned, cluster, access };
}

/** The plan of a scenario on a cluster as surveyed, by the cluster file's own terms, or why there is none. */
export function planOn(
  scenario: ScenarioText,
  cluster: Pick<ClusterFile, 'alerts' | 'allow' | 'protect'>,
  snapshot: Snapshot,
  run: string,
  seed: number,
): Plan | Refusal {
  const { workload } = scenario.scenario;
  // Of a Service that is there already, no file says how patient its pods are.
  const manifests =
    typeof workload === 'string'
      ? readText(workloadFile(scenariosFolder, workload), 'workload')
      : '';
  return plan({
    ...scenario,
    tolerationMs: tolerationIn(manifests),
    snapshot,
    protect: cluster.protect.namespaces,
    allow: cluster.allow,
    ...(cluster.alerts !== undefined && { alerts: true }),
    seed,
    run,
    versions: versions(),
    tables,
  });
}

function versions(): Readonly<Record<string, string>> {
  const file = join(import.meta.dirname, '..', '..', 'package.json');
  const { version } = JSON.parse(existsSync(file) ? readFileSync(file, 'utf8') : '{}') as {
    version?: string;
  };
  return { holdfast: version ?? 'unknown', node: process.version };
}
