import { phaseTitles, stepTitle, type Line, type Settled } from '../model/line.ts';
import type { Outcome } from '../model/outcome.ts';
import { isSeen } from '../model/span.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Result } from '../model/result.ts';
import type { Phase, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { faultsOf, howMissed, phasesOf, was, type FaultStory, type PhaseStory } from './story.ts';

/** A line of a run that is over. */
export interface SettledLine {
  readonly title: string;
  /** What it is a line of; a claim's has the claim's name in front of its title. */
  readonly of: 'run' | 'claim';
  readonly settled: Settled;
  /** How long it took, or what a claim measured; absent if not known. */
  readonly tookMs?: number;
  /** What a reader can check, a line each. */
  readonly evidence: readonly string[];
}

/**
 * A stored run as lines: the phases that happened, every step, heal, recovery, every claim. If none of them says why
 * the run did not pass, a last one does, so that no view of a run that did not pass is all green.
 */
export function settledLines(
  timeline: Timeline | undefined,
  result: Result,
): readonly SettledLine[] {
  const lines = [
    ...(timeline === undefined ? [] : linesOfRun(timeline, result)),
    ...result.trials.flatMap((trial) => trial.verdicts).map(lineOfClaim),
  ];
  return toldBy(lines, result.outcome) ? lines : [...lines, lineOfOutcome(result)];
}

/** The same for mocha: lines that have settled already. */
export function linesOf(timeline: Timeline | undefined, result: Result): readonly Line[] {
  const file = timeline?.plan.file ?? result.scenario;
  return settledLines(timeline, result).map(({ title, settled }) => ({
    title,
    file,
    settled: Promise.resolve(settled),
  }));
}

function linesOfRun(timeline: Timeline, result: Result): readonly SettledLine[] {
  const phases = phasesOf(timeline);
  const faults = faultsOf(timeline);
  const lineOf = (phase: keyof typeof phaseTitles, settle: Settle): readonly SettledLine[] => {
    const story = phases.find((story) => story.phase === phase);
    if (story === undefined) return [];
    const tookMs = story.to - story.from;
    return [{ title: phaseTitles[phase], of: 'run', settled: settle(story), tookMs, evidence: [] }];
  };
  const led: Settle = ({ phase }) => settlePhase(phase, phases, result);
  return [
    ...lineOf('preflight', led),
    ...lineOf('workload', led),
    ...lineOf('steady', led),
    ...linesOfSteps(timeline, result),
    ...lineOf('heal', () => settleHeal(faults, result)),
    ...lineOf('settle', () => settleRecovery(timeline)),
  ];
}

type Settle = (phase: PhaseStory) => Settled;

const ok: Settled = { kind: 'ok' };
const broken = (because: string): Settled => ({ kind: 'broken', because });
const skipped = (because: string): Settled => ({ kind: 'skipped', because });

/** A phase of the way in succeeded if the run went on from it, and not straight to healing. */
function settlePhase(phase: Phase, phases: readonly PhaseStory[], result: Result): Settled {
  const next = phases[phases.findIndex((story) => story.phase === phase) + 1]?.phase;
  if (next !== undefined && ['workload', 'steady', 'steps'].includes(next)) return ok;
  return result.outcome === 'skipped' ? skipped(result.reason) : broken(result.reason);
}

/** Steps come one after the other, so what is known of a later one settles those before it. */
function linesOfSteps(timeline: Timeline, result: Result): readonly SettledLine[] {
  const { steps } = timeline.plan;
  const faults = new Map(faultsOf(timeline).map((fault) => [fault.step, fault]));
  const begun = phasesOf(timeline).some(({ phase }) => phase === 'steps');
  const last = steps.findLastIndex((step) => faults.has(step.id));
  let stopped: string | undefined = begun ? undefined : 'not reached';
  return steps.map((step, index) => {
    const fault = faults.get(step.id);
    const settled: Settled =
      stopped !== undefined && index > last
        ? skipped(stopped)
        : settleStep(step, fault, { passed: index < last, faults, result });
    if (settled.kind !== 'ok') stopped ??= 'not reached: a step before it did not succeed';
    return {
      title: stepTitle(step, index),
      of: 'run',
      settled,
      ...(fault !== undefined && { tookMs: tookOf(fault) }),
      evidence: fault?.events.map(({ at, state }) => `${(at / 1000).toFixed(3)} s ${state}`) ?? [],
    };
  });
}

interface StepContext {
  /** A fault of a later step is in the timeline. */
  readonly passed: boolean;
  readonly faults: ReadonlyMap<string, FaultStory>;
  readonly result: Result;
}

function settleStep(
  step: PlannedStep,
  fault: FaultStory | undefined,
  { passed, faults, result }: StepContext,
): Settled {
  if (step.kind === 'fault') return fault ? settleFault(fault) : skipped(notReached(result));
  if (!passed && cutShort.includes(result.outcome)) return skipped(notReached(result));
  if (step.kind !== 'heal') return ok;
  const taken = [...faults.values()].filter(
    (fault) => step.step === 'all' || fault.step === step.step,
  );
  return settleHeal(taken, result);
}

/** Outcomes of runs that may have ended between two steps. */
const cutShort: readonly Outcome[] = ['interrupted', 'defect', 'unreachable', 'refused', 'locked'];

function notReached(result: Result): string {
  return `not reached: ${result.reason}`;
}

function settleFault(fault: FaultStory): Settled {
  const missed = fault.events.find((event) => event.state === 'missed');
  if (missed)
    return broken(`it ${howMissed(fault)}: ${missed.because ?? 'its proof did not say yes'}`);
  if (was(fault, 'bit')) return ok;
  const reached = fault.events.at(-1)?.state ?? 'nothing';
  return broken(`that it bit was not proved; it got as far as "${reached}"`);
}

function settleHeal(faults: readonly FaultStory[], result: Result): Settled {
  const residue = faults.flatMap((fault) =>
    fault.events.filter((event) => event.state === 'residue'),
  );
  const [first] = residue;
  if (first) return broken(result.residue.join('; ') || (first.because ?? `of step ${first.step}`));
  const open = faults.filter((fault) => !was(fault, 'gone'));
  if (open.length === 0) return ok;
  return broken(`not seen to be gone: ${open.map((fault) => fault.step).join(', ')}`);
}

function settleRecovery(timeline: Timeline): Settled {
  const after = timeline.events.findLast(
    (event) => event.type === 'state' && event.when === 'after',
  );
  if (after?.type !== 'state') return broken('the cluster was not surveyed afterwards');
  return after.differences.length === 0 ? ok : broken(after.differences.join('; '));
}

function lineOfClaim(verdict: Verdict): SettledLine {
  const { measuredMs } = verdict;
  return {
    title: `${verdict.claim}: ${verdict.title}`,
    of: 'claim',
    settled: settledBy(verdict),
    ...(measuredMs && {
      tookMs: isSeen(measuredMs) ? (measuredMs.lo + measuredMs.hi) / 2 : measuredMs.atLeast,
    }),
    evidence: verdict.evidence,
  };
}

/** How a claim's line settles: only *fail* fails it; what could not be told is broken. */
export function settledBy({ outcome, because }: Verdict): Settled {
  switch (outcome) {
    case 'pass':
      return ok;
    case 'fail':
      return { kind: 'failed', because };
    case 'unknown':
      return broken(`unknown: ${because}`);
    case 'invalid':
      return broken(`invalid: ${because}`);
    case 'not-applicable':
      return skipped(because);
  }
}

function toldBy(lines: readonly SettledLine[], outcome: Outcome): boolean {
  const kinds = new Set(lines.map(({ settled }) => settled.kind));
  if (outcome === 'pass') return true;
  if (outcome === 'skipped') return kinds.has('skipped');
  return outcome === 'fail' ? kinds.has('failed') : kinds.has('broken');
}

function lineOfOutcome({ outcome, reason, residue }: Result): SettledLine {
  const because = [`${outcome}: ${reason}`, ...residue].join('; ');
  const settled: Settled =
    outcome === 'fail'
      ? { kind: 'failed', because }
      : outcome === 'skipped'
        ? skipped(reason)
        : broken(because);
  return { title: 'the run comes to a verdict', of: 'run', settled, evidence: [] };
}

function tookOf(fault: FaultStory): number {
  const first = fault.events[0]?.at ?? 0;
  const proved = fault.events.find(({ state }) => state === 'bit' || state === 'missed');
  return (proved?.at ?? fault.events.at(-1)?.at ?? first) - first;
}
