import { expect } from 'chai';
import { LinkError, type LinkErrorKind } from '../links/errors.ts';
import type { SshLink } from '../links/ssh.ts';
import { PowerError, type PowerDevice } from '../power/power.ts';
import { inject, InjectError, undo } from './fault.ts';
import { perform } from './perform.ts';
import { untilProved } from './prove.ts';
import type { Intent } from '../model/intent.ts';
import type { Event } from '../model/timeline.ts';
import type { World } from './world.ts';

/** Plugs that do as they are told, and a note of what they were told. */
class Plugs {
  readonly told: string[] = [];
  readonly on = new Map<string, boolean>();
  stuck = '';

  device(node: string): PowerDevice {
    return {
      reverts: true,
      off: (forMs) => this.#switch(node, false, `off ${forMs ?? 'for ever'}`),
      on: () => this.#switch(node, true, 'on'),
      state: () => Promise.resolve((this.on.get(node) ?? true) ? 'on' : 'off'),
    };
  }

  async #switch(node: string, on: boolean, what: string): Promise<void> {
    this.told.push(`${node} ${what}`);
    // The first told is the last done, so that an order that is not kept shows.
    await new Promise((resolve) => setTimeout(resolve, 30 / this.told.length));
    if (this.stuck === node) throw new PowerError(`the plug of ${node} is stuck`);
    this.on.set(node, on);
    this.told.push(`${node} done`);
  }
}

/** A node that keeps whatever note it is given. */
const keeper = {
  run: () => Promise.resolve({ code: 0, stdout: '', stderr: '' }),
} as unknown as SshLink;

function worldOf(plugs: Plugs, nodes: readonly string[], error?: LinkError): World {
  const nothing = (): never => {
    throw new Error('there are only plugs in this world, and one who keeps notes');
  };
  return {
    links: {
      ssh: () => (error === undefined ? Promise.resolve(keeper) : Promise.reject(error)),
      kube: nothing,
      member: nothing,
      endpoint: nothing,
      alerts: nothing,
      endpointAddress: undefined,
      close: nothing,
    },
    controlPlanes: ['pi9'],
    power: new Map(nodes.map((node) => [node, plugs.device(node)])),
    now: () => performance.now(),
  };
}

function off(nodes: readonly string[], forMs?: number): Intent {
  return {
    id: '3f9a1c-off',
    fault: 'power-off',
    says: 'take the power',
    targets: nodes,
    holds: [],
    membersDown: [],
    podsHit: [],
    prepare: nodes.map((node) => ({ power: 'try', node })),
    inject: nodes.map((node) => ({
      power: 'off',
      node,
      ...(forMs === undefined ? {} : { forMs }),
    })),
    bit: nodes.map((node) => ({ power: 'off', node, says: `${node} is off` })),
    bitWithinMs: 0,
    undo: nodes.map((node) => ({ power: 'on', node })),
    gone: nodes.map((node) => ({ power: 'on', node, says: `${node} is on` })),
    // Its dead man is the device alone.
    undoBy: 'device',
  };
}

