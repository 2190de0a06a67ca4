import { fromAnyApi } from '../acts/anyapi.ts';
import { messageOf, type World } from '../acts/world.ts';
import type { ServiceWorkload } from '../model/scenario.ts';
import { StopRun } from './ending.ts';
import { findOwnWorkload, type OwnWorkload } from './own-workload.ts';
import { compareOwnObjects, ownObjects, sayOwnObjects, type OwnObject } from './untouched.ts';

/** What a run asks and is not ours: the Service of a cluster's users, and what owns the pods behind it. */
export interface Theirs {
  readonly workload: OwnWorkload;
  /** As they were before anything was made or broken. */
  readonly before: readonly OwnObject[];
}

/** @throws StopRun refused, where it is not there or cannot be reached; unreachable */
export async function findTheirs(meant: ServiceWorkload, world: World): Promise<Theirs> {
  const found = await fromAnyApi(world.links, world.controlPlanes, async (kube) => {
    const workload = await findOwnWorkload(kube, meant);
    return 'noWay' in workload
      ? workload
      : { workload, before: await ownObjects(kube, workload.address) };
  }).catch((error: unknown) => {
    throw new StopRun('unreachable', messageOf(error), { cause: error });
  });
  if ('noWay' in found) throw new StopRun('refused', found.noWay);
  return found;
}

/**
 * Proves that it is as it was before.
 * @returns what is not, a sentence each, and what else is to be told
 */
export async function proveUntouched(
  { before }: Theirs,
  world: World,
): Promise<{
  readonly changed: readonly string[];
  readonly noted: readonly string[];
  readonly says: string;
}> {
  const { links, controlPlanes } = world;
  const compared = await fromAnyApi(links, controlPlanes, (kube) =>
    compareOwnObjects(kube, before),
  );
  return { ...compared, says: sayOwnObjects(before) };
}
