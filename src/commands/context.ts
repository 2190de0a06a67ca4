import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { claims } from '../claims/table.ts';
import { faults } from '../faults/table.ts';
import { SurveyError } from '../links/survey-error.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { Stop } from '../model/conclude.ts';
import type { Scenario } from '../model/scenario.ts';
import type { Tables } from '../model/tables.ts';
import { readCluster } from '../read/cluster.ts';
import { sayProblem } from '../read/problem.ts';
import { readScenario } from '../read/scenario.ts';

/** A command that cannot do what was asked: an outcome, and what to do next. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly outcome: Stop['outcome'];

  constructor(outcome: Stop['outcome'], message: string) {
    super(message);
    this.outcome = outcome;
  }
}

/** For the `catch` of a survey. @throws CommandError where the survey cannot be used; any other error as it is */
export function asCommandError(error: unknown): never {
  if (error instanceof SurveyError) throw new CommandError(error.outcome, error.message);
  throw error;
}

/** Everything a scenario may name. */
export const tables: Tables = { faults, claims };

/** Where the package's own scenarios are. */
export const scenariosFolder = resolve(import.meta.dirname, '..', '..', 'scenarios');

export const defaultReports = 'reports';

/** A scenario and the text it was read from. */
export interface ScenarioText {
  readonly scenario: Scenario;
  readonly text: string;
  /** As messages and reports name it. */
  readonly file: string;
}

/** Names of the package's own scenarios, sorted. */
export function scenarioNames(): readonly string[] {
  return readdirSync(scenariosFolder)
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => basename(file, '.yaml'))
    .sort();
}

/** The file of a scenario: one's own by its path, one of the package's by its name. */
export function scenarioFile(name: string): string {
  if (name.endsWith('.yaml') || name.endsWith('.yml') || name.includes('/')) return name;
  const file = join(scenariosFolder, `${name}.yaml`);
  if (existsSync(file)) return file;
  throw new CommandError(
    'usage',
    `there is no scenario "${name}"; there are: ${scenarioNames().join(', ')}; or give the path of a file`,
  );
}

/** Reads a scenario. @throws CommandError with every problem in it */
export function loadScenario(name: string): ScenarioText {
  const path = scenarioFile(name);
  const text = readText(path, 'scenario');
  const file = relativeName(path);
  const read = readScenario(text, file, tables);
  if ('problems' in read) throw new CommandError('usage', read.problems.map(sayProblem).join('\n'));
  return { scenario: read.scenario, text, file };
}

/** Reads a cluster file. @throws CommandError with every problem in it */
export function loadCluster(path: string): ClusterFile {
  const text = readText(path, 'cluster file');
  const read = readCluster(text, path);
  if ('problems' in read) throw new CommandError('usage', read.problems.map(sayProblem).join('\n'));
  return read.cluster;
}

/** The cluster file in the working directory, if there is one. */
export function clusterHere(): string | undefined {
  return existsSync('holdfast.yaml') ? 'holdfast.yaml' : undefined;
}

/** The text of a file. @throws CommandError if it cannot be read */
export function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw new CommandError('usage', `the ${what} ${path} cannot be read: ${because}`);
  }
}

/** The package's own files are named from its root, so that reports are the same wherever it is installed. */
function relativeName(path: string): string {
  const own = resolve(scenariosFolder, '..');
  const full = resolve(path);
  return full.startsWith(`${own}/`) ? full.slice(own.length + 1) : path;
}
