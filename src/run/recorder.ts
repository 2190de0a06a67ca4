import { closeSync, fsyncSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from '../model/plan.ts';
import type { EndEvent, Event, Timeline } from '../model/timeline.ts';
import { Sealing, withSeal } from './seal.ts';

export const planFile = 'run.json';
export const timelineFile = 'timeline.jsonl';

/**
 * Writes a run down as it happens: the plan first, then a line for each event, in memory and on disk alike. The last one,
 * `end`, is sealed; what comes after it is told to listeners and belongs to no run.
 */
export class Recorder {
  readonly folder: string;
  readonly #plan: Plan;
  readonly #events: Event[] = [];
  readonly #file: number;
  readonly #listeners: ((event: Event) => void)[] = [];
  readonly #sealing: Sealing;
  #ended = false;

  /** @throws Error if the folder cannot be written */
  constructor(folder: string, plan: Plan) {
    this.folder = folder;
    this.#plan = plan;
    mkdirSync(folder, { recursive: true });
    const text = `${JSON.stringify(plan, null, 2)}\n`;
    writeFileSync(join(folder, planFile), text, { flush: true });
    this.#sealing = new Sealing(text);
    this.#file = openSync(join(folder, timelineFile), 'a');
  }

  /** All so far; it grows. */
  get timeline(): Timeline {
    return { plan: this.#plan, events: this.#events };
  }

  readonly record = (event: Event): void => {
    if (event.type === 'end') this.#end(event);
    else if (!this.#ended) this.#write(event);
    for (const listener of this.#listeners) listener(event);
  };

  #write(event: Event): void {
    const line = JSON.stringify(event);
    this.#sealing.add(line);
    this.#events.push(event);
    writeSync(this.#file, `${line}\n`);
    // An intent must survive a loss of power before anything of it is done.
    if (event.type === 'fault' && event.state === 'journaled') fsyncSync(this.#file);
  }

  #end(event: EndEvent): void {
    if (this.#ended) throw new Error('a run ends once');
    this.#ended = true;
    const line = JSON.stringify(event);
    const seal = this.#sealing.seal(line);
    this.#events.push({ ...event, seal });
    writeSync(this.#file, `${withSeal(line, seal)}\n`);
  }

  /** Tells of every event from now on. */
  listen(listener: (event: Event) => void): void {
    this.#listeners.push(listener);
  }

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}
