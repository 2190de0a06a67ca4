const roots = { deployments: '/apis/apps/v1', services: '/api/v1' } as const;

/** Where the API has an object. @param object `namespace/name` */
export function objectPath(kind: keyof typeof roots, object: string): string {
  const [namespace = '', name = ''] = object.split('/');
  return `${roots[kind]}/namespaces/${namespace}/${kind}/${name}`;
}
