import { expect } from 'chai';
import { comesAndGoes, type FaultLab } from '../testing/faultlab.ts';
import { closeWebLab, openWebLab } from '../testing/weblab.ts';

describe('changes of a workload on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openWebLab()));
  after(() => closeWebLab(lab));

  const deployment = 'holdfast/web';
  const kubectl = (...args: readonly string[]): Promise<string> =>
    lab.on('pi4', `/snap/bin/microk8s kubectl -n holdfast ${args.join(' ')}`);
  /** One field of an object, in whatever words kubectl has for it. */
  const fieldOf = async (object: string, path: string): Promise<string> =>
    (await kubectl('get', object, `-o jsonpath='{${path}}'`)).trim();

  it('update it and bring it back', async () => {
    const image = (): Promise<string> =>
      fieldOf('deployment/web', '.spec.template.spec.containers[0].image');
    const patch = { metadata: { labels: { version: 'v2' } } };
    await comesAndGoes(
      lab,
      'update',
      { deployment, image: 'docker.io/library/nginx:1.28', patch },
      {
        inForce: async () => {
          expect(await image()).to.equal('docker.io/library/nginx:1.28');
          await kubectl('rollout', 'status', 'deployment/web', '--timeout=60s');
          expect(await kubectl('get', 'pods', '-l version=v2', '--no-headers')).to.match(
            /^(?:web-.*1\/1 .*Running.*\n?){3}$/,
          );
        },
        absent: async () => {
          expect(await image()).to.equal('docker.io/library/nginx:1.29');
          expect(await fieldOf('deployment/web', '.spec.template.metadata.annotations')).to.equal(
            '',
          );
        },
      },
    );
  });

  it('scale it and bring it back', async () => {
    const replicas = (): Promise<string> => fieldOf('deployment/web', '.spec.replicas');
    await comesAndGoes(
      lab,
      'scale',
      { deployment, replicas: 6 },
      {
        inForce: async () => {
          expect(await replicas()).to.equal('6');
        },
        absent: async () => {
          expect(await replicas()).to.equal('3');
        },
      },
    );
  });

  it('switch its Service and bring it back', async () => {
    const selector = (): Promise<string> => fieldOf('service/web', '.spec.selector');
    await comesAndGoes(
      lab,
      'switch',
      { service: 'holdfast/web', selector: { app: 'web', version: 'v2' } },
      {
        inForce: async () => {
          expect(await selector()).to.equal('{"app":"web","version":"v2"}');
        },
        absent: async () => {
          expect(await selector()).to.equal('{"app":"web"}');
        },
      },
    );
  });
});
