import { expect } from 'chai';
import { designContext } from '../testing/design.ts';
import { kill } from '../faults/kill.ts';
import { aloneForMs, ownTimeMs } from './lifetime.ts';

const intent = kill.design(
  { service: 'datastore', target: 'leader', count: 'one', 'stay-down': true },
  designContext(['pi1']),
);

describe('how long a node waits alone', () => {
  const hold = { kind: 'hold', id: 'hold', forMs: 5000 } as const;
  const until = { kind: 'until-seen', id: 'until', atMostMs: 45_000 } as const;
  const healAll = { kind: 'heal', id: 'heal', step: 'all' } as const;

  it('is what may come before its healing and thirty seconds', () => {
    expect(aloneForMs([hold, until, healAll, hold], 'kill')).to.equal(80_000);
  });

  it('goes on past the healing of another fault and past another fault', () => {
    const healOther = { kind: 'heal', id: 'heal-1', step: 'other' } as const;
    const fault = { kind: 'fault', id: 'two', fault: 'kill', params: {} } as const;
    expect(
      aloneForMs([hold, healOther, fault, hold, { ...healAll, step: 'kill' }, hold], 'kill'),
    ).to.equal(60_000);
  });

  it('is never less than thirty seconds', () => {
    expect(aloneForMs([], 'kill')).to.equal(30_000);
  });

  it('counts what a later fault takes until it is proved', () => {
    const slow = { ...intent, bitWithinMs: 60_000 };
    const fault = { kind: 'fault', id: 'two', fault: 'kill', params: {}, intent: slow } as const;
    expect(aloneForMs([fault, healAll], 'kill')).to.equal(110_000);
  });
});

describe('what a fault takes by itself', () => {
  it('is nothing, if it bites at once', () => {
    expect(ownTimeMs(intent)).to.equal(0);
  });

  it('is the time of its slowest eviction and of its biting', () => {
    const evict = (atMostMs: number) => ({
      evict: { namespace: 'holdfast', name: 'web' },
      uid: '1',
      atMostMs,
    });
    const slow = { ...intent, inject: [evict(20_000), evict(30_000)], bitWithinMs: 5000 };
    expect(ownTimeMs(slow)).to.equal(35_000);
  });
});
