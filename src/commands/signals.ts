/** Ctrl-C and SIGTERM while a run is going. */
export interface Interruption {
  /** Aborts with the first signal. */
  readonly aborted: AbortSignal;
  readonly signal: () => 'SIGINT' | 'SIGTERM' | undefined;
  /** Lets go of the signals. */
  readonly close: () => void;
}

/** npm passes a Ctrl-C on that the terminal has sent us already: two within this time are one. */
const sameMs = 1000;

/**
 * Takes the signals: the first one stops and heals; a second Ctrl-C, a second later or more, calls `insist`.
 * SIGTERM never ends healing.
 * @param insist absent for who has nothing to heal
 */
export function takeSignals(say: (text: string) => void, insist?: () => never): Interruption {
  const stopping = new AbortController();
  let first: 'SIGINT' | 'SIGTERM' | undefined;
  let firstAt = 0;
  const take = (signal: 'SIGINT' | 'SIGTERM'): void => {
    const now = performance.now();
    if (first === undefined) {
      first = signal;
      firstAt = now;
      say(`${signal}: stopping; what was done is taken back first`);
      stopping.abort();
    } else if (signal === 'SIGINT' && now - firstAt > sameMs) {
      insist?.();
    }
  };
  const onInt = (): void => take('SIGINT');
  const onTerm = (): void => take('SIGTERM');
  process.on('SIGINT', onInt);
  process.on('SIGTERM', onTerm);
  // A terminal that was closed must not end a run in the middle of a fault.
  process.on('SIGHUP', onTerm);
  return {
    aborted: stopping.signal,
    signal: () => first,
    close: () => {
      process.off('SIGINT', onInt);
      process.off('SIGTERM', onTerm);
      process.off('SIGHUP', onTerm);
    },
  };
}
