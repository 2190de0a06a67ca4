import type { Agenda, PlannedTrial } from '../model/agenda.ts';
import type { Stop } from '../model/conclude.ts';
import { isSeen } from '../model/span.ts';
import type { Result } from '../model/result.ts';

/** Why no further trial is begun. */
export interface Ended {
  readonly interrupted?: 'SIGINT' | 'SIGTERM';
  readonly stopped?: Stop;
  /** What a trial left behind. */
  readonly residue?: readonly string[];
}

/** What the rules for stopping have to know. */
export interface StopRules {
  /** Claims whose failure is one of safety: what was acknowledged is lost, or the cluster does not come back. */
  readonly safety: ReadonlySet<string>;
  readonly stopAfter?: Agenda['stopAfter'];
}

/**
 * Why nothing more may be broken after a trial; undefined if the next one may begin. A trial that was not to be, because
 * a guard or the cluster said no, ends the campaign with what it said.
 * @param failed how many trials have failed so far, this one among them
 */
export function endAfter(
  planned: PlannedTrial,
  result: Result,
  failed: number,
  { safety, stopAfter }: StopRules,
): Ended | undefined {
  const { outcome, reason, residue, exitCode, trials } = result;
  const trial = sayTrial(planned);
  if (residue.length > 0 || outcome === 'residue')
    return { residue: residue.map((line) => `${trial}: ${line}`) };
  if (outcome === 'interrupted') return { interrupted: exitCode === 143 ? 'SIGTERM' : 'SIGINT' };
  const violated = trials
    .flatMap(({ verdicts }) => verdicts)
    .find(
      // What came back, though late, did come back.
      ({ claim, outcome, measuredMs }) =>
        outcome === 'fail' &&
        safety.has(claim) &&
        (measuredMs === undefined || !isSeen(measuredMs)),
    );
  if (violated !== undefined)
    return stop(
      'fail',
      `${trial} broke a promise of safety: ${violated.claim}: ${violated.because}`,
    );
  if (trials.length === 0 || outcome === 'defect')
    return stop(outcome, `${trial} could not be done: ${reason}`);
  if (stopAfter !== undefined && failed >= stopAfter)
    return stop('fail', `${failed} trials have failed, the last one ${trial}: ${reason}`);
  return undefined;
}

/** `trial 7 of leader-loss` */
export function sayTrial({ trial, scenario }: PlannedTrial): string {
  return `trial ${trial} of ${scenario}`;
}

function stop(outcome: Result['outcome'], reason: string): Ended {
  const mild = outcome === 'pass' || outcome === 'residue' || outcome === 'interrupted';
  return { stopped: { outcome: mild ? 'defect' : outcome, reason } };
}
