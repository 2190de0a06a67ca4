import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import {
  junitCase,
  junitCounts,
  junitInstant,
  junitProperties,
  junitSeconds,
  type JunitCase,
} from './junit-case.ts';
import { settledLines } from './lines.ts';
import { markup } from './markup.ts';

/**
 * The run as junit.xml, valid for the schema of the Jenkins xunit plug-in: a test case for each line of the run.
 * A claim that fails is a failure; unknown, invalid, residue and defects are errors; what does not apply is skipped.
 * Names hold no node and no seed, so that a history by name works.
 */
export function junitOf(result: Result, timeline: Timeline | undefined): string {
  const { run, scenario, outcome, exitCode, reason, seed, cluster } = result;
  const cases = settledLines(timeline, result).map(
    ({ title, of, evidence, ...line }): JunitCase => ({
      ...line,
      classname: `${scenario}.${of}`,
      name: title,
      output: evidence,
    }),
  );
  const { tests, failures, errors, skipped } = junitCounts(cases);
  const took = junitSeconds(Date.parse(result.finishedAt) - Date.parse(result.startedAt));
  const file = timeline === undefined ? undefined : markup` file="${timeline.plan.file}"`;
  const properties = junitProperties({
    run,
    outcome,
    exitCode,
    reason,
    seed,
    ...(cluster && {
      cluster: cluster.name,
      platform: cluster.platform,
      kubernetes: cluster.kubernetes,
    }),
  });
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="holdfast" tests="${tests}" failures="${failures}" errors="${errors}" time="${took}">
  <testsuite name="${scenario}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${took}" timestamp="${junitInstant(result.startedAt)}"${file}>
${properties}${cases.map(junitCase)}  </testsuite>
</testsuites>
`.markup;
}
