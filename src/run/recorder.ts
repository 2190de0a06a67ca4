import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../model/plan.ts';
import type { Event, Timeline } from '../model/timeline.ts';

export const planFile = 'run.json';
export const timelineFile = 'timeline.jsonl';

/** Writes a run down as it happens: the plan first, then a line for each event, in memory and on disk alike. */
export class Recorder {
  readonly folder: string;
  readonly #plan: Plan;
  readonly #events: Event[] = [];
  readonly #file: number;
  readonly #listeners: ((event: Event) => void)[] = [];

  /** @throws Error if the folder cannot be written */
  constructor(folder: string, plan: Plan) {
    this.folder = folder;
    this.#plan = plan;
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, planFile), `${JSON.stringify(plan, null, 2)}\n`, { flush: true });
    this.#file = openSync(join(folder, timelineFile), 'a');
  }

  /** All so far; it grows. */
  get timeline(): Timeline {
    return { plan: this.#plan, events: this.#events };
  }

  readonly record = (event: Event): void => {
    this.#events.push(event);
    writeSync(this.#file, `${JSON.stringify(event)}\n`);
    // An intent must survive a loss of power before anything of it is done.
    if (event.type === 'fault' && event.state === 'journaled') fsyncSync(this.#file);
    for (const listener of this.#listeners) listener(event);
  };

  /** Tells of every event from now on. */
  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}
