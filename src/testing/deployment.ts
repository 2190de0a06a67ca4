import type { DeploymentFacts } from '../model/snapshot.ts';

/** A Deployment of the workload as a survey records it: three pods of one container, nginx 1.29, version v1. */
export function deploymentOf(changes: Partial<DeploymentFacts> = {}): DeploymentFacts {
  return {
    uid: 'uid-of-web',
    replicas: 3,
    labels: { app: 'web' },
    template: {
      metadata: { labels: { app: 'web', version: 'v1' } },
      spec: {
        containers: [{ name: 'nginx', image: 'docker.io/library/nginx:1.29', ports: [] }],
        restartPolicy: 'Always',
      },
    },
    ...changes,
  };
}
