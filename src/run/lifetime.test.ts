import { expect } from 'chai';
import { aloneForMs } from './lifetime.ts';

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
});
