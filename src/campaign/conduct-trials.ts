import type { Agenda, FinishedTrial, PlannedTrial } from '../model/agenda.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Result } from '../model/result.ts';
import { formatMinutes } from '../model/minutes.ts';
import { hasFailed } from './known.ts';
import { endAfter, sayTrial, type Ended, type StopRules } from './stop.ts';

/** What carries out an agenda. */
export interface TrialsInput {
  readonly agenda: Agenda;
  /** Those that are over, perhaps since before an interruption, with what came of them. */
  readonly done: readonly { readonly trial: FinishedTrial; readonly result: Result }[];
  readonly safety: StopRules['safety'];
  /** Waits until the cluster is well. @returns why it is not; undefined if it is */
  readonly recovered: (atMostMs: number) => Promise<string | undefined>;
  /** The signal by which a person wants it to end: a trial at work ends by itself, and no other is begun. */
  readonly interrupted: () => Ended['interrupted'];
  /** Does one trial; whatever comes of it, there is a result. */
  readonly run: (trial: PlannedTrial) => Promise<Result>;
  /** Called when a trial is over and counts. */
  readonly finished: (trial: FinishedTrial, result: Result) => void;
  /** How much of the budget was spent before, on whatever; milliseconds. */
  readonly spentMs: number;
  /**
   * Called with how much of it is spent: after each trial, and before it as if it had taken as long as it is thought to,
   * so that one which is killed has its part, too. Milliseconds.
   */
  readonly spent: (ms: number) => void;
  readonly say: (progress: Progress) => void;
  /** Milliseconds that only grow. */
  readonly now: () => number;
}

/** How far a campaign is. */
export interface Progress {
  readonly done: number;
  readonly all: number;
  /** How long what is left will take; milliseconds. */
  readonly leftMs: number;
  /** What has just happened, in a line. */
  readonly text: string;
}

/** A cluster that was not steady, so that nothing was broken, is given a second chance, and no third. */
const attempts = 2;

/**
 * Does all trials of an agenda that are not over yet, one after the other, and ends early where the rules say so.
 * @returns why it ended before its last trial; nothing if it did not
 */
export async function conductTrials(input: TrialsInput): Promise<Ended> {
  const { agenda, say, now } = input;
  const pace = paceOf(input);
  const done = new Set(input.done.map(({ trial }) => trial.number));
  const left = agenda.trials.filter(({ number }) => !done.has(number));
  const isFailure = (scenario: string, { trials, finishedAt }: Result): boolean =>
    hasFailed(scenario, trials, agenda.known, finishedAt.slice(0, 10));
  let failed = input.done.filter(({ trial, result }) => isFailure(trial.scenario, result)).length;
  const startedAt = now();
  const spentMs = (): number => input.spentMs + now() - startedAt;
  const tell = (text: string, index: number): void =>
    say({
      done: agenda.trials.length - left.length + index,
      all: agenda.trials.length,
      leftMs: pace.leftMs(left.slice(index)),
      text,
    });
  for (const [index, trial] of left.entries()) {
    const wouldTakeMs = spentMs() + pace.leftMs([trial]);
    const late = overBudget(agenda, wouldTakeMs, left.slice(index));
    if (late !== undefined) return late;
    input.spent(wouldTakeMs);
    const sick = await input.recovered(agenda.recoverMs);
    const interrupted = input.interrupted();
    if (sick !== undefined || interrupted !== undefined) input.spent(spentMs());
    if (interrupted !== undefined) return { interrupted };
    if (sick !== undefined) {
      const reason = `${sayTrial(trial)} was not begun: ${sick}`;
      return { stopped: { outcome: 'unhealthy', reason } };
    }
    tell(`${sayTrial(trial)} begins`, index);
    const begunAt = now();
    const startedIso = new Date().toISOString();
    const result = await attempt(input, trial, (text) => tell(text, index));
    pace.took(trial, now() - begunAt);
    input.spent(spentMs());
    if (isFailure(trial.scenario, result)) failed += 1;
    if (isFinished(result)) {
      const { run, finishedAt } = result;
      input.finished({ ...trial, run, startedAt: startedIso, finishedAt }, result);
    }
    tell(`${sayTrial(trial)}: ${result.outcome}: ${result.reason}`, index + 1);
    const { stopAfter } = agenda;
    const end = endAfter(trial, result, failed, {
      safety: input.safety,
      ...(stopAfter !== undefined && { stopAfter }),
    });
    if (end !== undefined) return end;
  }
  return {};
}

/** One that broke nothing, or did not come to its own end, is done again when the campaign is gone on with. */
function isFinished({ trials, outcome, residue }: Result): boolean {
  return trials.length > 0 && residue.length === 0 && !cutShort.includes(outcome);
}

const cutShort: readonly Outcome[] = ['interrupted', 'defect'];

async function attempt(
  { run, recovered, interrupted, agenda }: TrialsInput,
  trial: PlannedTrial,
  tell: (text: string) => void,
): Promise<Result> {
  for (let number = 1; ; number++) {
    const result = await run(trial);
    if (result.outcome !== 'unhealthy' || result.trials.length > 0 || number === attempts)
      return result;
    tell(`${sayTrial(trial)} is begun once more, as nothing was broken: ${result.reason}`);
    const sick = await recovered(agenda.recoverMs);
    if (sick !== undefined || interrupted() !== undefined) return result;
  }
}

/** The budget would be overrun by the next trial: what is left is not begun. */
function overBudget(
  { budgetMs }: Agenda,
  wouldTakeMs: number,
  left: readonly PlannedTrial[],
): Ended | undefined {
  if (budgetMs === undefined || wouldTakeMs <= budgetMs) return undefined;
  const reason = `the budget of ${formatMinutes(budgetMs)} does not reach for ${left.length} more: ${left.map(sayTrial).join(', ')}`;
  return { stopped: { outcome: 'unknown', reason } };
}

/** How long trials take: at first as estimated, then as the ones that were done took on average. */
function paceOf({ agenda, done }: TrialsInput): {
  took: (trial: PlannedTrial, ms: number) => void;
  leftMs: (trials: readonly PlannedTrial[]) => number;
} {
  const times = new Map<string, number[]>();
  const took = ({ scenario }: PlannedTrial, ms: number): void => {
    // By the wall clock, which may have been set back meanwhile: that tells nothing.
    if (ms > 0) times.set(scenario, [...(times.get(scenario) ?? []), ms]);
  };
  for (const { trial } of done)
    took(trial, Date.parse(trial.finishedAt) - Date.parse(trial.startedAt));
  const paceMs = (scenario: string): number => {
    const seen = times.get(scenario) ?? [];
    if (seen.length > 0) return seen.reduce((sum, ms) => sum + ms, 0) / seen.length;
    return agenda.scenarios.find(({ name }) => name === scenario)?.estimateMs ?? 0;
  };
  return { took, leftMs: (all) => all.reduce((sum, { scenario }) => sum + paceMs(scenario), 0) };
}
