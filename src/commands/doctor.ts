import { Command } from 'commander';
import { surveyedWorld } from '../acts/surveyed-world.ts';
import { openLinks } from '../links/open.ts';
import { SurveyError } from '../links/survey-error.ts';
import { survey } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { exitCodeOf } from '../model/outcome.ts';
import { startClock } from '../run/clock.ts';
import { datastoreFitness, faultFitness, powerFitness, traces } from './doctor/cluster.ts';
import { knownDefects } from './doctor/defects.ts';
import { notFit, ok, type Finding } from './doctor/finding.ts';
import { nodeFitness } from './doctor/nodes.ts';
import { watchLiveness } from './doctor/watches.ts';
import { clusterOption } from './options.ts';
import { chooseCluster } from './prepare.ts';

/** `holdfast doctor`: is this cluster fit for a game day? */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'is this cluster fit for a game day? Changes nothing but a ConfigMap of its own in namespace default, which it removes',
    )
    .addOption(clusterOption())
    .option('--json', 'for programs')
    .action(async (options: { cluster?: string; json?: true }) => {
      const findings = await examine(await chooseCluster(options.cluster));
      if (options.json === true) console.log(JSON.stringify(findings, null, 2));
      else for (const finding of findings) console.log(sayFinding(finding));
      const fit = findings.every(({ state }) => state !== 'not fit');
      if (options.json !== true)
        console.log(fit ? 'Fit for a game day.' : 'Not fit for a game day.');
      process.exitCode = fit ? 0 : exitCodeOf('unhealthy');
    });
}

/** Everything that was found, in the order of the checks. */
async function examine(cluster: ClusterFile): Promise<readonly Finding[]> {
  const surveyed = await survey(cluster).catch((error: unknown) => {
    if (error instanceof SurveyError) return error;
    throw error;
  });
  if (surveyed instanceof SurveyError)
    return surveyed.problems.map((problem) =>
      notFit('survey', problem, 'mend it, or correct the cluster file'),
    );
  const { snapshot, access } = surveyed;
  const links = openLinks(access);
  const world = surveyedWorld(cluster, snapshot, links, startClock().now);
  const nodes = cluster.nodes.map(({ name }) => name);
  try {
    const [onNodes, left, watches, power] = await Promise.all([
      nodeFitness(nodes, snapshot.datastore.folder, world),
      traces(nodes, world),
      watchLiveness(world),
      powerFitness(nodes, world),
    ]);
    return [
      ok('survey', `${nodes.length} nodes let us in, and are those that the cluster file says`),
      ...datastoreFitness(snapshot),
      ...onNodes,
      ...left,
      ...watches,
      ...power,
      ...knownDefects(snapshot),
      ...faultFitness(snapshot, cluster.protect.namespaces),
    ];
  } finally {
    links.close();
  }
}

function sayFinding({ check, state, says, todo }: Finding): string {
  return `${state.padEnd(8)} ${check.padEnd(10)} ${says}${todo === undefined ? '' : `\n${' '.repeat(20)}→ ${todo}`}`;
}
