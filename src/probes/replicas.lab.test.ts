import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { leftovers } from '../acts/leftovers.ts';
import { fromAnyApi } from '../acts/anyapi.ts';
import { scenariosFolder } from '../commands/context.ts';
import type { ReplicasSeen } from '../model/timeline.ts';
import { removeVolumes } from '../run/volumes.ts';
import { deploy, removeNamespace } from '../run/workload.ts';
import { openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { until } from '../testing/until.ts';
import { webAddress } from '../testing/web-address.ts';
import { isReady, type Pod } from './pod.ts';
import type { Sampler } from './probe.ts';
import { replicas } from './replicas.ts';

const pods = '/api/v1/namespaces/holdfast/pods';

describe('the replicas of a workload on the lab', () => {
  let lab: FaultLab;
  before(async () => {
    lab = await openFaultLab();
    await removeNamespace(lab.world);
  });
  afterEach(() => removeNamespace(lab.world));
  after(() => lab.close());

  const deployed = (workload: string): Promise<unknown> =>
    deploy(join(scenariosFolder, 'workloads', `${workload}.yaml`), 'test', undefined, lab.world);

  it('are counted by a watch on each API server, also the moment in which one is gone', async () => {
    await deployed('web');
    const { links, controlPlanes } = lab.world;
    const samplers = controlPlanes.map((node): Sampler =>
      replicas(
        { id: `replicas@${node}`, probe: 'replicas', node, everyMs: 491 },
        { links, controlPlanes, addresses: {}, namespace: 'holdfast', workload: webAddress },
      ),
    );
    const told = async (): Promise<readonly (ReplicasSeen | undefined)[]> => {
      const looks = await Promise.all(samplers.map((one) => one.look(1000)));
      return looks.map(({ value }) => value as ReplicasSeen | undefined);
    };
    try {
      await until(async () => (await told()).every((one) => one?.ready === 3));
      const listed = (): Promise<readonly Pod[]> =>
        fromAnyApi(links, controlPlanes, (kube) => kube.list<Pod>(`${pods}?labelSelector=app=web`));
      const gone = (await listed())[0]?.metadata.name ?? '';
      await fromAnyApi(links, controlPlanes, (kube) =>
        kube.del(`${pods}/${gone}`, { body: { gracePeriodSeconds: 0 } }),
      );
      // Nobody looks until another has taken its place: only the fewest tell that one was gone.
      await until(async () => {
        const ready = (await listed()).filter(isReady);
        return ready.length === 3 && ready.every(({ metadata }) => metadata.name !== gone);
      });
      await delay(1000);
      expect(await told()).to.deep.equal(samplers.map(() => ({ ready: 3, least: 2, opened: 1 })));
    } finally {
      for (const one of samplers) one.close();
    }
  });

  it('leave nothing on their nodes, though one keeps a volume there', async () => {
    await deployed('stateful');
    const nodes = (await lab.survey()).nodes.map(({ name }) => name);
    expect((await leftovers(nodes, lab.world)).join('\n')).to.match(/file .*\/volume$/);
    await removeNamespace(lab.world);
    expect(await removeVolumes(nodes, lab.world)).to.deep.equal([]);
    expect(await leftovers(nodes, lab.world)).to.deep.equal([]);
  });
});
