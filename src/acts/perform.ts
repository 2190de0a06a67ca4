import { KubeError, type Kube } from '../links/kube.ts';
import type { Act } from '../model/intent.ts';
import { fromAnyApi } from './anyapi.ts';
import { evict, type Told } from './evict.ts';
import { ActError, deviceOf, messageOf, type World } from './world.ts';

const actTimeoutMs = 20_000;

/**
 * Does some acts, those on different nodes at the same time, those on one node in their order.
 * @throws ActError with everything that was not done, all else done
 */
export async function perform(acts: readonly Act[], world: World): Promise<void> {
  await eachPlace(acts, (act) => performOne(act, world));
}

/** @returns what is worth knowing of how it went, if anything is */
export async function performOne(act: Act, world: World, told?: Told): Promise<string | undefined> {
  if ('evict' in act) return evict(act, world, told);
  if ('on' in act) await runOn(act.on, act.sh, world);
  else if ('onAny' in act) await runOnAny(act.onAny, act.sh, world);
  else if ('kube' in act) await callApi(act, world);
  else await switchPower(act, world);
  return undefined;
}

async function switchPower(
  { node, power, forMs }: Extract<Act, { power: string }>,
  world: World,
): Promise<void> {
  const device = deviceOf(node, world);
  if (power === 'off') return device.off(forMs);
  await device.on();
  if (power === 'on') return;
  const state = await device.state();
  if (state !== 'on')
    throw new ActError(
      `the power device of ${node} was told on and says ${state}, so it is not trusted with off`,
    );
}

async function runOn(node: string, sh: string, world: World): Promise<void> {
  const ssh = await world.links.ssh(node);
  const { code, signal, stderr } = await ssh.run(sh, { sudo: true, timeoutMs: actTimeoutMs });
  if (code !== 0)
    throw new ActError(`on ${node}: exit ${code ?? signal ?? 'unknown'}: ${stderr.trim()}`);
}

async function runOnAny(nodes: readonly string[], sh: string, world: World): Promise<void> {
  const said: string[] = [];
  for (const node of nodes) {
    try {
      await runOn(node, sh, world);
      return;
    } catch (error) {
      said.push(messageOf(error));
    }
  }
  throw new ActError(`on none of ${nodes.join(', ')}: ${said.join('; ')}`);
}

async function callApi(act: Extract<Act, { kube: string }>, world: World): Promise<void> {
  await fromAnyApi(world.links, world.controlPlanes, async (kube) => {
    if (act.kube === 'PATCH')
      await kube.patch(act.path, act.body, { kind: Array.isArray(act.body) ? 'json' : 'merge' });
    else if (act.kube === 'POST') await kube.create(act.path, act.body);
    else await remove(kube, act.path, act.body);
  });
}

/**
 * Some API servers remove an object and then call it a conflict, as they look for its uid once more where it is not any
 * more. What is gone was removed; that it is, the proof looks for as ever.
 */
async function remove(kube: Kube, path: string, body: unknown): Promise<void> {
  try {
    await kube.del(path, { body });
  } catch (error) {
    const isConflict = error instanceof KubeError && error.status === 409;
    if (!isConflict || (await kube.request('GET', path)).status !== 404) throw error;
  }
}

/** Evictions come last: a pod that goes while its node is not cordoned yet may come back to it. */
export async function eachPlace(
  acts: readonly Act[],
  one: (act: Act) => Promise<unknown>,
): Promise<void> {
  const isEviction = (act: Act): boolean => 'evict' in act;
  await eachPlaceAtOnce(
    acts.filter((act) => !isEviction(act)),
    one,
  );
  await eachPlaceAtOnce(acts.filter(isEviction), one);
}

async function eachPlaceAtOnce(
  acts: readonly Act[],
  one: (act: Act) => Promise<unknown>,
): Promise<void> {
  const places = groupByPlace(acts);
  const done = await Promise.allSettled(
    [...places.values()].map(async (acts) => {
      const failed: unknown[] = [];
      for (const act of acts) {
        try {
          await one(act);
        } catch (error) {
          failed.push(error);
          // What comes later on a node may need what came before; one plug does not need another.
          if (!('power' in act)) break;
        }
      }
      if (failed.length > 0)
        throw new ActError(failed.map(messageOf).join('; '), { cause: failed[0] });
    }),
  );
  const failed = done
    .filter((outcome) => outcome.status === 'rejected')
    .map(({ reason }) => reason as unknown);
  if (failed.length === 0) return;
  const said = failed.map(messageOf);
  throw new ActError(said.join('; '), { cause: failed[0] });
}

/** Acts of one place keep their order; evictions wait for one another's budgets in the API and not here. */
function placeOf(act: Act): string {
  if ('on' in act) return act.on;
  // Off is at once, on is one after another: a seeded order is an order.
  if ('power' in act) return act.power === 'on' ? 'power' : `power of ${act.node}`;
  if ('evict' in act) return `pod ${act.evict.namespace}/${act.evict.name}`;
  return 'api';
}

function groupByPlace(acts: readonly Act[]): ReadonlyMap<string, readonly Act[]> {
  const places = new Map<string, Act[]>();
  for (const act of acts) {
    const place = placeOf(act);
    places.set(place, [...(places.get(place) ?? []), act]);
  }
  return places;
}
