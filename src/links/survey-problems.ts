/** What goes wrong with single nodes does not end a survey: all of it is told together. */
import { LinkError } from './errors.ts';
import { KubeError } from './kube.ts';

/** What is wrong with each node, one sentence each. */
export type Problems = Map<string, string>;

export function allBut(excused: readonly string[], problems: Problems): readonly string[] {
  return [...problems].filter(([name]) => !excused.includes(name)).map(([, problem]) => problem);
}

/** Asks all nodes at once; notes what went wrong on each, and goes on. */
export async function eachNode<T>(
  names: readonly string[],
  problems: Problems,
  ask: (name: string) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const answers = new Map<string, T>();
  await Promise.all(
    names.map(async (name) => {
      try {
        answers.set(name, await ask(name));
      } catch (error) {
        problems.set(name, sayProblem(error));
      }
    }),
  );
  return answers;
}

/** What a link or an API server had to say; anything else is a defect of ours, and no problem of the cluster's. */
export function sayProblem(error: unknown): string {
  if (error instanceof LinkError || error instanceof KubeError) return error.message;
  throw error;
}
