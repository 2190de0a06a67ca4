import type { z } from 'zod';
import type { Timeline } from './timeline.ts';
import type { Verdict } from './verdict.ts';

/** A kind of claim: a pure function from a timeline to a verdict. No claim does any I/O or reads a clock. */
export interface Claim<Params = Readonly<Record<string, unknown>>> {
  /** One line for `--help` and the docs. */
  readonly summary: string;
  /** Strict; what a person writes under the claim's name; durations come out in milliseconds. */
  readonly schema: z.ZodType<Params>;
  /** Names of the probes it reads. */
  readonly probes: readonly string[];
  /** Its `after` may be the word `heal` instead of the id of a fault. */
  readonly fromHealing?: true;
  /** Its failure is no matter of timing: it stands even where the run's timings are void. */
  readonly failureStands?: true;
  /** The promise with its limit, for reports: "a new leader within 5 s". No node, no seed. */
  readonly title: (params: Params) => string;
  /** Has what it waits for been seen? Asked during a run, of the timeline so far, by `wait: { until: seen }`. */
  readonly seen: (params: Params, timeline: Timeline) => boolean;
  readonly judge: (params: Params, timeline: Timeline) => Verdict;
}
