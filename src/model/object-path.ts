const apps = '/apis/apps/v1';

const roots = {
  daemonsets: apps,
  deployments: apps,
  replicasets: apps,
  services: '/api/v1',
  statefulsets: apps,
} as const;

/** Objects that are asked about, as their paths name them. */
export type ObjectKind = keyof typeof roots;

/** Where the API has an object. @param object `namespace/name` */
export function objectPath(kind: ObjectKind, object: string): string {
  const [namespace = '', name = ''] = object.split('/');
  return `${roots[kind]}/namespaces/${namespace}/${kind}/${name}`;
}
