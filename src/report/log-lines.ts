import { stripVTControlCharacters } from 'node:util';
import type { NodeLog } from '../model/node-log.ts';
import { grouped } from '../model/grouped.ts';

/** A line of a log, or several that differ in nothing but numbers: the first of them. */
export interface LogLine {
  /** From the fault, by the node's own clock; milliseconds. */
  readonly afterMs: number;
  readonly text: string;
  readonly times: number;
  /** The last of them. */
  readonly lastMs: number;
}

/** What one service of one node said around a fault. */
export interface LogExcerpt {
  readonly node: string;
  readonly service: string;
  readonly lines: readonly LogLine[];
  /** Lines in that time which are not shown. */
  readonly left: number;
}

/** What is shown of a log: from so long before a fault to so long after it; milliseconds. */
export const shown = { beforeMs: 1000, afterMs: 10_000 } as const;

/** A longer line is cut. Characters. */
const longest = 300;

/**
 * The lines of some logs around an instant, those of each log in the order of their instants.
 * @param wallMs the instant as milliseconds since 1970
 * @param limit lines of each log, those that stand for several counted once
 * @returns what stands for several lines, at the instant of the first
 */
export function excerptsOf(
  logs: readonly NodeLog[],
  wallMs: number,
  limit: number,
): readonly LogExcerpt[] {
  return logs.map(({ node, service, text }) => {
    const inside = linesIn(text)
      .map(({ atMs, text }) => ({ afterMs: atMs - wallMs, text }))
      .filter(({ afterMs }) => afterMs >= -shown.beforeMs && afterMs <= shown.afterMs)
      .sort((a, b) => a.afterMs - b.afterMs);
    const folded = fold(inside);
    const lines = folded.slice(0, limit);
    const left = folded.slice(limit).reduce((sum, { times }) => sum + times, 0);
    return { node, service, lines, left };
  });
}

/** An instant with its offset from UTC, as journald (short-iso-precise) and container runtimes write it. */
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)) (.*)$/;

/** Lines that begin with an instant; others go on with one and are left out. */
function linesIn(text: string): readonly { readonly atMs: number; readonly text: string }[] {
  return text.split('\n').flatMap((line) => {
    const [, at, rest] = stamp.exec(line) ?? [];
    if (at === undefined || rest === undefined) return [];
    const atMs = Date.parse(at);
    return Number.isNaN(atMs) ? [] : [{ atMs, text: cleaned(rest) }];
  });
}

/** Without colours, and without the host and the stream, which are the same for all lines of a log. */
function cleaned(line: string): string {
  const text = stripVTControlCharacters(line)
    .replace(/^(?:stdout|stderr) [FP] /, '')
    .replace(/^\S+ (\S+\[\d+\]: )/, '$1');
  return text.length > longest ? `${text.slice(0, longest)}…` : text;
}

/** Lines that differ in nothing but numbers, also hexadecimal ones, are one: a retry says the same hundreds of times. */
function fold(lines: readonly Pick<LogLine, 'afterMs' | 'text'>[]): readonly LogLine[] {
  const shapeOf = (text: string): string => text.replace(/[0-9a-f]*\d[0-9a-f]*/gi, '#');
  return [...grouped(lines, ({ text }) => shapeOf(text)).values()].flatMap((such) => {
    const [first] = such;
    const last = such.at(-1);
    return first && last ? [{ ...first, times: such.length, lastMs: last.afterMs }] : [];
  });
}
