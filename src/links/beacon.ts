import { setTimeout as delay } from 'node:timers/promises';
import type { Span } from '../model/span.ts';
import { LinkError } from './errors.ts';
import type { RootShell } from './shell.ts';

// What it costs: some eighty small packets a second, for the second or two in which a machine is switched off.
const restMs = 10;
// A packet that is lost comes again after 0.2 s, and once more after 0.6 s: silence is longer.
const silentMs = 1000;

/**
 * Signs of life of a node: it is asked for its clock without a rest, and answers until the instant in which it loses its
 * power. When a switch was told off is not when the machine stopped: relays and their radio take their time.
 */
export class Beacon {
  readonly #shell: RootShell;
  readonly #silence: Promise<Span | undefined>;
  #stopped = false;

  /** @param shell is its own from now on, and closed in the end */
  constructor(shell: RootShell) {
    this.#shell = shell;
    this.#silence = this.#listen();
  }

  /**
   * When it fell silent, on the shell's clock: it answered what was sent at `lo`; it did not answer what was sent next,
   * which has twice the longest round trip so far to come back in.
   * @returns undefined if it is not silent after so long, or never spoke
   */
  async silence(withinMs: number): Promise<Span | undefined> {
    const life = new AbortController();
    const gaveUp = delay(withinMs, undefined, { signal: life.signal }).catch(() => undefined);
    const silence = await Promise.race([this.#silence, gaveUp]);
    life.abort();
    this.stop();
    return silence;
  }

  stop(): void {
    this.#stopped = true;
    this.#shell.close();
  }

  #isStopped(): boolean {
    return this.#stopped;
  }

  async #listen(): Promise<Span | undefined> {
    const { clock } = this.#shell;
    let lastSign: number | undefined;
    let longestTrip = 0;
    while (!this.#isStopped()) {
      const sentMs = clock();
      try {
        const { gotMs } = await this.#shell.ping({ timeoutMs: silentMs });
        lastSign = sentMs;
        longestTrip = Math.max(longestTrip, gotMs - sentMs);
      } catch (error) {
        if (this.#isStopped() || !(error instanceof LinkError) || lastSign === undefined)
          return undefined;
        // A connection that breaks does so by then; an answer that never comes may have been on its way for a while.
        const hi = error.kind === 'lost' ? clock() : sentMs + 2 * longestTrip + restMs;
        return { lo: lastSign, hi };
      }
      await delay(restMs);
    }
    return undefined;
  }
}
