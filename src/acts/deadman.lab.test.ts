/** What a node keeps for a fault, on real nodes: it runs by itself, it outlives a power cut, and it goes. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { switchOff, switchOn } from '../lab/power.ts';
import type { Act, Intent, UndoBy } from '../model/intent.ts';
import { openFaultLab, type FaultLab } from '../testing/faultlab.ts';
import { intentOf as intentWith } from '../testing/intent.ts';
import { until } from '../testing/until.ts';
import { arm, disarm, early } from './deadman.ts';
import { leftovers } from './leftovers.ts';
import { readNotes } from './note.ts';

const id = 'ab12cd-deadman';
const intentOf = (undoBy: UndoBy, undo: readonly Act[]): Intent =>
  intentWith(id, 'pi2', undoBy, undo);
const mark = '/root/deadman-test';
const withKubectl = 'KUBECTL configmap -n default holdfast-deadman';

describe('the dead man on the lab', () => {
  let lab: FaultLab;
  const nodes = (): readonly string[] => lab.cluster.nodes.map(({ name }) => name);

  before(async () => {
    lab = await openFaultLab();
  });
  afterEach(() => lab.on('pi2', `rm -f ${mark}`));
  after(() => lab.close());

  for (const undoBy of ['node-timer', 'boot'] as const) {
    it(`is armed with a note and disarmed without a trace (${undoBy})`, async () => {
      const intent = intentOf(undoBy, [{ on: 'pi2', sh: `rm -f ${mark}` }]);
      await arm(intent, lab.world, 60_000);
      expect((await leftovers(nodes(), lab.world)).join('\n')).to.match(/pi2: file .*\.json/);
      const { notes, problems } = await readNotes(nodes(), lab.world);
      expect(problems).to.deep.equal([]);
      expect(notes.map((note) => note.intent)).to.deep.equal([intent]);
      expect(await early(intent, lab.world)).to.deep.equal([]);
      await disarm(intent, lab.world);
      expect(await leftovers(nodes(), lab.world)).to.deep.equal([]);
      await disarm(intent, lab.world);
    });

    it(`takes the fault back by itself and leaves nothing (${undoBy})`, async () => {
      const intent = intentOf(undoBy, [{ on: 'pi2', sh: `rm -f ${mark}` }]);
      await arm(intent, lab.world, 3000);
      await lab.on('pi2', `touch ${mark}`);
      await until(async () => (await lab.on('pi2', `ls ${mark} 2>&1 || true`)).includes('No such'));
      await until(async () => (await leftovers(nodes(), lab.world)).length === 0);
      expect(await early(intent, lab.world)).to.deep.equal(['pi2']);
    });
  }

  it('has any of several nodes do what any of them can, and all of them without harm', async () => {
    const intent = intentOf('peer', [
      {
        onAny: ['pi2', 'pi3'],
        sh: withKubectl.replace('KUBECTL', '/snap/bin/microk8s kubectl delete --ignore-not-found'),
      },
    ]);
    await lab.on('pi2', withKubectl.replace('KUBECTL', '/snap/bin/microk8s kubectl create'));
    await arm(intent, lab.world, 2000);
    expect((await readNotes(nodes(), lab.world)).notes).to.have.length(1);
    await until(async () => (await leftovers(nodes(), lab.world)).length === 0);
    const look = withKubectl.replace(
      'KUBECTL',
      '/snap/bin/microk8s kubectl get --ignore-not-found',
    );
    expect(await lab.on('pi3', look)).to.equal('');
  });

  it('keeps the note of a power device on other control planes, and takes it away in time', async () => {
    const intent = intentOf('device', [{ power: 'on', node: 'pi2' }]);
    await arm(intent, lab.world, 4000);
    const left = await leftovers(nodes(), lab.world);
    expect(left.filter((line) => line.includes('.json'))).to.have.length(3);
    await until(async () => (await leftovers(nodes(), lab.world)).length === 0);
  });

  it('keeps the note of what only heal takes back where a power cut does not reach it', async () => {
    const intent = intentOf('journal', [{ on: 'pi2', sh: `rm -f ${mark}` }]);
    await arm(intent, lab.world, 1000);
    await delay(2000);
    expect(await leftovers(nodes(), lab.world)).to.deep.equal(
      ['pi1', 'pi3', 'pi4'].map((node) => `${node}: file /var/lib/holdfast/${id}.json`),
    );
    await disarm(intent, lab.world);
    expect(await leftovers(nodes(), lab.world)).to.deep.equal([]);
  });

  it('takes back at boot what outlives a power cut, and leaves nothing of its own', async () => {
    const intent = intentOf('boot', [{ on: 'pi2', sh: `rm -f ${mark}` }]);
    await arm(intent, lab.world, 600_000);
    await lab.on('pi2', `touch ${mark}`);
    await switchOff({ lab: lab.lab.name, node: 'pi2' });
    await delay(1000);
    await switchOn({ lab: lab.lab.name, node: 'pi2' });
    await until(async () =>
      (await lab.on('pi2', `ls ${mark} 2>&1 || true`).catch(() => '')).includes('No such'),
    );
    const ours = `systemctl list-units --all --plain --no-legend 'holdfast-*'; find /run /etc /var/lib -xdev -name '*holdfast*'`;
    await until(async () => (await lab.on('pi2', ours)) === '');
    await until(async () => (await leftovers(nodes(), lab.world)).length === 0);
  });
});
