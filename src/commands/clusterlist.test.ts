import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { rackFile } from '../testing/rack.ts';
import { loadClusters } from './clusterlist.ts';

describe('a list of clusters', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-clusters-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (path: string, name: string, digit: string): string => {
    const file = join(folder, path);
    writeFileSync(file, rackFile({ name, digit }));
    return file;
  };
  const names = (list: string): readonly string[] =>
    loadClusters(list).map(({ cluster }) => cluster.name);

  it('is a folder of cluster files, or of folders with a cluster.yaml each, by their names', () => {
    write('2.yaml', 'rack-b', '2');
    mkdirSync(join(folder, 'x'));
    mkdirSync(join(folder, 'keys'));
    write('x/cluster.yaml', 'rack-a', '1');
    writeFileSync(join(folder, 'kubeconfig'), '');
    expect(names(folder)).to.deep.equal(['rack-a', 'rack-b']);
  });

  it('is some files with commas between them', () => {
    const files = [write('b.yaml', 'rack-b', '2'), write('a.yaml', 'rack-a', '1')];
    expect(names(files.join(', '))).to.deep.equal(['rack-a', 'rack-b']);
  });

  it('has no cluster twice, and tells all that is wrong at once', () => {
    expect(() => loadClusters(folder)).to.throw('holds no cluster file');
    write('a.yaml', 'rack-a', '1');
    write('b.yaml', 'rack-a', '2');
    write('c.yaml', 'rack-c', '2');
    writeFileSync(join(folder, 'd.yaml'), 'kind: Cluster\n');
    expect(() => loadClusters(folder))
      .to.throw()
      .with.property('message')
      .that.includes('share the name rack-a')
      .and.includes('share the cluster-id 00000000-0000-0000-0000-000000000002')
      .and.includes('d.yaml:');
  });
});
