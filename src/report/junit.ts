import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { settledLines, type SettledLine } from './lines.ts';
import { markup, type Markup } from './markup.ts';

/**
 * The run as junit.xml, valid for the schema of the Jenkins xunit plug-in: a test case for each line of the run.
 * A claim that fails is a failure; unknown, invalid, residue and defects are errors; what does not apply is skipped.
 * Names hold no node and no seed, so that a history by name works.
 */
export function junitOf(result: Result, timeline: Timeline | undefined): string {
  const lines = settledLines(timeline, result);
  const count = (kind: SettledLine['settled']['kind']): number =>
    lines.filter(({ settled }) => settled.kind === kind).length;
  const took = Date.parse(result.finishedAt) - Date.parse(result.startedAt);
  const suite = markup`<testsuite name="${result.scenario}" tests="${lines.length}" failures="${count('failed')}" errors="${count('broken')}" skipped="${count('skipped')}" time="${seconds(took)}" timestamp="${result.startedAt.replace(/(\.\d+)?Z$/, '')}">
${propertiesOf(result)}${lines.map((line) => caseOf(line, result.scenario))}  </testsuite>`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="holdfast" tests="${lines.length}" failures="${count('failed')}" errors="${count('broken')}" time="${seconds(took)}">
  ${suite}
</testsuites>
`.markup;
}

function propertiesOf(result: Result): Markup {
  const { cluster } = result;
  const properties = {
    run: result.run,
    outcome: result.outcome,
    exitCode: result.exitCode,
    reason: result.reason,
    seed: result.seed,
    ...(cluster && { cluster: cluster.name, kubernetes: cluster.kubernetes }),
  };
  const each = Object.entries(properties).map(
    ([name, value]) => markup`      <property name="${name}" value="${value}"/>\n`,
  );
  return markup`    <properties>\n${each}    </properties>\n`;
}

function caseOf({ title, of, settled, tookMs, evidence }: SettledLine, scenario: string): Markup {
  const time = tookMs === undefined ? undefined : markup` time="${seconds(tookMs)}"`;
  const inside = evidence.length > 0 && markup`<system-out>${evidence.join('\n')}</system-out>`;
  return markup`    <testcase classname="${scenario}.${of}" name="${title}"${time}>${ending(settled)}${inside}</testcase>\n`;
}

function ending(settled: SettledLine['settled']): Markup | undefined {
  switch (settled.kind) {
    case 'ok':
      return undefined;
    case 'failed':
      return markup`<failure type="claim" message="${settled.because}"/>`;
    case 'broken':
      return markup`<error type="holdfast" message="${settled.because}"/>`;
    case 'skipped':
      return markup`<skipped message="${settled.because}"/>`;
  }
}

/** The schema wants plain decimals without a sign or an exponent. */
function seconds(ms: number): string {
  return (Math.max(0, Number.isFinite(ms) ? ms : 0) / 1000).toFixed(3);
}
