import { expect } from 'chai';
import type { Event, Sample } from '../model/timeline.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import { leadershipIn, type Leadership } from './leadership.ts';

/** What a voter says every 100 ms from 9.5 s to 12 s: an id, or empty for nobody; undefined for no answer. */
function says(node: string, names: (sent: number) => string | undefined): readonly Sample[] {
  return Array.from({ length: 26 }, (_, index) => {
    const sent = 9500 + index * 100;
    const leader = names(sent);
    if (leader === undefined) return badLook(`leader@${node}`, sent, 'EDEADLINE');
    return look(`leader@${node}`, sent, { leader });
  });
}

const from =
  (change: number, before: string | undefined, after: string | undefined) =>
  (sent: number): string | undefined =>
    sent < change ? before : after;

/** Leadership from 10 s to 12 s unless said, of the voters of pi1, pi2 and pi3, of which the first led. */
function leadership(
  looks: readonly Sample[],
  others: readonly Event[] = [],
  { until = 12_000, everyMs = 100 } = {},
): Leadership {
  const { plan, events } = timelineWith(looks, others);
  const series = plan.series.map((one) => ({ ...one, everyMs }));
  const before = { leader: '1', voters: ['1', '2', '3'] };
  return leadershipIn({ plan: { ...plan, series }, events }, before, 10_000, until);
}

const [pi1, pi2, pi3] = ['pi1', 'pi2', 'pi3'].map((node) => says(node, () => '1')) as [
  readonly Sample[],
  readonly Sample[],
  readonly Sample[],
];

