import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { isImpossible, type Impossible } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { DeploymentFacts, Snapshot } from '../model/snapshot.ts';
import { deploymentOf } from '../testing/deployment.ts';
import { designContext } from '../testing/design.ts';
import { nodeNumber, podOf, snapshotOf } from '../testing/snapshot.ts';
import { rollback } from './rollback.ts';
import { scale } from './scale.ts';
import { switchService } from './switch.ts';
import { update } from './update.ts';

const web = deploymentOf();
const path = '/apis/apps/v1/namespaces/holdfast/deployments/web';
const test = { op: 'test', path: '/metadata/uid', value: 'uid-of-web' };
const pods = [
  podOf('holdfast/web-1', 'pi2', { labels: { app: 'web' } }),
  podOf('holdfast/inside-1', 'pi2', { labels: { app: 'inside' } }),
  podOf('shop/web-2', 'pi3', { labels: { app: 'web' } }),
];
const hit = ['holdfast/web-1'];

describe('the fault update', () => {
  const v2 = { metadata: { labels: { version: 'v2' } } };

  it('gives the Deployment a template of ours, and is believed by that alone', () => {
    const intent = designedUpdate({ image: 'nginx:1.28', patch: v2 });
    const marked = { annotations: { 'holdfast.dev/update': intent.id } };
    const template = {
      metadata: { labels: { app: 'web', version: 'v2' }, ...marked },
      spec: {
        containers: [{ name: 'nginx', image: 'nginx:1.28', ports: [] }],
        restartPolicy: 'Always',
      },
    };
    expect(intent).to.deep.include({
      says: 'update holdfast/web to nginx:1.28 and {"metadata":{"labels":{"version":"v2"}}}',
      targets: [],
      holds: ['deployments holdfast/web spec.template'],
      podsHit: hit,
      changes: ['holdfast/web'],
      inject: [
        {
          kube: 'PATCH',
          path,
          body: [test, { op: 'replace', path: '/spec/template', value: template }],
        },
      ],
      bit: [
        {
          object: path,
          uid: 'uid-of-web',
          at: ['spec', 'template', 'metadata', 'annotations', 'holdfast.dev/update'],
          is: intent.id,
          says: 'holdfast/web has the new template',
          rollout: 'observed',
        },
      ],
      undoBy: 'peer',
      goneWithinMs: 300_000,
    });
    expect(intent.gone).to.deep.equal([
      {
        ...{ object: path, uid: 'uid-of-web', at: ['spec', 'template'], is: web.template },
        ...{ says: 'holdfast/web has its spec.template of before', rollout: 'complete' },
        orGone: true,
      },
    ]);
    expect(JSON.parse(JSON.stringify(intent))).to.deep.equal(intent);
  });

  it('asks which container where there are several, and for one that there is', () => {
    const { template } = web;
    const containers = [{ name: 'nginx' }, { name: 'log' }];
    const two = deploymentOf({ template: { ...template, spec: { containers } } });
    expect(refusedUpdate({ image: 'a' }, two)).to.equal(
      'holdfast/web has several containers; write container: with one of: nginx, log',
    );
    expect(refusedUpdate({ image: 'a', container: 'web' })).to.equal(
      'holdfast/web has no container "web"; write container: with one of: nginx',
    );
    const [inject] = designedUpdate({ image: 'a', container: 'log' }, two).inject;
    expect(JSON.stringify(inject)).to.include('[{"name":"nginx"},{"name":"log","image":"a"}]');
  });

  it('refuses to change nothing', () => {
    const image = 'docker.io/library/nginx:1.29';
    expect(refusedUpdate({ image })).to.equal(
      `there is nothing to update holdfast/web to ${image}: it is so already`,
    );
    expect(refusedUpdate({ patch: { metadata: { labels: { version: 'v1' } } } })).to.include(
      'it is so already',
    );
    const deployment = 'holdfast/web';
    for (const wrong of [
      { deployment },
      { deployment, container: 'nginx', patch: v2 },
      { deployment: 'web', patch: v2 },
    ])
      expect(update.schema.safeParse(wrong).success, JSON.stringify(wrong)).to.equal(false);
  });

  it('waits for the run’s own workload, and for nobody else’s', () => {
    const designed = (deployment: string): Intent | Impossible =>
      update.design({ deployment, image: 'a' }, contextOf({}));
    expect(designed('holdfast/web')).to.deep.equal({
      impossible: 'there is no Deployment holdfast/web',
      untilDeployed: 'update holdfast/web to a',
    });
    expect(designed('shop/web')).to.deep.equal({ impossible: 'there is no Deployment shop/web' });
  });

  it('is impossible where nobody could take it back', () => {
    const nodes = [1, 2].map((n) => ({ ...nodeNumber(n), ready: false }));
    const snapshot = { ...surveyed({ 'holdfast/web': web }), nodes };
    const refused = update.design(
      { deployment: 'holdfast/web', image: 'a' },
      designContext([], snapshot),
    );
    expect(refused)
      .to.have.property('impossible')
      .that.matches(/^no control plane is Ready/);
  });
});

