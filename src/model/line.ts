import type { Step } from './scenario.ts';
import type { Phase } from './timeline.ts';

/** One line of a run as a list of tests: a phase, a step or a claim, and how it settled. */
export interface Line {
  /** A fact that holds if the line is ok; names no node and no seed, so that runs can be compared by it. */
  readonly title: string;
  /** The scenario file it comes from. */
  readonly file: string;
  /** What it is known by from run to run; its title if absent, which for a claim has its limit in it, that may change. */
  readonly key?: string;
  /** What was done before it settled; asked for once it has. */
  readonly steps?: () => readonly LineStep[];
  /** Never rejects: what went wrong is a value. */
  readonly settled: Promise<Settled>;
}

/** Something that was done, in a few words, and whether it came to be as it should. */
export interface LineStep {
  readonly title: string;
  readonly ok: boolean;
  /** What it was made of. */
  readonly steps?: readonly LineStep[];
}

/**
 * How a line ended. *failed*: a claim does not hold. *broken*: it could not be done or could not be told.
 * *skipped*: it was not reached, or does not apply here. `because` is one sentence.
 */
export type Settled =
  | { readonly kind: 'ok' }
  | { readonly kind: 'failed'; readonly because: string }
  | { readonly kind: 'broken'; readonly because: string }
  | { readonly kind: 'skipped'; readonly because: string };

/** The phases that are lines of their own; the steps have a line each, and the end of a run has none. */
export type PhaseWithLine = Exclude<Phase, 'steps' | 'done'>;

/** Titles of the lines of phases. */
export const phaseTitles: Readonly<Record<PhaseWithLine, string>> = {
  preflight: 'preflight: the cluster is fit for this scenario',
  workload: 'workload: deployed, and it answers',
  steady: 'steady state: the cluster is well before anything is broken',
  heal: 'heal: everything done has been taken back',
  settle: 'recovery: the cluster is as it was before',
};

/**
 * The title of a step's line, such as `step 1: kill datastore of leader`.
 * @param index of the step in its scenario, from 0: it keeps equal steps apart
 */
export function stepTitle(step: Step, index: number): string {
  return `step ${index + 1}: ${sayStep(step)}`;
}

function sayStep(step: Step): string {
  switch (step.kind) {
    case 'fault': {
      const service = step.params['service'];
      const { target } = step.params;
      const what = typeof service === 'string' ? ` ${service}` : '';
      if (target === undefined) return `${step.fault}${what}`;
      return `${step.fault}${what} of ${typeof target === 'string' ? target : 'a named node'}`;
    }
    case 'hold':
      return `hold for ${step.forMs / 1000} s`;
    case 'until-seen':
      return `wait until every claim's end is seen, at most ${step.atMostMs / 1000} s`;
    case 'until-well':
      return `wait until the cluster is well again, at most ${step.atMostMs / 1000} s`;
    case 'heal':
      return step.step === 'all' ? 'heal all' : `heal ${step.step}`;
  }
}
