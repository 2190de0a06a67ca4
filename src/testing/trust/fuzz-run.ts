import fc from 'fast-check';
import { alertTargets } from './fuzz-alerts.ts';
import { dqliteTargets } from './fuzz-dqlite.ts';
import { etcdTargets } from './fuzz-etcd.ts';
import { fileTargets } from './fuzz-files.ts';
import { kubeTargets } from './fuzz-kube.ts';
import { shellTargets } from './fuzz-shell.ts';
import type { Target } from './fuzz-target.ts';
import { timelineTargets } from './fuzz-timeline.ts';

/** All that is fed what is not well formed. */
export const targets: readonly Target[] = [
  ...fileTargets,
  ...timelineTargets,
  ...dqliteTargets,
  ...etcdTargets,
  ...kubeTargets,
  ...alertTargets,
  ...shellTargets,
];

/** What came of feeding one target. */
export interface Fed {
  readonly cases: number;
  /** The longest that a case took; milliseconds. */
  readonly slowestMs: number;
  /** What is wrong, and with which case; absent if nothing is. */
  readonly found?: string;
}

/** No case may take longer; milliseconds, on a machine that does much else. */
export const slowestMs = 5000;

/**
 * Feeds a target its cases, and shrinks the first one that breaks it.
 * @param seed the same cases for the same seed
 * @param onCase called after each
 */
export async function feed(
  { cases, feed: feedOne, close }: Target,
  runs: number,
  seed: number,
  onCase: () => void = () => undefined,
): Promise<Fed> {
  let fed = 0;
  let slowest = 0;
  const rejected: string[] = [];
  const onRejection = (error: unknown): void => void rejected.push(String(error));
  process.on('unhandledRejection', onRejection);
  const property = fc.asyncProperty(cases, async (one) => {
    const from = performance.now();
    await feedOne(one);
    const tookMs = performance.now() - from;
    fed += 1;
    slowest = Math.max(slowest, tookMs);
    onCase();
    if (tookMs > slowestMs) throw new Error(`it took ${Math.round(tookMs)} ms`);
    if (rejected.length > 0) throw new Error(`nobody caught: ${rejected.join('; ')}`);
  });
  const run = await fc.check(property, { numRuns: runs, seed });
  await close?.();
  process.off('unhandledRejection', onRejection);
  const error = run.errorInstance;
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return {
    cases: fed,
    slowestMs: slowest,
    ...(run.failed && {
      found: `${said}, fed ${fc.stringify(run.counterexample).slice(0, 300)} (seed ${seed}, path ${run.counterexamplePath ?? ''})`,
    }),
  };
}
