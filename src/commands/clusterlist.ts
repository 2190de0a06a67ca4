import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ClusterFile } from '../model/clusterfile.ts';
import { grouped } from '../model/grouped.ts';
import { CommandError, loadCluster } from './context.ts';

/** A cluster file that was read. */
export interface ListedCluster {
  /** Its absolute path. */
  readonly file: string;
  readonly cluster: ClusterFile;
}

/**
 * The clusters of a fleet, sorted by name.
 * @param list a folder, of which each `*.yaml` and each `<folder>/cluster.yaml` counts; or paths of cluster files with
 * commas between them
 * @throws CommandError with every problem in any of the files, or if two of them are of one cluster or share a name
 */
export function loadClusters(list: string): readonly ListedCluster[] {
  const files = isFolder(list) ? filesIn(list) : list.split(',').map((path) => path.trim());
  if (files.length === 0)
    throw new CommandError(
      'usage',
      `${list} holds no cluster file: neither a *.yaml nor a folder with a cluster.yaml`,
    );
  const problems: string[] = [];
  const clusters = files.flatMap((path): readonly ListedCluster[] => {
    try {
      return [{ file: resolve(path), cluster: loadCluster(path) }];
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      problems.push(error.message);
      return [];
    }
  });
  problems.push(...sharing(clusters, 'name'), ...sharing(clusters, 'clusterId'));
  if (problems.length > 0) throw new CommandError('usage', problems.join('\n'));
  return clusters.toSorted((a, b) => (a.cluster.name < b.cluster.name ? -1 : 1));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function filesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .flatMap((path) => {
      if (isFolder(path)) return [join(path, 'cluster.yaml')].filter((file) => existsSync(file));
      return /\.ya?ml$/.test(path) ? [path] : [];
    });
}

/** Two files of one cluster would break it twice at once; two names that are the same tell nobody which is which. */
function sharing(
  clusters: readonly ListedCluster[],
  field: 'name' | 'clusterId',
): readonly string[] {
  const groups = grouped(clusters, ({ cluster }) => cluster[field]);
  const what = { name: 'the name', clusterId: 'the cluster-id' }[field];
  return [...groups]
    .filter(([, some]) => some.length > 1)
    .map(([value, some]) => `${some.map(({ file }) => file).join(' and ')} share ${what} ${value}`);
}
