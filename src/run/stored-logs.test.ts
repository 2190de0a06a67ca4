import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { snapshotOf } from '../testing/snapshot.ts';
import { storedLogs } from './stored-logs.ts';

describe('the logs of a stored run', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-logs-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are told by node and service; those that were not fetched are not there', () => {
    const snapshot = snapshotOf();
    expect(storedLogs(folder, snapshot)).to.deep.equal([]);
    mkdirSync(join(folder, 'logs'));
    const [first, second] = snapshot.nodes;
    writeFileSync(join(folder, 'logs', `${first!.name}-datastore.log`), 'one\n');
    writeFileSync(join(folder, 'logs', `${second!.name}-api-server.log`), 'two\n');
    expect(storedLogs(folder, snapshot)).to.deep.equal([
      { node: first!.name, service: 'datastore', text: 'one\n' },
      { node: second!.name, service: 'api-server', text: 'two\n' },
    ]);
  });
});
