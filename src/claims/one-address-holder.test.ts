import { expect } from 'chai';
import type { Verdict } from '../model/verdict.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import { oneAddressHolder } from './one-address-holder.ts';

const probes = ['address', 'write'];
const always = 100_000;

function judged(holds: Script['holds'] = [], changes: Partial<Script> = {}): Verdict {
  return oneAddressHolder.judge({}, timelineOf({ probes, holds, ...changes }));
}

describe('one-address-holder', () => {
  it('holds where the address moves, though both have it for a moment', () => {
    const verdict = judged([
      { node: 'pi1', from: -always, to: 5000 },
      { node: 'pi2', from: 4950, to: 30_000 },
      { node: 'pi1', from: 30_000, to: always },
    ]);
    expect(verdict).to.include({
      outcome: 'pass',
      because: 'no two nodes had it at the same time',
    });
    expect(verdict.evidence).to.have.length(3);
    expect(verdict.evidence[1]).to.match(/^pi2 had it from /);
  });

  it('fails where one keeps what another has taken', () => {
    const verdict = judged([
      { node: 'pi1', from: -always, to: 9000 },
      { node: 'pi3', from: 5000, to: always },
    ]);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/^pi1 and pi3 both had it at /);
  });

  it('says nothing where nobody has it, or a node is not seen', () => {
    expect(judged().because).to.match(/^no node had the address/);
    const deaf = [{ series: 'address@pi2', from: 15_000, to: 25_000 }];
    const verdict = judged([{ node: 'pi1', from: -always, to: always }], { deaf });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^address@pi2 had 0 good samples/);
  });

  it('takes a look that failed for no sign of the address', () => {
    const holds = [
      { node: 'pi1', from: -always, to: 6000 },
      { node: 'pi2', from: 4000, to: always },
    ];
    const deaf = [{ series: 'address@pi1', from: 22_500, to: 60_000 }];
    expect(judged(holds, { deaf }).outcome).to.equal('pass');
  });
});
