import { setTimeout as delay } from 'node:timers/promises';
import { SurveyError } from '../links/survey-error.ts';
import { survey } from '../links/survey.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { formatMinutes } from '../model/minutes.ts';
import { illness } from '../run/illness.ts';

const everyMs = 2000;

/**
 * The gate between two trials: waits until a survey finds the cluster well.
 * @param interrupted ends the waiting
 * @returns why it is not, if it did not become so in time
 */
export async function untilRecovered(
  cluster: ClusterFile,
  atMostMs: number,
  interrupted: AbortSignal,
): Promise<string | undefined> {
  const end = performance.now() + atMostMs;
  for (;;) {
    const because = await survey(cluster, { signal: interrupted }).then(
      ({ snapshot }) => illness(snapshot),
      (error: unknown) => {
        if (error instanceof SurveyError) return error.message;
        throw error;
      },
    );
    if (because === undefined) return undefined;
    if (interrupted.aborted || performance.now() > end)
      return `the cluster was not well within ${formatMinutes(atMostMs)}: ${because}`;
    await delay(everyMs, undefined, { signal: interrupted }).catch(() => undefined);
  }
}
