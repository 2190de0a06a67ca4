import { execa } from 'execa';
import { revertsByItself, type PowerSwitch } from '../model/clusterfile.ts';
import { PowerError, type PowerDevice } from './power.ts';

// Longer than any smart plug takes to answer; a command that hangs must not hang a healing.
const longestMs = 30_000;

/**
 * Any device that a command of this machine's shell can switch: one line each for off, on and state, the last of which
 * prints `on` or `off`. `{seconds}` in the line for off is replaced by the time after which the device reverts.
 * @param timeoutMs for each command; it is then ended with all that it started
 */
export function commandDevice(
  node: string,
  written: PowerSwitch,
  timeoutMs = longestMs,
): PowerDevice {
  const { off, on, state } = written.command;
  const ask = (line: string): Promise<string> => shell(node, line, timeoutMs);
  return {
    reverts: revertsByItself(written),
    off: async (forMs) => {
      await ask(off.replaceAll('{seconds}', String(seconds(forMs))));
    },
    on: async () => {
      await ask(on);
    },
    state: async () => {
      const said = (await ask(state)).trim().split('\n').at(-1) ?? '';
      if (said === 'on' || said === 'off') return said;
      throw new PowerError(
        `the command for the power state of ${node} printed "${said}", neither on nor off: ${state}`,
      );
    },
  };
}

/** A device that is told nothing keeps the power off for a day, which is for ever in a game day. */
function seconds(forMs = 86_400_000): number {
  return Math.ceil(forMs / 1000);
}

async function shell(node: string, line: string, timeoutMs: number): Promise<string> {
  // A group of its own: a shell that is ended leaves behind what it waits for.
  const running = execa('/bin/sh', ['-c', line], {
    reject: false,
    detached: true,
    stdin: 'ignore',
  });
  const timeOut = new AbortController();
  const timer = setTimeout(() => {
    timeOut.abort();
    endGroup(running.pid);
  }, timeoutMs);
  const ran = await running.finally(() => clearTimeout(timer));
  if (ran.exitCode === 0) return ran.stdout;
  const how = timeOut.signal.aborted
    ? `no end within ${timeoutMs / 1000} s`
    : `exit ${ran.exitCode ?? ran.signal ?? 'unknown'}`;
  throw new PowerError(
    `the power command of ${node} failed: ${line}: ${how} after ${(ran.durationMs / 1000).toFixed(1)} s: ${ran.stderr.trim()}`,
  );
}

function endGroup(leader: number | undefined): void {
  try {
    if (leader !== undefined) process.kill(-leader, 'SIGKILL');
  } catch {
    // All of it ended in this very moment.
  }
}
