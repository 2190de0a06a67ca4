import type { Snapshot } from '../../model/snapshot.ts';
import { ok, warning, type Finding } from './finding.ts';

/** A defect of MicroK8s that users have reported, and the minor versions of Kubernetes it was seen with. */
interface Defect {
  readonly from: number;
  readonly to: number;
  readonly says: string;
  readonly source: string;
}

const defects: readonly Defect[] = [
  {
    from: 34,
    to: 36,
    says: 'after one watch query that timed out, a node sees no changes any more until its datastore restarts, while reads and writes work',
    source: 'https://github.com/canonical/k8s-dqlite/issues/364',
  },
  {
    from: 34,
    to: 35,
    says: 'a node without power may stay Ready until kubelite restarts elsewhere',
    source: 'https://github.com/canonical/microk8s/issues/5386',
  },
  {
    from: 35,
    to: 36,
    says: 'a node whose network was away may stay NotReady',
    source: 'https://github.com/canonical/microk8s/issues/5352',
  },
];

/** What users have reported of the installed versions: none of it keeps a game day from being held. */
export function knownDefects({ cluster }: Snapshot): readonly Finding[] {
  const minor = Number(/^v1\.(\d+)\./.exec(cluster.kubernetes)?.[1]);
  const known = defects.filter(({ from, to }) => minor >= from && minor <= to);
  if (known.length === 0) return [ok('defects', `none known of ${cluster.kubernetes}`)];
  return known.map(({ says, source }) =>
    warning('defects', `${cluster.kubernetes}: ${says}`, `expect it, and see ${source}`),
  );
}
