import type { Settled } from '../model/line.ts';
import { markup, type Markup } from './markup.ts';

/** A test case of junit.xml; its name holds no node and no seed, so that a history by name works. */
export interface JunitCase {
  readonly classname: string;
  readonly name: string;
  readonly settled: Settled;
  /** Absent if not known. */
  readonly tookMs?: number;
  /** What a reader can check, a line each. */
  readonly output: readonly string[];
}

/**
 * One case, as Jenkins, GitLab and GitHub's actions show it: why it did not pass is the message, which Jenkins shows, and
 * with all that can be checked the text, which GitLab shows. A claim that does not hold is a failure, what could not be
 * told an error.
 */
export function junitCase({ classname, name, settled, tookMs, output }: JunitCase): Markup {
  const time = tookMs === undefined ? undefined : markup` time="${junitSeconds(tookMs)}"`;
  const inside = output.length > 0 && markup`<system-out>${output.join('\n')}</system-out>`;
  return markup`    <testcase classname="${classname}" name="${name}"${time}>${ending(settled, output)}${inside}</testcase>\n`;
}

function ending(settled: Settled, output: readonly string[]): Markup | undefined {
  if (settled.kind === 'ok') return undefined;
  const { because } = settled;
  const text = [because, ...output.filter((line) => line !== because)].join('\n');
  switch (settled.kind) {
    case 'failed':
      return markup`<failure type="claim" message="${because}">${text}</failure>`;
    case 'broken':
      return markup`<error type="holdfast" message="${because}">${text}</error>`;
    case 'skipped':
      return markup`<skipped message="${because}">${because}</skipped>`;
  }
}

/** How many cases ended in each way, as a suite says it. */
export function junitCounts(cases: readonly Pick<JunitCase, 'settled'>[]): {
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
} {
  const count = (kind: Settled['kind']): number =>
    cases.filter(({ settled }) => settled.kind === kind).length;
  return {
    tests: cases.length,
    failures: count('failed'),
    errors: count('broken'),
    skipped: count('skipped'),
  };
}

/** The properties of a suite. */
export function junitProperties(properties: Readonly<Record<string, string | number>>): Markup {
  const each = Object.entries(properties).map(
    ([name, value]) => markup`      <property name="${name}" value="${value}"/>\n`,
  );
  return markup`    <properties>\n${each}    </properties>\n`;
}

/** The schema wants plain decimals without a sign or an exponent. */
export function junitSeconds(ms: number): string {
  return (Math.max(0, Number.isFinite(ms) ? ms : 0) / 1000).toFixed(3);
}

/** As the schema wants it: without parts of a second and without a zone; it is UTC. */
export function junitInstant(iso: string): string {
  return iso.replace(/(\.\d+)?Z$/, '');
}
