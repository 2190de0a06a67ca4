import { randomInt } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { allSeen } from '../claims/judge.ts';
import { searchesOf } from '../claims/logged.ts';
import { resultOf, resultWithoutPlan } from '../claims/result.ts';
import { claimName } from '../model/claim-name.ts';
import type { Line, Settled } from '../model/line.ts';
import { exitCodeOf } from '../model/outcome.ts';
import type { Result } from '../model/result.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import { startClock } from '../run/clock.ts';
import { conduct } from '../run/conduct.ts';
import { Recorder } from '../run/recorder.ts';
import { workloadFile } from '../run/workload.ts';
import { faultSteps } from '../report/fault-steps.ts';
import { settledBy } from '../report/lines.ts';
import { terminalView, type TerminalView } from '../report/live-terminal.ts';
import { showLines } from '../report/mocha.ts';
import { CommandError, scenariosFolder, tables, type ScenarioText } from './context.ts';
import { liveTracker } from './live.ts';
import { mustBeFree } from './lock.ts';
import { chooseCluster, prepare, type Prepared } from './prepare.ts';
import { makeRunFolder, newRunId, writeReports } from './runfolder.ts';
import { takeSignals } from './signals.ts';

export interface RunOptions {
  readonly cluster?: string;
  readonly seed?: number;
  readonly reports: string;
  readonly keep?: true;
  readonly takeOver?: true;
  readonly grace?: number;
  /** By the campaign or the game day that it is a trial of. */
  readonly locked?: true;
}

const liveMs = 250;

/**
 * Runs a scenario and writes its reports; whatever comes of it, there is a result.
 * @param view where a person sees it
 */
export async function run(
  scenario: ScenarioText,
  options: RunOptions,
  view = terminalView(process.stderr, process.env),
): Promise<Result> {
  const startedAt = new Date();
  const id = newRunId(scenario.scenario.name, startedAt);
  const seed = options.seed ?? randomInt(2 ** 32);
  let prepared: Prepared;
  let folder: string;
  try {
    const cluster = await chooseCluster(options.cluster);
    folder = makeRunFolder(options.reports, id);
    if (options.locked !== true) await mustBeFree(cluster, options.takeOver === true);
    prepared = await prepare(scenario, cluster, id, seed);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    folder = makeRunFolder(options.reports, id);
    const result = resultWithoutPlan({
      run: id,
      scenario: scenario.scenario.name,
      seed,
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      stopped: { outcome: error.outcome, reason: error.message },
    });
    writeReports(folder, result, undefined);
    view.close(result, undefined, relative(process.cwd(), folder) || '.');
    return result;
  }
  return runPrepared(prepared, folder, options, view);
}

async function runPrepared(
  prepared: Prepared,
  folder: string,
  options: RunOptions,
  view: TerminalView,
): Promise<Result> {
  const { plan } = prepared;
  const clock = startClock();
  const recorder = new Recorder(folder, plan);
  const live = liveTracker(plan);
  recorder.listen((event: Event) => {
    live.event(event);
    view.event(event);
  });
  const { cluster, nodes } = plan.snapshot;
  view.begin(
    `${plan.scenario.name} on ${cluster.name} (${nodes.length} nodes, Kubernetes ${cluster.kubernetes}), seed ${plan.seed}`,
  );
  const ticker = setInterval(() => view.live(live.state(clock.now())), liveMs);
  const interruption = takeSignals(
    (text) => recorder.record({ type: 'note', at: clock.now(), level: 'warning', text }),
    () => insist(folder, recorder.timeline),
  );
  const { workload } = plan.scenario;
  const { lines, ended } = conduct({
    ...prepared,
    recorder,
    clock,
    faults: tables.faults,
    ...(typeof workload === 'string' && { workload: workloadFile(scenariosFolder, workload) }),
    keep: options.keep === true,
    takeOver: options.takeOver === true,
    locked: options.locked === true,
    ...(options.grace !== undefined && { graceMs: options.grace }),
    seen: allSeen,
    ...(plan.scenario.expect.some(({ claim }) => claim === 'logged') && { searches: searchesOf }),
    interrupted: interruption.aborted,
    signal: interruption.signal,
  });
  const result = ended.then(() => resultOf(recorder.timeline));
  const shown = showLines([...lines, ...claimLines(recorder.timeline, result)], {
    title: plan.scenario.name,
    identity: {
      scenario: plan.scenario.name,
      cluster: cluster.id,
      parameters: { cluster: cluster.name, run: plan.run, seed: String(plan.seed) },
    },
    resultsDir: join(folder, 'allure-results'),
    environment: {
      cluster: cluster.name,
      platform: cluster.platform,
      kubernetes: cluster.kubernetes,
    },
    attachments: async () => {
      writeReports(folder, await result, recorder.timeline);
      return [
        { name: 'result.json', path: join(folder, 'result.json'), contentType: 'application/json' },
        { name: 'report.html', path: join(folder, 'report.html'), contentType: 'text/html' },
        { name: 'timeline', content: withoutSamples(recorder.timeline), contentType: 'text/plain' },
      ];
    },
  });
  try {
    const final = await result;
    await shown;
    clearInterval(ticker);
    view.close(final, recorder.timeline, relative(process.cwd(), folder) || '.');
    return final;
  } finally {
    clearInterval(ticker);
    interruption.close();
    recorder.close();
  }
}

/** One line for each claim, settled when the run has been judged. */
function claimLines(timeline: Timeline, result: Promise<Result>): readonly Line[] {
  const { plan } = timeline;
  const { expect } = plan.scenario;
  return plan.scenario.expect.map((expectation, index) => {
    const title =
      tables.claims[expectation.claim]?.title(expectation.params as never) ?? expectation.claim;
    const settled = result.then(
      ({ trials, reason }): Settled => {
        const verdict = trials[0]?.verdicts[index];
        return verdict === undefined ? { kind: 'skipped', because: reason } : settledBy(verdict);
      },
      (error: unknown): Settled => ({ kind: 'broken', because: String(error) }),
    );
    return {
      title: `${expectation.claim}: ${title}`,
      key: claimName(expect, index),
      file: plan.file,
      steps: () => faultSteps(timeline),
      settled,
    };
  });
}

/** A timeline as its file has it, without the thousands of lines that only a program reads. */
function withoutSamples({ events }: Timeline): string {
  return events
    .filter(({ type }) => type !== 'sample' && type !== 'harness')
    .map((event) => `${JSON.stringify(event)}\n`)
    .join('');
}

/** Somebody does not want to wait for the healing: say what stands still, and how to heal it. */
function insist(folder: string, { events }: Timeline): never {
  const faults = events.filter((event) => event.type === 'fault');
  const standing = faults.filter(
    ({ intent, step }) =>
      intent !== undefined &&
      !faults.some((other) => other.step === step && other.state === 'gone'),
  );
  const lines = [
    'Ended before healing was done.',
    ...standing.map(
      ({ intent }) =>
        `  left: ${intent?.says ?? ''}; the nodes take it back by themselves (${intent?.undoBy ?? ''}), or at once by:`,
    ),
    `  holdfast heal ${folder} --cluster FILE`,
  ];
  appendFileSync(process.stderr.fd, `\n${lines.join('\n')}\n`);
  process.exit(exitCodeOf('residue'));
}
