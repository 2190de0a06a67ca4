import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, type World } from '../../acts/world.ts';
import type { Kube } from '../../links/kube.ts';
import { notFit, ok, type Finding } from './finding.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const watchS = 2;
const deadlineMs = 4000;
const changes = 3;
const pauseMs = 400;

/**
 * Does every API server see what is changed through another? Makes a ConfigMap of its own in namespace default, changes
 * it, and removes it. A watch that begins late shows the object as it is, so only a change counts.
 */
export async function watchLiveness({ links, controlPlanes }: World): Promise<readonly Finding[]> {
  const name = `holdfast-doctor-${randomBytes(4).toString('hex')}`;
  const kubes = controlPlanes.map((node) => links.kube(node));
  const writer = await firstToMake(kubes, name);
  if (writer === undefined)
    return [notFit('watches', 'no API server takes a ConfigMap', 'look at the API servers')];
  try {
    const watching = kubes.map((kube) => watch(kube, name));
    await change(kubes, writer, name);
    return (await Promise.all(watching)).map((seen, i) => {
      const node = controlPlanes[i] ?? '';
      if (seen === 'changed') return ok('watches', `${node} sees what is changed elsewhere`);
      return notFit(
        'watches',
        `the API server of ${node} sees no changes: ${seen}`,
        `restart the datastore and Kubernetes on ${node}`,
      );
    });
  } finally {
    await Promise.any(kubes.map((kube) => kube.del(`${configMaps}/${name}`))).catch(
      () => undefined,
    );
  }
}

async function firstToMake(kubes: readonly Kube[], name: string): Promise<Kube | undefined> {
  for (const kube of kubes) {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name }, data: { step: '0' } };
    const made = await kube.create(configMaps, body).then(
      () => true,
      () => false,
    );
    if (made) return kube;
  }
  return undefined;
}

/** Watches for two seconds. @returns `changed`, or what came instead */
async function watch(kube: Kube, name: string): Promise<string> {
  const path = `${configMaps}?watch=true&fieldSelector=metadata.name%3D${name}&timeoutSeconds=${watchS}`;
  try {
    const { status, text } = await kube.request('GET', path, { deadlineMs });
    if (text.includes('"type":"MODIFIED"')) return 'changed';
    return status === 200 ? `a watch of ${watchS} s told of no change` : `HTTP ${status}`;
  } catch (error) {
    return messageOf(error);
  }
}

/** Changes it through another API server than the first, where there is one. */
async function change(kubes: readonly Kube[], first: Kube, name: string): Promise<void> {
  for (let step = 1; step <= changes; step++) {
    await delay(pauseMs);
    const kube = kubes[step % kubes.length] ?? first;
    const patch = (by: Kube): Promise<unknown> =>
      by.patch(`${configMaps}/${name}`, { data: { step: String(step) } });
    await patch(kube).catch(() => patch(first).catch(() => undefined));
  }
}
