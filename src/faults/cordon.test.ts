import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isImpossible } from '../model/fault.ts';
import { designContext } from '../testing/design.ts';
import { memberNumber, nodeNumber, snapshotOf } from '../testing/snapshot.ts';
import { cordon } from './cordon.ts';
import type { Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { NodeFacts, Snapshot } from '../model/snapshot.ts';

const params = cordon.schema.parse({ target: 'leader' });

describe('the fault cordon', () => {
  it('is written with a target', () => {
    expect(params).to.deep.equal({ target: 'leader', count: 'one' });
    expect(cordon.schema.safeParse({}).success).to.equal(false);
  });

  it('sets and asks for one field of each node, and takes no member and no pod away', () => {
    const intent = designed(['pi1', 'pi3']);
    expect(intent).to.deep.include({
      says: 'cordon pi1, pi3',
      targets: ['pi1', 'pi3'],
      holds: ['pi1/unschedulable', 'pi3/unschedulable'],
      membersDown: [],
      podsHit: [],
      prepare: [],
      undoBy: 'peer',
    });
    expect(intent.inject[0]).to.deep.equal({
      kube: 'PATCH',
      path: '/api/v1/nodes/pi1',
      body: { spec: { unschedulable: true } },
    });
    expect(intent.bit[1]).to.deep.include({ get: '/api/v1/nodes/pi3', is: true });
    // The API has no such field where it is false.
    expect(intent.gone[1]).to.deep.include({ at: 'spec.unschedulable', is: null });
  });

  it('is plain data that survives the journal', () => {
    const intent = designed(['pi1']);
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });

  it('is taken back by two control planes that are no targets and stand', () => {
    expect(peersOf(['pi1'])).to.deep.equal(['pi2', 'pi3']);
    expect(peersOf(['pi2', 'pi3'])).to.deep.equal(['pi1', 'pi4']);
    const changed = (change: Partial<NodeFacts>): Snapshot =>
      snapshotOf(undefined, {
        nodes: [1, 2, 3, 4].map((n) => ({ ...nodeNumber(n), ...(n === 2 && change) })),
      });
    expect(peersOf(['pi1'], changed({ ready: false }))).to.deep.equal(['pi3', 'pi4']);
    expect(peersOf(['pi1'], changed({ controlPlane: false }))).to.deep.equal(['pi3', 'pi4']);
  });

  it('asks a control plane whose member does not answer last', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter']);
    const silent = { ...memberNumber(2, 'voter'), answers: false };
    const members = snapshot.datastore.members.map((one) => (one.id === '2' ? silent : one));
    const weak = { ...snapshot, datastore: { ...snapshot.datastore, members } };
    expect(peersOf(['pi1'], weak)).to.deep.equal(['pi3', 'pi2']);
  });

  it('is impossible where nobody could take it back, or somebody has cordoned before', () => {
    const store = { ...nodeNumber(2), controlPlane: false, datastoreOnly: true } as const;
    expect(refused(['pi2'], snapshotOf(undefined, { nodes: [nodeNumber(1), store] }))).to.match(
      /^Kubernetes knows no Node pi2/,
    );
    const alone = snapshotOf(['voter']);
    expect(refused(['pi1'], alone)).to.match(/^no control plane besides pi1 is Ready/);
    const nodes = [nodeNumber(1), { ...nodeNumber(2), schedulable: false }];
    expect(refused(['pi1', 'pi2'], snapshotOf(undefined, { nodes }))).to.match(
      /^pi2 is cordoned already: .*say `kubectl uncordon pi2` first/,
    );
  });
});

describe('the undo of the fault cordon', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'holdfast-cordon-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('tries until the API has done it, and leaves no cache behind', () => {
    const { status, calls } = run('[ "$(wc -l <"$calls")" -ge 3 ]');
    expect(status).to.equal(0);
    expect(calls).to.deep.equal(
      Array(3).fill('--cache-dir=/dev/null --request-timeout=5s uncordon pi1'),
    );
  });

  it('fails if it cannot be done in all its attempts', () => {
    const { status, calls } = run('false');
    expect(status).to.equal(1);
    expect(calls).to.have.length(100);
  });

  /** With a stand-in for kubectl that succeeds as said, and without waiting between attempts. */
  function run(succeeds: string): { status: number | null; calls: readonly string[] } {
    const [kubectl, calls] = [join(folder, 'kubectl'), join(folder, 'calls')];
    writeFileSync(kubectl, `#!/bin/sh\ncalls=${calls}\necho "$@" >>"$calls"\n${succeeds}\n`);
    writeFileSync(join(folder, 'sleep'), '#!/bin/sh\n[ "$1" = 3 ]\n');
    for (const file of ['kubectl', 'sleep']) chmodSync(join(folder, file), 0o755);
    const [undo] = designed(['pi1'], snapshotOf(undefined, { kubectl })).undo;
    if (undo === undefined || !('onAny' in undo)) throw new Error('not for any node');
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { status } = spawnSync('/bin/sh', ['-c', undo.sh], { env });
    return { status, calls: readFileSync(calls, 'utf8').trimEnd().split('\n') };
  }
});

function designed(targets: readonly string[], snapshot?: Snapshot): Intent {
  const intent = design(targets, snapshot);
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}

function refused(targets: readonly string[], snapshot: Snapshot): string {
  const intent = design(targets, snapshot);
  if (!isImpossible(intent)) throw new Error('it was designed');
  return intent.impossible;
}

function design(targets: readonly string[], snapshot?: Snapshot): Intent | Impossible {
  return cordon.design(params, designContext(targets, snapshot));
}

function peersOf(targets: readonly string[], snapshot?: Snapshot): readonly string[] {
  const [undo] = designed(targets, snapshot).undo;
  if (undo === undefined || !('onAny' in undo)) throw new Error('not for any node');
  return undo.onAny;
}
