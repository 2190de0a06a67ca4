import type { CampaignResult, GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import type { ClaimStatistics } from '../model/statistics.ts';
import { markup, type Markup } from './markup.ts';

/** One scenario of it, as a suite. */
export type Suite = Pick<
  GamedayScenario,
  'scenario' | 'asked' | 'trials' | 'claims' | 'outcome' | 'reason' | 'tolerated'
>;

/**
 * A campaign or a game day as junit.xml: a suite for each scenario, a case for each of its claims over all trials and one
 * for its verdict. Names hold no node, no seed and no number of trials, so that a history by name works.
 */
export function campaignJunit(result: CampaignResult | GamedayResult): string {
  return suitesAsJunit(
    result.kind === 'gameday' ? result.scenarios : [{ ...result, tolerated: [] }],
    result,
  );
}

/** Suites as a file. @param when they began and ended, all together */
export function suitesAsJunit(
  suites: readonly Suite[],
  result: Pick<CampaignResult, 'startedAt' | 'finishedAt'>,
): string {
  const took = seconds(Date.parse(result.finishedAt) - Date.parse(result.startedAt));
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="holdfast" tests="${sum(suites, () => true)}" failures="${sum(suites, isFailed)}" errors="${sum(suites, isBroken)}" time="${took}">
${suites.map((suite) => suiteOf(suite, result.startedAt))}</testsuites>
`.markup;
}

interface Case {
  readonly title: string;
  readonly kind: 'ok' | 'failed' | 'broken' | 'skipped';
  readonly because: string;
}

function suiteOf(suite: Suite, startedAt: string): Markup {
  const cases = casesOf(suite);
  const count = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length;
  return markup`  <testsuite name="${suite.scenario}" tests="${cases.length}" failures="${count('failed')}" errors="${count('broken')}" skipped="${count('skipped')}" time="0.000" timestamp="${startedAt.replace(/(\.\d+)?Z$/, '')}">
    <properties>
      <property name="outcome" value="${suite.outcome}"/>
      <property name="reason" value="${suite.reason}"/>
      <property name="trials" value="${suite.trials.length} of ${suite.asked}"/>
    </properties>
${cases.map((one) => caseOf(one, suite.scenario))}  </testsuite>
`;
}

function casesOf(suite: Suite): readonly Case[] {
  return [
    ...suite.claims.map((claim) => ({
      title: `${claim.claim}: ${claim.title}`,
      kind: kindOf(claim, suite),
      because: claim.sentence,
    })),
    { title: 'all trials come to a verdict', kind: verdictKind(suite), because: suite.reason },
  ];
}

function kindOf(claim: ClaimStatistics, { tolerated }: Suite): Case['kind'] {
  const isKnown = tolerated.some((known) => known.claim === claim.claim);
  if (claim.failed > 0 && !isKnown) return 'failed';
  if (claim.unknown > 0 || (claim.invalid > 0 && claim.passed === 0)) return 'broken';
  return claim.passed > 0 || isKnown ? 'ok' : 'skipped';
}

function verdictKind({ outcome }: Suite): Case['kind'] {
  // A failed claim has a case of its own, and what stopped the trials may be a failure, too.
  if (outcome === 'pass') return 'ok';
  if (outcome === 'skipped') return 'skipped';
  return outcome === 'fail' ? 'failed' : 'broken';
}

function caseOf({ title, kind, because }: Case, scenario: string): Markup {
  return markup`    <testcase classname="${scenario}.trials" name="${title}">${endingOf(kind, because)}</testcase>\n`;
}

function endingOf(kind: Case['kind'], because: string): Markup {
  switch (kind) {
    case 'ok':
      return markup`<system-out>${because}</system-out>`;
    case 'failed':
      return markup`<failure type="claim" message="${because}"/>`;
    case 'broken':
      return markup`<error type="holdfast" message="${because}"/>`;
    case 'skipped':
      return markup`<skipped message="${because}"/>`;
  }
}

const isFailed = ({ kind }: Case): boolean => kind === 'failed';
const isBroken = ({ kind }: Case): boolean => kind === 'broken';

function sum(suites: readonly Suite[], is: (one: Case) => boolean): number {
  return suites.flatMap(casesOf).filter(is).length;
}

function seconds(ms: number): string {
  return (Math.max(0, Number.isFinite(ms) ? ms : 0) / 1000).toFixed(3);
}
