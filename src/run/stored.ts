import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../model/plan.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import { planFile, timelineFile } from './recorder.ts';

/** A folder that holds no run that can be read. */
export class StoredRunError extends Error {
  override readonly name = 'StoredRunError';
}

/**
 * Reads the timeline of a run from its folder. A last line that was cut off in the middle is left out: the run ended
 * while writing it.
 * @throws StoredRunError if the plan is not there or a whole line is no event
 */
export function readStoredRun(folder: string): Timeline {
  const plan = parse(readText(join(folder, planFile)), join(folder, planFile)) as Plan;
  const file = join(folder, timelineFile);
  const text = readText(file);
  const lines = text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
  const events = lines.map((line, i) => parse(line, `${file}:${i + 1}`) as Event);
  return { plan, events };
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

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoredRunError(`${where}: this is not JSON, so the file was changed or damaged`, {
      cause,
    });
  }
}
