import { setMaxListeners } from 'node:events';

/** Why a wait ended before what it waited for. */
export type CutShort = 'timeout' | 'aborted';

/**
 * Calls `onEnd` once, when the time is up or the signal aborts, whichever comes first; at once if it has aborted.
 * Not AbortSignal.timeout: that one does not keep the process alive and may be collected before it fires.
 * @param ms milliseconds
 * @returns what ends the wait without a call; must be called when the awaited thing came
 */
export function deadline(
  ms: number,
  signal: AbortSignal | undefined,
  onEnd: (why: CutShort) => void,
): () => void {
  const end = (why: CutShort) => {
    clear();
    onEnd(why);
  };
  const onAbort = () => end('aborted');
  const timer = setTimeout(() => end('timeout'), ms);
  const clear = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  };
  if (signal?.aborted === true) end('aborted');
  else if (signal !== undefined) {
    // Many waits may share a signal, and each takes its listener away: Node.js would warn of a leak that is none.
    setMaxListeners(0, signal);
    signal.addEventListener('abort', onAbort, { once: true });
  }
  return clear;
}
