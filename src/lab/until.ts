import { setTimeout as delay } from 'node:timers/promises';
import { LabError } from './error.ts';
import type { Question } from './platform.ts';

const pollMs = 100;

/**
 * Asks until nothing is missing any more.
 * @param says what to tell a person of what was still missing when the time was up
 * @throws LabError with it
 */
export async function untilAnswered(
  question: Question,
  timeoutMs: number,
  says: (missing: string) => string,
): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const missing = await question().catch((error: unknown) =>
      error instanceof Error ? error.message : String(error),
    );
    if (missing === undefined) return;
    if (performance.now() > deadline) throw new LabError(says(missing));
    await delay(pollMs);
  }
}
