import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { writeWhole } from '../campaign/whole-file.ts';
import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { htmlOf } from '../report/html.ts';
import { junitOf } from '../report/junit.ts';
import { metricsOf } from '../report/metrics.ts';
import { pageAsMarkdown } from '../report/page.ts';
import { runPage } from '../report/run-page.ts';
import { storedLogs } from '../run/stored-logs.ts';

/** The id of a run that begins now: sorts by time, and ends in six random hexadecimal digits. */
export function newRunId(scenario: string, now = new Date()): string {
  const time = now.toISOString().replace(/\..*$/, 'Z').replaceAll(':', '-');
  return `${time}-${scenario}-${randomBytes(3).toString('hex')}`;
}

/** Makes the folder of a run, and has `latest` beside it point to it. @returns its absolute path */
export function makeRunFolder(reports: string, run: string): string {
  const folder = resolve(reports, run);
  mkdirSync(folder, { recursive: true });
  // A link is replaced by renaming, so that `latest` is there at any time.
  const link = join(resolve(reports), `.latest-${process.pid}`);
  symlinkSync(run, link);
  renameSync(link, join(resolve(reports), 'latest'));
  return folder;
}

/** Writes the views of a result that are files: result.json first, as other programs wait for it. */
export function writeReports(folder: string, result: Result, timeline: Timeline | undefined): void {
  writeWhole(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  writeWhole(join(folder, 'junit.xml'), junitOf(result, timeline));
  writeWhole(join(folder, 'metrics.prom'), metricsOf(result));
  writeWhole(join(folder, 'summary.md'), pageAsMarkdown(runPage(result, timeline)));
  const logs = timeline === undefined ? [] : storedLogs(folder, timeline.plan.snapshot);
  writeWhole(join(folder, 'report.html'), htmlOf(result, timeline, logs));
}
