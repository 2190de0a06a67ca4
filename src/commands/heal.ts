import { Command } from 'commander';
import { undo } from '../acts/fault.ts';
import { leftovers } from '../acts/leftovers.ts';
import { messageOf, type World } from '../acts/world.ts';
import { openLinks } from '../links/open.ts';
import { survey, SurveyError } from '../links/survey.ts';
import { exitCodeOf } from '../model/outcome.ts';
import type { FaultEvent, NoteEvent, Timeline } from '../model/timeline.ts';
import { powerDevices } from '../power/table.ts';
import { eventLine } from '../report/terminal.ts';
import { startClock } from '../run/clock.ts';
import { removeLockOf } from '../run/lock.ts';
import { removeNamespace } from '../run/workload.ts';
import { CommandError, loadCluster } from './context.ts';
import { readRun } from './judge.ts';

/** `holdfast heal RUN`: takes back what a run that died has left. */
export function healCommand(): Command {
  return new Command('heal')
    .description(
      'take back whatever a run has left in the cluster and on its nodes; safe to repeat',
    )
    .argument('[folder]', 'folder of the run', 'reports/latest')
    .requiredOption('--cluster <file>', 'cluster file')
    .action(async (folder: string, options: { cluster: string }) => {
      const left = await heal(readRun(folder), options.cluster);
      for (const line of left) console.error(`left: ${line}`);
      console.log(
        left.length === 0
          ? 'Nothing of the run is left.'
          : `${left.length} things could not be taken back.`,
      );
      process.exitCode = left.length === 0 ? 0 : exitCodeOf('residue');
    });
}

/** @returns what is left, a line each */
async function heal({ plan, events }: Timeline, clusterPath: string): Promise<readonly string[]> {
  const cluster = loadCluster(clusterPath);
  const { access, snapshot } = await survey(cluster).catch((error: unknown) => {
    if (error instanceof SurveyError) throw new CommandError(error.outcome, error.message);
    throw error;
  });
  if (snapshot.cluster.id !== plan.snapshot.cluster.id) {
    throw new CommandError(
      'refused',
      `the run was on cluster ${plan.snapshot.cluster.id}, and ${clusterPath} is ${snapshot.cluster.id}`,
    );
  }
  const world: World = {
    links: openLinks(access),
    controlPlanes: snapshot.nodes.filter((node) => node.controlPlane).map((node) => node.name),
    power: powerDevices(cluster),
    now: startClock().now,
  };
  const print = (event: FaultEvent | NoteEvent): void => {
    const line = eventLine(event);
    if (line !== undefined) console.error(line);
  };
  const left: string[] = [];
  try {
    for (const { step, intent } of events.filter((event) => event.type === 'fault').reverse()) {
      if (intent === undefined) continue;
      const rest = await undo(step, intent, world, print);
      if (rest !== undefined) left.push(rest);
    }
    await removeNamespace(world).catch((error: unknown) => left.push(messageOf(error)));
    const nodes = cluster.nodes.map(({ name }) => name);
    await removeLockOf(plan.run, nodes, world);
    left.push(...(await leftovers(nodes, world)));
  } finally {
    world.links.close();
  }
  return left;
}