describe('power acts', () => {
  let plugs: Plugs;
  let events: Event[];
  const record = (event: Event): void => void events.push(event);
  const states = (): readonly string[] =>
    events.flatMap((event) => (event.type === 'fault' ? [event.state] : []));

  beforeEach(() => {
    plugs = new Plugs();
    events = [];
  });

  it('switch off at once for as long as the fault may stand alone, and on one after another', async () => {
    const world = worldOf(plugs, ['pi1', 'pi2']);
    const intent = off(['pi1', 'pi2']);
    expect(await inject('off', intent, 75_000, world, record)).to.equal(true);
    expect(plugs.told.slice(-4, -2)).to.deep.equal(['pi1 off 75000', 'pi2 off 75000']);
    plugs.told.length = 0;
    expect(await undo('off', intent, world, record)).to.equal(undefined);
    expect(plugs.told).to.deep.equal(['pi1 on', 'pi1 done', 'pi2 on', 'pi2 done']);
    expect(states()).to.deep.equal(['journaled', 'armed', 'fired', 'bit', 'undone', 'gone']);
  });

  it('leave a time of its own to a switching off that has one', async () => {
    const intent = off(['pi1'], 10_000);
    await inject('cycle', intent, 75_000, worldOf(plugs, ['pi1']), record);
    expect(plugs.told).to.include('pi1 off 10000');
  });

  it('do nothing if what is asked last says that it must not be', async () => {
    const error: unknown = await inject(
      'off',
      off(['pi1']),
      1000,
      worldOf(plugs, ['pi1']),
      record,
      () => Promise.reject(new Error('writes have just stopped')),
    ).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(InjectError);
    expect((error as Error).message).to.include('writes have just stopped');
    expect(plugs.told.join()).not.to.include('pi1 off');
    expect(states()).to.deep.equal(['journaled', 'armed', 'missed']);
  });

  it('switch nothing off whose device does not say on after it was told so', async () => {
    const world = worldOf(plugs, ['pi1']);
    const liar = { ...plugs.device('pi1'), state: () => Promise.resolve('off' as const) };
    const error: unknown = await inject(
      'off',
      off(['pi1']),
      1000,
      { ...world, power: new Map([['pi1', liar]]) },
      record,
    ).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(InjectError);
    expect((error as Error).message).to.include('told on and says off');
    expect(plugs.told.join()).not.to.include('pi1 off');
  });

  it('give the others their power back when one plug is stuck, and say which', async () => {
    plugs.stuck = 'pi1';
    const world = worldOf(plugs, ['pi1', 'pi2']);
    const error: unknown = await perform(off(['pi1', 'pi2']).undo, world).catch(
      (error: unknown) => error,
    );
    expect((error as Error).message).to.equal('the plug of pi1 is stuck');
    expect(plugs.on.get('pi2')).to.equal(true);
  });

  it('tell when a device had given the power back before they did', async () => {
    const world = worldOf(plugs, ['pi1', 'pi2']);
    const intent = off(['pi1', 'pi2']);
    await inject('off', intent, 1000, world, record);
    plugs.on.set('pi2', true);
    events = [];
    expect(await undo('off', intent, world, record)).to.equal(undefined);
    expect(states()).to.deep.equal(['undone', 'missed', 'gone']);
    expect(JSON.stringify(events)).to.include('pi2 had power before it was given back');
  });

  it('do not mind that a device gave the power back that had a time of its own', async () => {
    const world = worldOf(plugs, ['pi1']);
    const intent = off(['pi1'], 10);
    await inject('cycle', intent, 1000, world, record);
    plugs.on.set('pi1', true);
    events = [];
    await undo('cycle', intent, world, record);
    expect(states()).to.deep.equal(['undone', 'gone']);
  });
});

describe('the proof that a node does not answer', () => {
  const answerTo = async (kind: LinkErrorKind, code?: string): Promise<string> => {
    const cause = code === undefined ? undefined : Object.assign(new Error(code), { code });
    const error = new LinkError({ kind, node: 'pi1', what: 'open SSH', tookMs: 1, cause });
    const proof = { node: 'pi1', answers: false, says: 'pi1 does not answer' };
    return (await untilProved([proof], worldOf(new Plugs(), [], error), 0)).answer;
  };

  it('is that nothing comes back', async () => {
    expect(await answerTo('timeout')).to.equal('yes');
    expect(await answerTo('lost')).to.equal('yes');
    expect(await answerTo('connect', 'EHOSTUNREACH')).to.equal('yes');
  });

  it('is not that it refuses, or that it does not let us in', async () => {
    expect(await answerTo('connect', 'ECONNREFUSED')).to.equal('unclear');
    expect(await answerTo('auth')).to.equal('unclear');
    expect(await answerTo('host-key')).to.equal('unclear');
  });
});
