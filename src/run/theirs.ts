import { fromAnyApi } from '../acts/anyapi.ts';
import { messageOf, type World } from '../acts/world.ts';
import type { Intent } from '../model/intent.ts';
import type { ServiceWorkload } from '../model/scenario.ts';
import { StopRun } from './ending.ts';
import { findOwnWorkload, type OwnWorkload } from './own-workload.ts';
import {
  compareOwnObjects,
  isMeant,
  ownObjects,
  sayOwnObjects,
  type Comparison,
  type OwnObject,
} from './untouched.ts';

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

/** What became of it. */
export interface Untouched extends Comparison {
  /** What was not to be changed, and what was and is put back: a line each, of what there is. */
  readonly says: readonly string[];
}

/**
 * Proves that it is as it was before.
 * @param intents those of the run, whatever became of them
 */
export async function proveUntouched(
  { before }: Theirs,
  intents: readonly Intent[],
  world: World,
): Promise<Untouched> {
  const { links, controlPlanes } = world;
  const meant = intents.flatMap(({ inject }) =>
    inject.flatMap((act) => ('kube' in act ? act.path : [])),
  );
  const compared = await fromAnyApi(links, controlPlanes, (kube) =>
    compareOwnObjects(kube, before, meant),
  );
  const says = (words: string, isSo: boolean): readonly string[] => {
    const some = before.filter((one) => isMeant(one, meant) === isSo);
    return some.length === 0 ? [] : [`${words}: ${sayOwnObjects(some)}`];
  };
  return { ...compared, says: [...says('untouched', false), ...says('put back', true)] };
}
