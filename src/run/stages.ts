import { messageOf } from '../acts/world.ts';
import type { PhaseWithLine, Settled } from '../model/line.ts';
import type { Phase } from '../model/timeline.ts';
import type { Clock } from './clock.ts';
import type { Recorder } from './recorder.ts';

/** The stages of a run, as they are written down and told: each begins, and its line is settled when it has ended. */
export class Stages {
  readonly #recorder: Recorder;
  readonly #now: Clock['now'];
  readonly settle: (key: PhaseWithLine | number, settled: Settled) => void;

  constructor(recorder: Recorder, now: Clock['now'], settle: Stages['settle']) {
    this.#recorder = recorder;
    this.#now = now;
    this.settle = settle;
  }

  /** A stage without a line of its own. */
  begin(phase: Phase): void {
    const wall = new Date().toISOString();
    this.#recorder.record({ type: 'phase', at: this.#now(), phase, wall });
  }

  /** @throws what the work throws */
  async run(phase: PhaseWithLine, work: () => Promise<void>): Promise<void> {
    this.begin(phase);
    return this.settled(phase, work);
  }

  /** Work that has a line: its stage, or a step. @throws what the work throws */
  async settled(line: PhaseWithLine | number, work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.settle(line, { kind: 'ok' });
    } catch (error) {
      this.settle(line, { kind: 'broken', because: messageOf(error) });
      throw error;
    }
  }

  /** A stage of cleaning up: the next one comes whatever becomes of it. @returns whether it was done */
  async clean(phase: PhaseWithLine, work: () => Promise<void>): Promise<boolean> {
    try {
      await this.run(phase, work);
      return true;
    } catch (error) {
      this.note('error', messageOf(error));
      return false;
    }
  }

  note(level: 'info' | 'warning' | 'error', text: string): void {
    this.#recorder.record({ type: 'note', at: this.#now(), level, text });
  }
}
