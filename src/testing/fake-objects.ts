import { KubeError, type Kube } from '../links/kube.ts';

/** An API that has some objects, by their paths, and lists, which have `items`; what it has not, it has not found. */
export function objectsAt(objects: Readonly<Record<string, unknown>>): Pick<Kube, 'get' | 'list'> {
  const get = <T>(path: string): Promise<T> =>
    path in objects
      ? Promise.resolve(objects[path] as T)
      : Promise.reject(new KubeError('pi1', 'GET', path, { status: 404, headers: {}, text: '{}' }));
  return { get, list: async <T>(path: string) => (await get<{ items: T[] }>(path)).items };
}
