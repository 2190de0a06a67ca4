import { SurveyError } from '../links/survey-error.ts';
import { survey } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { isRefusal } from '../plan/refusal.ts';
import {
  clusterHere,
  CommandError,
  loadCluster,
  loadScenario,
  scenarioNames,
  type ScenarioText,
} from './context.ts';
import { planOn } from './prepare.ts';
import { newRunId } from './runfolder.ts';

/** A cluster as it is, or why it is not known. */
export type Found =
  | { readonly cluster: Pick<ClusterFile, 'allow' | 'protect'>; readonly snapshot: Snapshot }
  | { readonly because: string };

/** Somebody waits for a list: a cluster that takes longer is listed without. */
const deadlineMs = 5000;
/** Any would do: what a seed chooses does not decide what can be planned. */
const seed = 1;

/**
 * The package's scenarios, one line each, and whether a cluster can run them.
 * @param said path of its file; else that of the working directory, else the lab if it is up: none is brought up
 */
export async function listScenarios(said: string | undefined): Promise<string> {
  const scenarios = scenarioNames().map((name) => loadScenario(name));
  return listing(scenarios, await find(said));
}

/** The list as it is printed. */
export function listing(scenarios: readonly ScenarioText[], found: Found): string {
  const width = Math.max(...scenarios.map(({ scenario }) => scenario.name.length));
  const lines = scenarios.map((text) => {
    const { name, title } = text.scenario;
    const line = `  ${name.padEnd(width)}  `;
    if ('because' in found) return `${line}${title}`;
    const why = whyNot(text, found);
    return why === undefined ? `${line}yes  ${title}` : `${line}no   ${title}: ${why}`;
  });
  return [head(found), ...lines, '', 'Run one with: npm run scenario NAME'].join('\n');
}

function head(found: Found): string {
  if ('because' in found)
    return `Scenarios, without whether they can be run, as no cluster could be asked: ${found.because}`;
  const { name, kubernetes, platform } = found.snapshot.cluster;
  return `Scenarios, and whether ${name} (${platform}, Kubernetes ${kubernetes}) can run them as it is now:`;
}

type Known = Exclude<Found, { because: string }>;

function whyNot(text: ScenarioText, { cluster, snapshot }: Known): string | undefined {
  const planned = planOn(text, cluster, snapshot, newRunId(text.scenario.name), seed);
  return isRefusal(planned) ? `${planned.outcome}, as ${planned.reason}` : undefined;
}

async function find(said: string | undefined): Promise<Found> {
  try {
    const path = said ?? clusterHere() ?? (await fileOfLab());
    const cluster = loadCluster(path);
    const { snapshot } = await survey(cluster, { deadlineMs });
    return { cluster, snapshot };
  } catch (error) {
    if (error instanceof SurveyError || error instanceof CommandError)
      return { because: error.message };
    throw error;
  }
}

/** Of the lab that a run without a cluster file would use. */
async function fileOfLab(): Promise<string> {
  const { clusterFile } = await import('../lab/clusterfile.ts');
  const { defaultWish, find } = await import('../lab/lab.ts');
  if ((await find(defaultWish.name)) !== undefined) return clusterFile(defaultWish.name);
  throw new CommandError(
    'unreachable',
    'there is no cluster file here (--cluster names one), and the lab is not up (npm run lab -- up)',
  );
}
