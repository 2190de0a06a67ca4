import { appendFileSync } from 'node:fs';
import { messageOf } from '../acts/world.ts';

/**
 * Adds a page to the summary of the job, where GitHub's actions (or those that do as they do) say that there is one, by
 * GITHUB_STEP_SUMMARY. It never fails: it warns.
 * @param markdown of the page
 */
export function addToJobSummary(
  markdown: string,
  env: Readonly<Record<string, string | undefined>> = process.env,
): void {
  const file = env['GITHUB_STEP_SUMMARY'] ?? '';
  if (file === '') return;
  try {
    appendFileSync(file, `${markdown}\n`);
  } catch (error) {
    console.error(`the page was not added to the job's summary, ${file}: ${messageOf(error)}`);
  }
}