describe('leadership', () => {
  it('stays where a majority names the same throughout', () => {
    expect(leadership([...pi1, ...pi2, ...pi3])).to.deep.equal({
      changes: [],
      gaps: [],
      leaderlessMs: 0,
    });
    // One voter that names another, or is not heard, makes no majority.
    expect(leadership([...pi1, ...pi2, ...says('pi3', () => '3')]).changes).to.deep.equal([]);
    expect(leadership([...pi1, ...pi2]).gaps).to.deep.equal([]);
  });

  it('moves when a second voter is heard to name another', () => {
    const looks = [
      ...pi1,
      ...says('pi2', from(10_500, '1', '2')),
      ...says('pi3', from(10_700, '1', '2')),
    ];
    expect(leadership(looks)).to.deep.equal({
      changes: [{ leader: '2', at: 10_710 }],
      gaps: [],
      leaderlessMs: 0,
    });
  });

  it('is nobody’s while no majority names anybody', () => {
    const looks = [
      ...says('pi1', from(10_500, '1', '')),
      ...says('pi2', (sent) => (sent < 10_500 ? '1' : sent < 11_000 ? '' : '2')),
      ...says('pi3', (sent) => (sent < 10_500 ? '1' : sent < 11_000 ? '' : '2')),
    ];
    expect(leadership(looks)).to.deep.equal({
      changes: [{ leader: '2', at: 11_010 }],
      gaps: [],
      leaderlessMs: 500,
    });
  });

  it('may have moved where those that are not heard could make up a majority', () => {
    const silent = from(10_500, '1', undefined);
    const looks = [...pi1, ...says('pi2', silent), ...says('pi3', silent)];
    // What was last said holds for half a second.
    expect(leadership(looks)).to.deep.include({
      changes: [],
      gaps: [{ from: 10_810, to: 12_000 }],
    });
    const back = (sent: number): string | undefined =>
      sent < 10_500 || sent >= 11_500 ? '1' : undefined;
    expect(leadership([...pi1, ...says('pi2', back), ...says('pi3', back)]).gaps).to.deep.equal([
      { from: 10_810, to: 11_510 },
    ]);
    // One that names another needs but one more of them.
    const hidden = [...pi1, ...says('pi2', () => '3'), ...says('pi3', silent)];
    expect(leadership(hidden).gaps).to.deep.equal([{ from: 10_810, to: 12_000 }]);
    const harmless = [...pi1, ...pi2, ...says('pi3', silent)];
    expect(leadership(harmless).gaps).to.deep.equal([]);
  });

  it('is known for half a second after a word, or for five of a slow series, by the millisecond', () => {
    const last = (sent: number): readonly Sample[] =>
      ['pi2', 'pi3'].map((node) => look(`leader@${node}`, sent, { leader: '1' }));
    // Looks at pi1 are answered at 10.910 s and 11.010 s.
    expect(leadership([...pi1, ...last(10_410)]).gaps).to.deep.equal([
      { from: 10_910, to: 12_000 },
    ]);
    expect(leadership([...pi1, ...last(10_409)]).gaps).to.deep.equal([
      { from: 10_810, to: 12_000 },
    ]);
    const seconds = Array.from({ length: 15 }, (_, index) =>
      look('leader@pi1', 6000 + 1000 * index, { leader: '1' }),
    );
    const slow = { everyMs: 1000, until: 20_000 };
    expect(leadership([...seconds, ...last(7000)], [], slow).gaps).to.deep.equal([
      { from: 11_010, to: 20_000 },
    ]);
  });

  it('cannot hide a change in half a second', () => {
    const silent = from(11_100, '1', undefined);
    const looks = [...pi1, ...says('pi2', silent), ...says('pi3', silent)];
    // Both are known to 11.410 s.
    expect(leadership(looks, [], { until: 11_910 }).gaps).to.deep.equal([]);
    expect(leadership(looks, [], { until: 11_911 }).gaps).to.deep.equal([
      { from: 11_410, to: 11_911 },
    ]);
    const back = (sent: number): string | undefined =>
      sent < 11_100 || sent >= 11_900 ? '1' : undefined;
    expect(leadership([...pi1, ...says('pi2', back), ...says('pi3', back)]).gaps).to.deep.equal([]);
  });

  it('is a matter of those that name somebody, too, though they had no vote before', () => {
    const silent = from(10_500, '1', undefined);
    const two = [...pi1, ...pi2, ...says('pi3', silent)];
    const of = (fourth: readonly Sample[]): Leadership['gaps'] =>
      leadership([...two, ...fourth]).gaps;
    expect(of(says('pi4', silent))).to.deep.equal([{ from: 10_810, to: 12_000 }]);
    const refused = says('pi4', () => undefined).map((one) => ({ ...one, error: 'ECONNREFUSED' }));
    expect(of(refused.slice(0, 10))).to.deep.equal([]);
    // What it named more than half a second before the fault does not matter.
    expect(of([look('leader@pi4', 9499, { leader: '1' })])).to.deep.equal([]);
    expect(of([look('leader@pi4', 9500, { leader: '1' })])).to.have.length(1);
    // Of those that were all heard, none hides anything.
    const other = (node: string): readonly Sample[] => says(node, () => '2');
    expect(leadership([...pi1, ...pi2, ...other('pi3'), ...other('pi4')]).gaps).to.deep.equal([]);
  });

  it('is not hidden behind one that says that nobody leads', () => {
    const refused = pi2.map((one) => ({ ...badLook(one.series, one.due, 'ECONNREFUSED') }));
    const silent = says('pi3', from(10_500, '1', undefined));
    expect(leadership([...pi1, ...refused, ...silent]).gaps).to.deep.equal([]);
  });

  it('does not ask those that a fault keeps down', () => {
    const intent = { ...intentOf('test', 'pi2', 'node-timer', []), membersDown: ['2', '3'] };
    const fault = { type: 'fault', step: 'kill' } as const;
    const fired = {
      ...fault,
      state: 'fired',
      at: 10_000,
      span: { lo: 10_000, hi: 10_000 },
      intent,
    };
    const silent = from(10_000, '1', undefined);
    const looks = [...pi1, ...says('pi2', silent), ...says('pi3', silent)];
    expect(leadership(looks, [fired as Event]).gaps).to.deep.equal([]);
    const undone = { ...fault, state: 'undone', at: 11_000, span: { lo: 11_000, hi: 11_000 } };
    expect(leadership(looks, [fired, undone] as Event[]).gaps).to.deep.equal([
      { from: 10_910, to: 12_000 },
    ]);
  });

  it('is told by an answer in the first instant, and by none of those that a fault keeps down in its', () => {
    const named = ['pi2', 'pi3'].map((node) => look(`leader@${node}`, 9990, { leader: '2' }));
    expect(leadership([...pi1, ...named]).changes).to.deep.equal([{ leader: '2', at: 10_000 }]);
    // What is heard of pi1 at 10.010 s is enough then: the others are down.
    const heard = [10_000, 10_495, 10_900, 11_300, 11_700].map((sent) =>
      look('leader@pi1', sent, { leader: '1' }),
    );
    const intent = { ...intentOf('test', 'pi2', 'node-timer', []), membersDown: ['2', '3'] };
    const event = (state: 'fired' | 'undone', at: number): Event => {
      return { type: 'fault', step: 'kill', state, at, span: { lo: at, hi: at }, intent };
    };
    const fired = event('fired', 10_010);
    expect(leadership(heard, [fired]).gaps).to.deep.equal([]);
    expect(leadership(heard, [fired, event('undone', 11_310)]).gaps).to.deep.equal([
      { from: 11_310, to: 12_000 },
    ]);
  });

  it('does not take an answer that was overtaken for news', () => {
    const late = look('leader@pi2', 10_250, { leader: '3' });
    const other = look('leader@pi3', 10_250, { leader: '3' });
    const overtaken = [
      { ...late, got: 10_395 },
      { ...other, got: 10_395 },
    ];
    expect(leadership([...pi1, ...pi2, ...pi3, ...overtaken]).changes).to.deep.equal([]);
  });

  it('is followed within its window alone', () => {
    const looks = [
      ...pi1,
      ...says('pi2', (sent) => (sent < 9900 || sent >= 12_000 ? '2' : '1')),
      ...says('pi3', (sent) => (sent < 9900 || sent >= 12_000 ? '2' : '1')),
    ];
    expect(leadership(looks).changes).to.deep.equal([]);
    const last = (got: number): Leadership['changes'] => {
      const moved = ['pi2', 'pi3'].map((node) => ({
        ...look(`leader@${node}`, 11_990, { leader: '2' }),
        got,
      }));
      return leadership([...pi1, ...pi2, ...pi3, ...moved]).changes;
    };
    expect(last(12_000)).to.deep.equal([{ leader: '2', at: 12_000 }]);
    expect(last(12_001)).to.deep.equal([]);
  });
});
