import {
  phaseTitles,
  stepTitle,
  type Line,
  type PhaseWithLine,
  type Settled,
} from '../model/line.ts';
import type { Plan } from '../model/plan.ts';

/** The lines of a run, known from its plan before it begins, settled one by one while it goes. */
export interface LineList {
  readonly lines: readonly Line[];
  readonly settle: (key: PhaseWithLine | number, settled: Settled) => void;
  /** Settles whatever is not settled yet. */
  readonly settleRest: (settled: Settled) => void;
}

/** One line for each phase that has one and for each step, in the order in which they happen. Steps are keyed by index. */
export function lineList(plan: Plan): LineList {
  const settlers = new Map<PhaseWithLine | number, (settled: Settled) => void>();
  const line = (key: PhaseWithLine | number, title: string): Line => ({
    title,
    file: plan.file,
    settled: new Promise((resolve) => settlers.set(key, resolve)),
  });
  const phase = (key: PhaseWithLine): Line => line(key, phaseTitles[key]);
  const lines = [
    phase('preflight'),
    phase('workload'),
    phase('steady'),
    ...plan.steps.map((step, index) => line(index, stepTitle(step, index))),
    phase('heal'),
    phase('settle'),
  ];
  return {
    lines,
    settle: (key, settled) => settlers.get(key)?.(settled),
    settleRest: (settled) => {
      for (const settle of settlers.values()) settle(settled);
    },
  };
}
