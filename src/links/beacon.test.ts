import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { type FakeLink, fakeLink } from '../testing/fake-link.ts';
import { Beacon } from './beacon.ts';

const clock = () => performance.now();

describe('the beacon of a node', () => {
  let fake: FakeLink;

  const listen = async (): Promise<Beacon> =>
    new Beacon(await fake.link.shell({ clock, timeoutMs: 2000 }));

  beforeEach(async () => {
    fake = await fakeLink();
  });

  afterEach(() => fake.close());

  it('tells when a machine lost its power, to within its last sign and the next that did not come', async () => {
    const beacon = await listen();
    await delay(200);
    const before = clock();
    fake.node.freeze();
    const after = clock();
    const silence = await beacon.silence(5000);
    if (silence === undefined) throw new Error('it was not found silent');
    // What was sent just before the machine stopped may have been answered, or not.
    expect(silence.lo).to.be.at.most(after);
    expect(silence.hi).to.be.at.least(before);
    expect(silence.hi - silence.lo).to.be.lessThan(1000);
  });

  it('knows a connection that breaks for silence too', async () => {
    const beacon = await listen();
    await delay(100);
    const before = clock();
    fake.node.cut();
    expect((await beacon.silence(5000))?.hi).to.be.at.least(before);
  });

  it('says nothing of a machine that goes on to speak', async () => {
    const beacon = await listen();
    expect(await beacon.silence(1500)).to.equal(undefined);
  });

  it('says nothing of a machine that never spoke', async () => {
    const shell = await fake.link.shell({ clock, timeoutMs: 2000 });
    fake.node.freeze();
    expect(await new Beacon(shell).silence(5000)).to.equal(undefined);
  });
});
