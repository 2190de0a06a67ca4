import { expect } from 'chai';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { deed, look, timelineWith } from '../testing/looks.ts';
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

describe('one-address-holder, look by look', () => {
  const fired: Event = {
    ...({ type: 'fault', step: 'kill', state: 'fired', at: deed.hi, span: deed } as const),
    intent: intentOf('test', 'pi1', 'node-timer', []),
  };

  /** Looks every 100 ms from an instant, each answered after 10 ms; whether the node has the address. */
  const looks = (node: string, from: number, holds: (sent: number) => boolean): readonly Sample[] =>
    Array.from({ length: 36 }, (_, index) => {
      const sent = from + 100 * index;
      return look(`address@${node}`, sent, { holds: holds(sent) });
    });
  const verdictOf = (all: readonly Sample[], happened = [fired]): Verdict =>
    oneAddressHolder.judge({}, timelineWith(all, happened));

  it('is broken only where a look of one lies between two of the other', () => {
    const first = looks('pi1', 8000, (sent) => sent <= 10_500);
    const from = (start: number): Verdict =>
      verdictOf([...first, ...looks('pi2', start, (sent) => sent > 10_450)]);
    expect(from(8010).outcome, from(8010).because).to.equal('pass');
    expect(from(8009)).to.include({
      outcome: 'fail',
      because: 'pi1 and pi2 both had it at 10.509 s',
    });
  });

  it('is broken by two that are asked in the same instants', () => {
    const both = ['pi1', 'pi2'].flatMap((node) => looks(node, 8000, () => true));
    expect(verdictOf(both)).to.include({
      outcome: 'fail',
      because: 'pi1 and pi2 both had it at 10.000 s',
    });
  });

  it('takes what was held on end for one, however fast the answers', () => {
    const fast = looks('pi1', 8000, () => true).map((one) => ({ ...one, got: one.due }));
    expect(verdictOf(fast).evidence).to.deep.equal(['pi1 had it from 10.000 s to 11.500 s']);
  });

  it('counts from the first look that was answered after the fault, and tells each time apart', () => {
    const holds = (sent: number): boolean => sent < 10_400 || sent > 10_800;
    expect(verdictOf(looks('pi1', 7990, holds)).evidence).to.deep.equal([
      'pi1 had it from 9.990 s to 10.400 s',
      'pi1 had it from 10.890 s to 11.500 s',
    ]);
    expect(verdictOf(looks('pi1', 7989, holds)).evidence[0]).to.match(/^pi1 had it from 10\.089 s/);
    // In their order, whatever that of the nodes.
    const later = looks('pi1', 8000, (sent) => sent > 10_800);
    const { evidence } = verdictOf([...later, ...looks('pi2', 8000, (sent) => sent < 10_400)]);
    expect(evidence.map((line) => line.slice(0, 3))).to.deep.equal(['pi2', 'pi1']);
  });

  it('is invalid without a fault, or where nobody was asked; and waits for the fault alone', () => {
    const all = looks('pi1', 8000, () => true);
    expect(oneAddressHolder.seen({}, timelineWith(all, [fired]))).to.equal(true);
    expect(oneAddressHolder.seen({}, timelineWith(all))).to.equal(false);
    expect(verdictOf(all, [])).to.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
    });
    expect(oneAddressHolder.schema.safeParse({ after: 'kill' }).success).to.equal(true);
    expect(verdictOf([])).to.include({
      outcome: 'invalid',
      because: 'nobody was asked who has the address',
    });
    expect(verdictOf(all).title).to.equal('never two nodes with the address of the endpoint');
  });
});
