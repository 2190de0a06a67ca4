import type { V1Deployment } from '@kubernetes/client-node/dist/gen/models/V1Deployment.js';
import type { V1Service } from '@kubernetes/client-node/dist/gen/models/V1Service.js';
import type { ObjectNames } from '../model/named-objects.ts';
import { objectPath } from '../model/object-path.ts';
import type {
  DeploymentFacts,
  NamedObjects,
  PodTemplate,
  ServiceFacts,
} from '../model/snapshot.ts';
import { understood } from './errors.ts';
import { KubeError, type Json, type Kube, type RequestExtras } from './kube.ts';

/**
 * Asks one API server for some objects by their names.
 * @throws LinkError, KubeError but for an object that there is not
 */
export async function askObjects(
  kube: Kube,
  { deployments, services }: ObjectNames,
  extras: RequestExtras,
): Promise<NamedObjects> {
  const each = async <Facts>(
    kind: 'deployments' | 'services',
    names: readonly string[],
    read: (found: object) => Facts,
  ): Promise<Record<string, Facts>> => {
    const found = await Promise.all(
      names.map(async (name): Promise<[string, Facts][]> => {
        const object = await ifThere(kube.get<object>(objectPath(kind, name), extras));
        if (object === undefined) return [];
        return [[name, understood(kube.node, `what the API says of ${name}`, () => read(object))]];
      }),
    );
    return Object.fromEntries(found.flat());
  };
  const [readDeployments, readServices] = await Promise.all([
    each('deployments', deployments, readDeployment),
    each('services', services, readService),
  ]);
  return { deployments: readDeployments, services: readServices };
}

async function ifThere<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof KubeError && error.status === 404) return undefined;
    throw error;
  }
}

function readDeployment(found: object): DeploymentFacts {
  const { metadata, spec } = found as Json<V1Deployment>;
  if (metadata?.uid === undefined || spec === undefined)
    throw new TypeError('a Deployment without uid or spec');
  return {
    uid: metadata.uid,
    replicas: spec.replicas ?? 1,
    labels: spec.selector.matchLabels ?? {},
    template: readTemplate(spec.template),
  };
}

/** As it came, with all that is in it: what is taken back must be just that. */
function readTemplate(template: unknown): PodTemplate {
  const { spec } = template as PodTemplate;
  if (!spec.containers.every(({ name }) => typeof name === 'string'))
    throw new TypeError('a container without a name');
  return template as PodTemplate;
}

function readService(found: object): ServiceFacts {
  const { metadata, spec } = found as Json<V1Service>;
  if (metadata?.uid === undefined) throw new TypeError('a Service without uid');
  return { uid: metadata.uid, selector: spec?.selector ?? {} };
}
