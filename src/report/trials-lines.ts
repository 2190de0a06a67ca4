import type { TrialRun } from '../model/campaign-result.ts';
import type { Line, LineStep } from '../model/line.ts';
import type { FaultSummary, Trial } from '../model/result.ts';
import { sayInstant } from '../model/span.ts';
import type { Verdict } from '../model/verdict.ts';
import { none, sayMeasured } from './figures.ts';
import { settledClaim, settledTrials, verdictTitle, type Suite } from './trials-settled.ts';

/**
 * The trials of a scenario as lines: one for each claim over all of them, known by the same key as in a single run, and
 * one for their verdict. A line for each claim of each trial would be hundreds of which nobody knows one again.
 */
export function trialsLines(suite: Suite): readonly Line[] {
  const { scenario, claims } = suite;
  return [
    ...claims.map((claim, index) => ({
      title: `${claim.claim}: ${claim.title}`,
      key: claim.claim,
      file: scenario,
      steps: () => trialSteps(index, suite),
      settled: Promise.resolve(settledClaim(claim, suite)),
    })),
    { title: verdictTitle, file: scenario, settled: Promise.resolve(settledTrials(suite)) },
  ];
}

/** A step for each trial, with what it measured or why it did not hold, and in it what was done to the cluster. */
function trialSteps(claim: number, { trials, runs }: Suite): readonly LineStep[] {
  return trials.flatMap((trial, index) => {
    const verdict = trial.verdicts[claim];
    return verdict === undefined ? [] : [trialStep(trial, verdict, runs[index])];
  });
}

function trialStep(
  { number, faults }: Trial,
  verdict: Verdict,
  run: TrialRun | undefined,
): LineStep {
  const { outcome, because } = verdict;
  const isWell = outcome === 'pass';
  const measured = sayMeasured(verdict);
  const said = isWell && measured !== none ? measured : because;
  return {
    title: `trial ${number}: ${outcome}: ${said}${run === undefined ? '' : ` (${run.run}, seed ${run.seed})`}`,
    ok: isWell || outcome === 'not-applicable',
    steps: faults.map(faultStep),
  };
}

function faultStep({ fault, target, firedMs, bit, gone }: FaultSummary): LineStep {
  const when = firedMs === undefined ? 'was not fired' : `was fired at ${sayInstant(firedMs.lo)}`;
  const took = bit ? 'bit' : 'was not proved to bite';
  const back = gone ? 'was taken back' : 'was not seen to be taken back';
  return { title: `${fault} of ${target} ${when}, ${took} and ${back}`, ok: bit && gone };
}
