import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../model/plan.ts';
import { wrongEvent, wrongPlan, wrongValue } from '../model/stored-schema.ts';
import type { EndEvent, Event, Timeline } from '../model/timeline.ts';
import { planFile, timelineFile } from './recorder.ts';
import { Sealing, withoutSeal } from './seal.ts';

/** A folder that holds no run that can be read, or one that was changed since it was written. */
export class StoredRunError extends Error {
  override readonly name = 'StoredRunError';
}

/** The files of a stored run: their names, for messages, and their texts. */
export interface StoredFiles {
  readonly plan: { readonly name: string; readonly text: string };
  readonly timeline: { readonly name: string; readonly text: string };
}

/**
 * Reads the timeline of a run from its folder.
 * @throws StoredRunError as `timelineIn` does, or if a file cannot be read
 */
export function readStoredRun(folder: string): Timeline {
  const read = (name: string): StoredFiles['plan'] => ({
    name: join(folder, name),
    text: readText(join(folder, name)),
  });
  return timelineIn({ plan: read(planFile), timeline: read(timelineFile) });
}

/**
 * Understands the files of a run. A last line that was cut off in the middle is left out: the run ended while writing it.
 * A run that came to its end is sealed, and must be as it was written. One without an end was killed and is *invalid*;
 * so is one whose end has no seal, as nothing shows that it is all there.
 * @throws StoredRunError if it was changed: the seal is broken, a line is no event, or the plan is none
 */
export function timelineIn({ plan: planText, timeline }: StoredFiles): Timeline {
  const { name, text } = timeline;
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const plan = parse(planText.text, planText.name);
  const events = lines.map((line, index) => parse(line, name, index + 1));
  const end = events.findIndex(isEnd);
  if (end >= 0 && end < lines.length - 1)
    throw new StoredRunError(
      `${name}:${end + 2}:1: there is more after the end of the run, so the file was changed`,
    );
  const last = events[end];
  if (isEnd(last) && last.seal !== undefined) {
    const wrong = brokenSeal(last.seal, planText.text, lines);
    if (wrong !== undefined)
      throw new StoredRunError(`${name}:${end + 1}:1: ${wrong}, so it was changed or damaged`);
    return { plan: plan as Plan, events: events as Event[] };
  }
  must(wrongPlan(plan), `${planText.name}:1:1`);
  const known = plan as Plan;
  const probes = new Map(known.series.map(({ id, probe }) => [id, probe]));
  const checked = events.map((event, index) => eventIn(event, probes, `${name}:${index + 1}:1`));
  return {
    plan: known,
    events: isEnd(last) ? [...checked.slice(0, -1), unsealed(last)] : checked,
  };
}

/** @param probes by the ids of their series */
function eventIn(value: unknown, probes: ReadonlyMap<string, string>, where: string): Event {
  must(wrongEvent(value), where);
  const event = value as Event;
  if (event.type !== 'sample' || (event.value === undefined && event.ok !== true)) return event;
  must(wrongValue(probes.get(event.series) ?? '', event.value), where);
  return event;
}

function isEnd(event: unknown): event is EndEvent {
  return typeof event === 'object' && event !== null && 'type' in event && event.type === 'end';
}

/** What a seal does not say of a run; undefined if it is whole. */
function brokenSeal(
  { lines: counted, sha256 }: NonNullable<EndEvent['seal']>,
  plan: string,
  lines: readonly string[],
): string | undefined {
  if (counted !== lines.length - 1)
    return `the run was sealed with ${counted} lines before this one, and there are ${lines.length - 1}`;
  const sealing = new Sealing(plan);
  for (const line of lines.slice(0, -1)) sealing.add(line);
  return sealing.seal(withoutSeal(lines.at(-1) ?? '')).sha256 === sha256
    ? undefined
    : `the run or its ${planFile} is not as it was when it was sealed`;
}

/** The end of a run that is there and shows nothing. */
function unsealed(end: EndEvent): EndEvent {
  const reason =
    'the end of the run carries no seal, so nothing shows that all of it is there: it was written by an older Holdfast, or changed';
  return { ...end, stopped: end.stopped ?? { outcome: 'invalid', reason } };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new StoredRunError(
      `${file} cannot be read; a run's folder has ${planFile} and ${timelineFile}`,
      { cause },
    );
  }
}

/** @param line of a file with JSON in each; without it, the file is JSON as a whole */
function parse(text: string, file: string, line?: number): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { row, column } = placeOf(cause, text);
    throw new StoredRunError(
      `${file}:${line ?? row}:${column}: this is not JSON, so the file was changed or damaged`,
      { cause },
    );
  }
}

/** Where JSON went wrong, from 1. */
function placeOf(error: unknown, text: string): { readonly row: number; readonly column: number } {
  const said = error instanceof Error ? /at position (\d+)/.exec(error.message)?.[1] : undefined;
  const at = said === undefined ? unexpectedIn(text) : Number(said);
  const before = text.slice(0, at).split('\n');
  return { row: before.length, column: (before.at(-1) ?? '').length + 1 };
}

/** Where the token is that JSON.parse did not expect: it says so of each part that holds it, and of none that ends before. */
function unexpectedIn(text: string): number {
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (hasUnexpected(text.slice(0, middle + 1))) high = middle;
    else low = middle + 1;
  }
  return low;
}

function hasUnexpected(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && error.message.startsWith('Unexpected token');
  }
}

/** @throws StoredRunError if something is wrong */
function must(wrong: string | undefined, where: string): void {
  if (wrong !== undefined)
    throw new StoredRunError(`${where}: ${wrong}, so the file was changed or damaged`);
}
