import type { Scenario } from './scenario.ts';

/** Objects that a scenario changes, as `namespace/name`, each once. */
export interface ObjectNames {
  readonly deployments: readonly string[];
  readonly services: readonly string[];
}

/** The objects that the steps of a scenario name: a survey looks at these, and at none besides. */
export function objectsNamed({ steps }: Pick<Scenario, 'steps'>): ObjectNames {
  const single = steps.flatMap((step) => (step.kind === 'each' ? step.steps : step));
  const named = (field: 'deployment' | 'service'): readonly string[] => {
    const names = single.flatMap((step) => {
      const name = step.kind === 'fault' ? step.params[field] : undefined;
      // Those services that a fault ends are none of Kubernetes' Services and have no namespace.
      return typeof name === 'string' && name.includes('/') ? name : [];
    });
    return [...new Set(names)];
  };
  return { deployments: named('deployment'), services: named('service') };
}
