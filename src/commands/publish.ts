import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { messageOf } from '../acts/world.ts';
import { writeWhole } from '../campaign/whole-file.ts';
import type { Result } from '../model/result.ts';
import { metricsOf } from '../report/metrics.ts';
import { noticeBody, type WebhookFormat } from '../report/notice.ts';
import { webhookAt, WebhookAddressError, type Webhook } from '../report/webhook.ts';
import { CommandError } from './context.ts';
import { addToJobSummary } from './job-summary.ts';
import type { TrialsResult } from './stored-campaign.ts';

/** Where a result goes besides its folder. */
export interface PublishOptions {
  /** The file that the textfile collector of node_exporter reads. */
  readonly metrics?: string;
  /** The address that is told; a secret. */
  readonly webhook?: string;
  readonly webhookFormat?: WebhookFormat;
}

/**
 * Hands a result on, once its reports are written. It never fails: it warns and goes on.
 * @param folder where they are
 */
export type Publish = (result: Result | TrialsResult, folder: string) => Promise<void>;

type Env = Record<string, string | undefined>;

/**
 * Looks at where a result is to go before anything is broken.
 * @param env has the address of the webhook, if no option has; it is taken out of it, so that no program that is started
 * later gets the secret
 * @throws CommandError if it cannot go there
 */
export function publisher(options: PublishOptions, env: Env = process.env): Publish {
  const { metrics, webhookFormat = 'json' } = options;
  if (metrics !== undefined) mustTakeMetrics(metrics);
  const webhook = webhookOf(options, env);
  return async (result, folder) => {
    if (metrics !== undefined) copyMetrics(metrics, result);
    const summary = join(folder, 'summary.md');
    if (existsSync(summary)) addToJobSummary(readFileSync(summary, 'utf8'), env);
    if (webhook !== undefined) await tell(webhook, noticeBody(result, webhookFormat));
  };
}

function webhookOf({ webhook }: PublishOptions, env: Env): Webhook | undefined {
  const from = webhook === undefined ? 'HOLDFAST_WEBHOOK' : '--webhook';
  const address = webhook ?? env['HOLDFAST_WEBHOOK'];
  delete env['HOLDFAST_WEBHOOK'];
  // CI systems set a variable whose secret is not there to nothing.
  if (address === undefined || address === '') return undefined;
  try {
    return webhookAt(address);
  } catch (error) {
    if (!(error instanceof WebhookAddressError)) throw error;
    throw new CommandError(
      'usage',
      `${from} cannot be used (it is not printed, as it is a secret): ${error.message}`,
    );
  }
}

/** The run is over: a signal ends the telling, and does not become how the run ended. */
async function tell(webhook: Webhook, body: string): Promise<void> {
  const stop = new AbortController();
  const onSignal = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  const because = await webhook.send(body, stop.signal);
  for (const signal of signals) process.off(signal, onSignal);
  if (because !== undefined)
    console.error(
      `the webhook at ${webhook.host} was not told: ${because}; the reports are all there`,
    );
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
      `--metrics ${file}: ${folder} cannot be written to: ${messageOf(error)}`,
    );
  }
}

function copyMetrics(file: string, result: Result | TrialsResult): void {
  try {
    writeWhole(file, metricsOf(result));
  } catch (error) {
    console.error(
      `the metrics were not written to ${file}, they are in the folder ${result.run} only: ${messageOf(error)}`,
    );
  }
}
