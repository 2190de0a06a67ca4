import { randomInt } from 'node:crypto';
import { resolve } from 'node:path';
import { trialsOf } from '../campaign/agenda.ts';
import { estimateFrom, estimateOf } from '../campaign/estimate.ts';
import { writeAgenda } from '../campaign/folder.ts';
import { historyFile, readHistory } from '../campaign/history.ts';
import type { Agenda } from '../model/agenda.ts';
import { countOf } from '../model/countof.ts';
import { formatMinutes } from '../model/minutes.ts';
import { trialsToDemonstrate } from '../stats/clopper-pearson.ts';
import { conductAgenda } from './campaign.ts';
import { CommandError, loadCluster, type ScenarioText } from './context.ts';
import { mustBeFree } from './lock.ts';
import type { RunOptions } from './run-once.ts';
import { chooseClusterFile, prepare } from './prepare.ts';
import { makeRunFolder, newRunId } from './runfolder.ts';
import { notBegun, type TrialsResult } from './stored-campaign.ts';

/** What a campaign is to show, by name. */
export const shares = { p95: 0.95, p99: 0.99 } as const;

export interface TrialsOptions extends RunOptions {
  readonly trials?: number;
  readonly claim?: keyof typeof shares;
}

/** How long a cluster may take to be well again between two trials. */
export const recoverMs = 300_000;

/** `run NAME --trials n`: the same scenario again and again, each trial with a phase and victims of its own. */
export async function runTrials(
  scenario: ScenarioText,
  options: TrialsOptions,
): Promise<TrialsResult> {
  const { name } = scenario.scenario;
  const startedAt = new Date();
  const run = newRunId(`${name}-trials`, startedAt);
  const seed = options.seed ?? randomInt(2 ** 32);
  const demonstrate = options.claim === undefined ? undefined : shares[options.claim];
  const trials =
    options.trials ?? (demonstrate === undefined ? 1 : trialsToDemonstrate(demonstrate));
  const file = resolve(await chooseClusterFile(options.cluster));
  const folder = makeRunFolder(options.reports, run);
  const bare = { name, file: scenario.file, text: scenario.text, trials, estimateMs: 0 };
  const agenda: Agenda = {
    schema: 'holdfast.dev/agenda/v1',
    kind: 'campaign',
    run,
    name,
    startedAt: startedAt.toISOString(),
    seed,
    cluster: { file, id: loadCluster(file).clusterId },
    scenarios: [bare],
    trials: trialsOf([bare], seed, false),
    ...(demonstrate !== undefined && { demonstrate }),
    recoverMs,
    known: [],
  };
  try {
    const cluster = loadCluster(file);
    await mustBeFree(cluster, options.takeOver === true);
    const { plan } = await prepare(scenario, cluster, run, seed);
    const { name: on, id } = plan.snapshot.cluster;
    const history = readHistory(historyFile(options.reports, { name: on, id }));
    const estimateMs = estimateFrom(history, name) ?? estimateOf(plan);
    writeAgenda(folder, { ...agenda, scenarios: [{ ...bare, estimateMs }] });
    console.error(
      `${name}, ${countOf(trials, 'trial')} on ${on}, seed ${seed}: about ${formatMinutes(trials * estimateMs)}`,
    );
    return await conductAgenda(folder, options);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return notBegun(folder, agenda, error);
  }
}