describe('the fault rollback', () => {
  const params = { deployment: 'holdfast/web' };

  it('gives a Deployment the template of before the update that stands', () => {
    const standing = [designedUpdate({ image: 'nginx:1.28' })];
    const now = deploymentOf({ template: { spec: { containers: [{ name: 'other' }] } } });
    const intent = must(
      rollback.design(params, { ...contextOf({ 'holdfast/web': now }), standing }),
    );
    expect(intent).to.deep.include({
      says: 'roll holdfast/web back',
      podsHit: hit,
      changes: ['holdfast/web'],
      inject: [
        {
          kube: 'PATCH',
          path,
          body: [test, { op: 'replace', path: '/spec/template', value: web.template }],
        },
      ],
      undo: [],
      gone: [],
      undoBy: 'nothing',
    });
    expect(intent.bit[0]).to.deep.include({
      ...{ at: ['spec', 'template'], is: web.template, rollout: 'observed' },
    });
    // It stands beside the update, and not twice.
    expect(standing[0]?.holds).to.not.include.members([...intent.holds]);
    expect(intent.holds).to.have.length(1);
  });

  it('is impossible without an update that stands', () => {
    const scaled = must(
      scale.design({ deployment: 'holdfast/web', replicas: 6 }, contextOf({ 'holdfast/web': web })),
    );
    const other = must(
      update.design({ deployment: 'shop/web', image: 'a' }, contextOf({ 'shop/web': web })),
    );
    const standing = [scaled, other];
    expect(
      rollback.design(params, { ...contextOf({ 'holdfast/web': web }), standing }),
    ).to.deep.equal({
      impossible: 'no update of holdfast/web stands that could be rolled back',
    });
    expect(rollback.design(params, contextOf({}))).to.have.property('untilDeployed');
  });
});

describe('the fault scale', () => {
  const designed = (replicas: number): Intent | Impossible =>
    scale.design({ deployment: 'holdfast/web', replicas }, contextOf({ 'holdfast/web': web }));

  it('sets the number, and takes it back to that of before', () => {
    const intent = must(designed(6));
    expect(intent).to.deep.include({
      says: 'scale holdfast/web from 3 to 6',
      holds: ['deployments holdfast/web spec.replicas'],
      podsHit: [],
      inject: [
        { kube: 'PATCH', path, body: [test, { op: 'replace', path: '/spec/replicas', value: 6 }] },
      ],
    });
    expect(intent.bit[0]).to.deep.include({ at: ['spec', 'replicas'], is: 6, rollout: 'observed' });
    expect(intent.gone[0]).to.deep.include({ is: 3, rollout: 'complete' });
  });

  it('may end any pod where there are to be fewer', () => {
    expect(must(designed(0)).podsHit).to.deep.equal(hit);
  });

  it('refuses the number that there is, one below zero, and a half', () => {
    expect(designed(3)).to.deep.equal({ impossible: 'holdfast/web has 3 replicas already' });
    for (const replicas of [-1, 1.5, '3'])
      expect(scale.schema.safeParse({ deployment: 'a/b', replicas }).success).to.equal(false);
  });
});

describe('the fault switch', () => {
  const at = '/api/v1/namespaces/holdfast/services/web';
  const blue = { app: 'web', version: 'v1' };
  const green = { app: 'web', version: 'v2' };
  const designed = (
    selector: Record<string, string>,
    was: Record<string, string> = blue,
  ): Intent | Impossible =>
    switchService.design(
      { service: 'holdfast/web', selector },
      contextOf({}, { 'holdfast/web': { uid: 'uid-of-web', selector: was } }),
    );

  it('replaces the whole selector, and ends no pod', () => {
    const intent = must(designed(green));
    expect(intent).to.deep.include({
      says: 'switch the Service holdfast/web from app=web, version=v1 to app=web, version=v2',
      podsHit: [],
      inject: [
        {
          kube: 'PATCH',
          path: at,
          body: [test, { op: 'replace', path: '/spec/selector', value: green }],
        },
      ],
      bit: [
        {
          object: at,
          uid: 'uid-of-web',
          at: ['spec', 'selector'],
          is: green,
          says: 'holdfast/web leads to app=web, version=v2',
        },
      ],
    });
    expect(intent.gone[0]).to.deep.include({ is: blue }).and.not.have.property('rollout');
    expect(intent).to.not.have.property('goneWithinMs');
  });

  it('refuses the selector that there is, in whatever order, and a Service without one', () => {
    expect(designed({ version: 'v1', app: 'web' })).to.deep.equal({
      impossible: 'the Service holdfast/web leads to version=v1, app=web already',
    });
    must(designed({ app: 'web' }));
    expect(designed(green, {})).to.have.property('impossible').that.includes('has no selector');
    expect(
      switchService.design({ service: 'shop/web', selector: green }, contextOf({})),
    ).to.deep.equal({ impossible: 'there is no Service shop/web' });
  });
});

