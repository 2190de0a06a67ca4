import type { Progress } from '../lab/progress.ts';

/** Does the work, and says nothing of it. */
export const quiet: Progress = { say: () => undefined, step: (_, work) => work() };
