import { open, readFile, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './error.ts';

const pauseMs = 200;
const atMostMs = 30 * 60_000;

/** Does some work while no other process does work under the same file; a file whose process is gone counts for nothing. */
export async function locked<T>(
  file: string,
  say: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const deadline = performance.now() + atMostMs;
  let said = false;
  while (!(await take(file))) {
    if (performance.now() > deadline)
      throw new LabError(`${file} is still held after ${atMostMs / 60_000} minutes`);
    if (!said) say(`waiting for another process that is at work (${file})`);
    said = true;
    await delay(pauseMs);
  }
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string): Promise<boolean> {
  try {
    const handle = await open(file, 'wx');
    await handle.writeFile(String(process.pid));
    await handle.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const holder = (await readFile(file, 'utf8').catch(() => '')).trim();
  if (holder !== '' && !existsSync(`/proc/${holder}`)) await rm(file, { force: true });
  return false;
}
