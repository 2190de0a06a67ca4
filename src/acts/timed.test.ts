import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { type FakeLink, fakeLink } from '../testing/fake-link.ts';
import { performTimed } from './timed.ts';
import type { World } from './world.ts';

describe('the instant in which a node loses its power', () => {
  let fake: FakeLink;
  const off = { power: 'off', node: 'pi1' } as const;

  /** @param cut what the plug does when it is told off, before it says that it has */
  const worldWith = (cut: () => Promise<void> | void): World => ({
    links: {
      ssh: () => Promise.resolve(fake.link),
      kube: () => expect.fail(),
      member: () => expect.fail(),
      endpoint: () => {
        throw new Error('nobody asks the endpoint');
      },
      endpointAddress: undefined,
      alerts: () => {
        throw new Error('nobody asks for alerts');
      },
      close: () => undefined,
    },
    controlPlanes: ['pi1'],
    power: new Map([
      [
        'pi1',
        {
          reverts: false,
          off: async () => cut(),
          on: () => Promise.resolve(),
          state: () => Promise.resolve('off'),
        },
      ],
    ]),
    now: () => performance.now(),
  });

  beforeEach(async () => {
    fake = await fakeLink();
  });

  afterEach(() => fake.close());

  it('is when it falls silent, though its plug takes long to say so', async () => {
    let cutMs = 0;
    const { span, notes } = await performTimed(
      [off],
      worldWith(async () => {
        await delay(300);
        cutMs = performance.now();
        fake.node.freeze();
        await delay(600);
      }),
    );
    expect(notes).to.deep.equal([]);
    expect(cutMs).to.be.within(span.lo - 1, span.hi + 1);
    expect(span.hi - span.lo).to.be.lessThan(1000);
  });

  it('is when it falls silent, though its plug has long said that it is off', async () => {
    let cutMs = 0;
    const { span } = await performTimed(
      [off],
      worldWith(() => {
        setTimeout(() => {
          cutMs = performance.now();
          fake.node.freeze();
        }, 700);
      }),
    );
    expect(cutMs).to.be.within(span.lo - 1, span.hi + 1);
    expect(span.hi - span.lo).to.be.lessThan(1000);
  });

  it('is known no better than what the plug was told, of a node that goes on to speak', async () => {
    const from = performance.now();
    const { span, notes } = await performTimed(
      [off],
      worldWith(() => delay(50).then(() => undefined)),
    );
    expect(span.lo).to.be.at.least(from);
    expect(span.hi - span.lo).to.be.within(45, 1000);
    expect(notes).to.deep.equal(['fault instant on pi1: it was not silent 5 s after it was told']);
  }).timeout(20_000);

  it('is known no better than that, too, of a node that cannot be listened to', async () => {
    const world = worldWith(() => undefined);
    const deaf: World = {
      ...world,
      links: { ...world.links, ssh: () => Promise.reject(new Error('no way there')) },
    };
    const { notes } = await performTimed([off], deaf);
    expect(notes).to.deep.equal(['fault instant on pi1: it could not be listened to']);
  });
});
