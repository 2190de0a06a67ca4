import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { parse } from 'yaml';
import { readCluster, type ReadCluster } from '../read/cluster.ts';
import { readGameday, type ReadGameday } from '../read/gameday.ts';
import { sayProblem, type Problem } from '../read/problem.ts';
import { readScenario, type ReadScenario } from '../read/scenario.ts';
import { CommandError, scenarioFile, scenarioNames, tables } from './context.ts';

/** `holdfast check FILE…`: every problem in scenario, cluster and game day files, and nothing else. */
export function checkCommand(): Command {
  return new Command('check')
    .description('read scenario, cluster and game day files and print every problem in them')
    .argument('[files...]', "names or paths; without any, all of the package's scenarios")
    .action((names: readonly string[]) => {
      const files = (names.length === 0 ? scenarioNames() : names).map(scenarioFile);
      const problems = files.flatMap((file) => problemsIn(file));
      for (const problem of problems) console.error(sayProblem(problem));
      const lines = new Set(problems.map(({ file }) => file)).size;
      console.log(
        problems.length === 0
          ? `${files.length} files, no problem`
          : `${problems.length} problems in ${lines} of ${files.length} files`,
      );
      if (problems.length > 0) process.exitCode = 64;
    });
}

function problemsIn(file: string): readonly Problem[] {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CommandError(
      'usage',
      `${file} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  }
  const read = readAs(kindOf(text), text, file);
  return 'problems' in read ? read.problems : [];
}

function readAs(
  kind: unknown,
  text: string,
  file: string,
): ReadCluster | ReadGameday | ReadScenario {
  if (kind === 'Cluster') return readCluster(text, file);
  return kind === 'GameDay' ? readGameday(text, file) : readScenario(text, file, tables);
}

function kindOf(text: string): unknown {
  try {
    const value: unknown = parse(text);
    return typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  } catch {
    // No YAML at all: reading it as a scenario says where.
    return undefined;
  }
}
