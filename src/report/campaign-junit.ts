import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import {
  junitCase,
  junitCounts,
  junitInstant,
  junitProperties,
  junitSeconds,
  type JunitCase,
} from './junit-case.ts';
import { markup, type Markup } from './markup.ts';
import { scenariosIn } from './scenario-told.ts';
import { settledClaim, settledTrials, verdictTitle, type Suite } from './trials-settled.ts';

/**
 * A campaign or a game day as junit.xml: a suite for each scenario, a case for each of its claims over all trials and one
 * for its verdict. Names hold no node, no seed and no number of trials, so that a history by name works.
 */
export function campaignJunit(result: CampaignResult | GamedayResult): string {
  return suitesAsJunit(scenariosIn(result), result);
}

/** Suites as a file. @param when they began and ended, all together */
export function suitesAsJunit(
  suites: readonly Suite[],
  when: Pick<CampaignResult, 'startedAt' | 'finishedAt'>,
): string {
  const { tests, failures, errors } = junitCounts(suites.flatMap(casesOf));
  const took = junitSeconds(Date.parse(when.finishedAt) - Date.parse(when.startedAt));
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="holdfast" tests="${tests}" failures="${failures}" errors="${errors}" time="${took}">
${suites.map((suite) => suiteOf(suite, when.startedAt))}</testsuites>
`.markup;
}

function suiteOf(suite: Suite, startedAt: string): Markup {
  const { scenario, outcome, reason, trials, asked } = suite;
  const cases = casesOf(suite);
  const { tests, failures, errors, skipped } = junitCounts(cases);
  const properties = junitProperties({ outcome, reason, trials: `${trials.length} of ${asked}` });
  return markup`  <testsuite name="${scenario}" tests="${tests}" failures="${failures}" errors="${errors}" skipped="${skipped}" time="${junitSeconds(tookMs(suite))}" timestamp="${junitInstant(suite.runs[0]?.startedAt ?? startedAt)}">
${properties}${cases.map(junitCase)}  </testsuite>
`;
}

function casesOf(suite: Suite): readonly JunitCase[] {
  const classname = `${suite.scenario}.trials`;
  return [
    ...suite.claims.map((claim, index) => ({
      classname,
      name: `${claim.claim}: ${claim.title}`,
      settled: settledClaim(claim, suite),
      output: [claim.sentence, ...missesOf(index, suite)],
    })),
    {
      classname,
      name: verdictTitle,
      settled: settledTrials(suite),
      tookMs: tookMs(suite),
      output: [suite.reason],
    },
  ];
}

/** The verdicts of a claim that are no pass, with the run of each, so that a reader finds it. */
function missesOf(index: number, { trials, runs }: Suite): readonly string[] {
  return trials.flatMap(({ number, verdicts }, trial) => {
    const verdict = verdicts[index];
    if (verdict === undefined || ['pass', 'not-applicable'].includes(verdict.outcome)) return [];
    return [`trial ${number}: ${verdict.outcome}: ${verdict.because} (${runs[trial]?.run ?? ''})`];
  });
}

/** All trials together; milliseconds. */
function tookMs({ runs }: Suite): number {
  const took = runs.map(
    ({ startedAt, finishedAt }) => Date.parse(finishedAt) - Date.parse(startedAt),
  );
  return took.reduce((sum, ms) => sum + (Number.isFinite(ms) ? ms : 0), 0);
}
