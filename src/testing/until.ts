import { setTimeout as delay } from 'node:timers/promises';

const pollMs = 300;

/** Asks again and again until it is so. @throws if it is not in time: within a minute and a half, or as long as is said */
export async function until(so: () => Promise<boolean>, timeoutMs = 90_000): Promise<void> {
  const end = performance.now() + timeoutMs;
  while (!(await so())) {
    if (performance.now() > end)
      throw new Error(`not within ${timeoutMs / 1000} s: ${so.toString()}`);
    await delay(pollMs);
  }
}
