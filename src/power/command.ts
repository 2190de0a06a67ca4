import { execa } from 'execa';
import { revertsByItself, type PowerSwitch } from '../model/clusterfile.ts';
import { PowerError, type PowerDevice } from './power.ts';

// Longer than any smart plug takes to answer; a command that hangs must not hang a healing.
const timeoutMs = 30_000;

/**
 * Any device that a command of this machine's shell can switch: one line each for off, on and state, the last of which
 * prints `on` or `off`. `{seconds}` in the line for off is replaced by the time after which the device reverts.
 */
export function commandDevice(node: string, written: PowerSwitch): PowerDevice {
  const { off, on, state } = written.command;
  return {
    reverts: revertsByItself(written),
    off: async (forMs) => {
      await shell(node, off.replaceAll('{seconds}', String(seconds(forMs))));
    },
    on: async () => {
      await shell(node, on);
    },
    state: async () => {
      const said = (await shell(node, state)).trim().split('\n').at(-1) ?? '';
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

async function shell(node: string, line: string): Promise<string> {
  const ran = await execa('/bin/sh', ['-c', line], {
    reject: false,
    timeout: timeoutMs,
    stdin: 'ignore',
  });
  if (ran.exitCode === 0) return ran.stdout;
  const how = ran.timedOut
    ? `no end within ${timeoutMs / 1000} s`
    : `exit ${ran.exitCode ?? ran.signal ?? 'unknown'}`;
  throw new PowerError(
    `the power command of ${node} failed: ${line}: ${how} after ${(ran.durationMs / 1000).toFixed(1)} s: ${ran.stderr.trim()}`,
  );
}
