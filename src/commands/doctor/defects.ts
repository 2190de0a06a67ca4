import type { Snapshot } from '../../model/snapshot.ts';
import { platforms } from '../../platforms/table.ts';
import { ok, warning, type Finding } from './finding.ts';

/** What users have reported of the installed versions: none of it keeps a game day from being held. */
export function knownDefects({ cluster }: Snapshot): readonly Finding[] {
  const minor = Number(/^v1\.(\d+)\./.exec(cluster.kubernetes)?.[1]);
  const { defects } = platforms[cluster.platform];
  const known = defects.filter(({ from, to }) => minor >= from && minor <= to);
  if (known.length === 0) return [ok('defects', `none known of ${cluster.kubernetes}`)];
  return known.map(({ says, source }) =>
    warning('defects', `${cluster.kubernetes}: ${says}`, `expect it, and see ${source}`),
  );
}
