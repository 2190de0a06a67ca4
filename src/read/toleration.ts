import { parseAllDocuments } from 'yaml';

interface Toleration {
  readonly key?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

interface Manifest {
  readonly spec?: {
    readonly template?: { readonly spec?: { readonly tolerations?: readonly Toleration[] } };
  };
}

/**
 * How long the pods of a workload stay on a node that does not answer, by their own word: that of the most impatient.
 * @param manifests YAML, as many documents as there are
 * @returns milliseconds, Infinity for ever; undefined if none of them says so, and the cluster's default holds
 */
export function tolerationIn(manifests: string): number | undefined {
  const tolerated = parseAllDocuments(manifests)
    .map((document) => document.toJS() as Manifest | null)
    .flatMap((manifest) => manifest?.spec?.template?.spec?.tolerations ?? [])
    .filter(isOfSilence)
    .map(({ tolerationSeconds = Infinity }) => tolerationSeconds * 1000);
  return tolerated.length === 0 ? undefined : Math.min(...tolerated);
}

/** One without a key is of every taint, one without an effect of every effect. */
function isOfSilence({ key, effect }: Toleration): boolean {
  return (
    (key ?? 'node.kubernetes.io/unreachable') === 'node.kubernetes.io/unreachable' &&
    (effect ?? 'NoExecute') === 'NoExecute'
  );
}
