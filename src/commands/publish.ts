import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeWhole } from '../campaign/whole-file.ts';
import type { Result } from '../model/result.ts';
import { metricsOf } from '../report/metrics.ts';
import { CommandError } from './context.ts';
import type { TrialsResult } from './stored-campaign.ts';

/** Where a result goes besides its folder. */
export interface PublishOptions {
  /** The file that the textfile collector of node_exporter reads. */
  readonly metrics?: string;
}

/** Hands a result on, once its reports are written. Nothing of it can fail: it warns and goes on. */
export type Publish = (result: Result | TrialsResult) => void;

/**
 * Looks at where a result is to go before anything is broken.
 * @throws CommandError if it cannot go there
 */
export function publisher({ metrics }: PublishOptions): Publish {
  if (metrics !== undefined) mustTakeMetrics(metrics);
  return (result) => {
    if (metrics !== undefined) copyMetrics(metrics, result);
  };
}

function mustTakeMetrics(file: string): void {
  if (!file.endsWith('.prom'))
    throw new CommandError(
      'usage',
      `--metrics ${file}: the textfile collector reads only files that end in .prom, such as holdfast.prom`,
    );
  const folder = dirname(resolve(file));
  try {
    if (!statSync(folder).isDirectory()) throw new Error('it is no folder');
    // Written beside it first, and renamed: the collector must never read half of it.
    accessSync(folder, constants.W_OK);
  } catch (error) {
    throw new CommandError(
      'usage',
      `--metrics ${file}: ${folder} cannot be written to: ${sayError(error)}`,
    );
  }
}

function copyMetrics(file: string, result: Result | TrialsResult): void {
  try {
    writeWhole(file, metricsOf(result));
  } catch (error) {
    console.error(
      `the metrics were not written to ${file}, they are in the folder ${result.run} only: ${sayError(error)}`,
    );
  }
}

function sayError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