describe('the undo of a change', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'holdfast-change-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('patches the object that was recorded with what was recorded, quotes and all', () => {
    const { status, patches } = undone('echo uid-of-web');
    expect(status).to.equal(0);
    expect(patches).to.deep.equal([
      JSON.stringify([test, { op: 'replace', path: '/spec/template', value: awkward.template }]),
    ]);
  });

  it('has nothing to do where the object is gone, or another has its name', () => {
    for (const says of ['true', 'echo another-uid'])
      expect(undone(says)).to.deep.equal({ status: 0, patches: [] });
  });

  it('tries again where the API does not answer, and fails in the end', () => {
    expect(undone('exit 1')).to.deep.equal({ status: 1, patches: [] });
    const { status, patches } = undone('echo uid-of-web', 'exit 1');
    expect(status).to.equal(1);
    expect(patches).to.have.length(100);
  });

  const awkward = deploymentOf({
    template: { spec: { containers: [{ name: 'a', args: ['it\'s $HOME `x` "y"\n'] }] } },
  });

  /** With a stand-in for kubectl, and without waiting between attempts. */
  function undone(
    get: string,
    patch = 'true',
  ): { status: number | null; patches: readonly string[] } {
    const [kubectl, patches] = [join(folder, 'kubectl'), join(folder, 'patches')];
    rmSync(patches, { force: true });
    writeFileSync(
      kubectl,
      `#!/bin/sh
[ "$1 $2 $3" = '--cache-dir=/dev/null --request-timeout=5s --namespace=holdfast' ] || exit 9
[ "$5 $6" = 'deployments web' ] || exit 9
if [ "$4" = get ]; then ${get}; exit; fi
[ "$7" = --type=json ] && printf '%s\\0' "\${8#--patch=}" >>'${patches}'
${patch}
`,
    );
    writeFileSync(join(folder, 'sleep'), '#!/bin/sh\n[ "$1" = 3 ]\n');
    for (const file of ['kubectl', 'sleep']) chmodSync(join(folder, file), 0o755);
    const snapshot = { ...surveyed({ 'holdfast/web': awkward }), kubectl };
    const params = { deployment: 'holdfast/web', image: 'b' };
    const [undo] = must(update.design(params, designContext([], snapshot))).undo;
    if (undo === undefined || !('onAny' in undo)) throw new Error('not for any node');
    expect(undo.onAny).to.deep.equal(['pi1', 'pi2']);
    const env = { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
    const { status } = spawnSync('/bin/sh', ['-c', undo.sh], { env });
    const written = existsSync(patches) ? readFileSync(patches, 'utf8') : '';
    return { status, patches: written.split('\0').slice(0, -1) };
  }
});

type Update = Omit<Parameters<typeof update.design>[0], 'deployment'>;

function designedUpdate(params: Update, facts?: DeploymentFacts): Intent {
  return must(updating(params, facts));
}

function refusedUpdate(params: Update, facts?: DeploymentFacts): string {
  const intent = updating(params, facts);
  if (!isImpossible(intent)) throw new Error('it was designed');
  return intent.impossible;
}

function updating(params: Update, facts: DeploymentFacts = web): Intent | Impossible {
  return update.design(
    { deployment: 'holdfast/web', ...params },
    contextOf({ 'holdfast/web': facts }),
  );
}

function must(designed: Intent | Impossible): Intent {
  if (isImpossible(designed)) throw new Error(designed.impossible);
  return designed;
}

function contextOf(...objects: Parameters<typeof surveyed>): ReturnType<typeof designContext> {
  return designContext([], surveyed(...objects));
}

function surveyed(
  deployments: Snapshot['objects']['deployments'],
  services: Snapshot['objects']['services'] = {},
): Snapshot {
  return snapshotOf(undefined, { pods, objects: { deployments, services } });
}
