import { setTimeout as delay } from 'node:timers/promises';
import { KubeError, type Kube } from '../links/kube.ts';

/** Dqlite turns writes away for seconds after its leader has changed: "database is locked". */
const patienceMs = 15_000;
const pauseMs = 500;

/**
 * Creates an object that nobody but us creates, again where the server fails. It may have failed after it was created:
 * one that is there already at a second attempt is ours.
 * @throws KubeError what the server answered last
 */
export async function createPatiently(
  kube: Pick<Kube, 'create'>,
  path: string,
  object: unknown,
  patience = { forMs: patienceMs, pauseMs },
): Promise<void> {
  const end = performance.now() + patience.forMs;
  for (let isFirst = true; ; isFirst = false) {
    try {
      await kube.create(path, object);
      return;
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.status === 409 && !isFirst) return;
      if (error.status < 500 || performance.now() > end) throw error;
    }
    await delay(patience.pauseMs);
  }
}
