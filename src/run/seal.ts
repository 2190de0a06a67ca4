import { createHash } from 'node:crypto';
import type { Seal } from '../model/timeline.ts';

/** Counts and digests the lines of a run as they are written, or as they are read again. */
export class Sealing {
  readonly #digest = createHash('sha256');
  #lines = 0;

  /** @param plan the text of the plan's file */
  constructor(plan: string) {
    this.#digest.update(plan);
  }

  /** Takes one line of the timeline, without its end. */
  add(line: string): void {
    this.#digest.update(line).update('\n');
    this.#lines += 1;
  }

  /** The seal of all lines so far and of the last one, which is to carry it. Nothing can be added after it. */
  seal(last: string): Seal {
    return { lines: this.#lines, sha256: this.#digest.update(last).digest('hex') };
  }
}

const mark = ',"seal":';

/** The line of the last event with its seal. @param line JSON of an object that is not empty */
export function withSeal(line: string, seal: Seal): string {
  return `${line.slice(0, -1)}${mark}${JSON.stringify(seal)}}`;
}

/** The same line as it was before it was sealed. */
export function withoutSeal(line: string): string {
  const at = line.lastIndexOf(mark);
  return at < 0 ? line : `${line.slice(0, at)}}`;
}
