import { expect } from 'chai';
import { intentOf } from '../testing/intent.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { memberReturns } from './member-returns.ts';

const probes = ['roles', 'leader'];
type Params = Parameters<typeof memberReturns.judge>[0];

describe('member-returns', () => {
  it('counts a crash from the fault until the member answers, is listed and names the leader', () => {
    const verdict = returns({ restarts: 6400, promoted: Infinity });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.equal('the members that were hit are live again within 10 s');
    expect(verdict.because).to.match(
      /^pi1 was back 6\.\d\d s \(±0\.\d\d\) after the fault; the limit is 10 s$/,
    );
    expect(verdict.evidence[0]).to.match(/^pi1 was back as voter between 28\.\d+ s and/);
  });

  it('fails beyond the limit, and where it was not back before it was healed', () => {
    expect(returns({ restarts: 11_000 }).outcome).to.equal('fail');
    const verdict = returns({});
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.measuredMs).to.have.property('atLeast').within(29_700, 30_210);
    expect(verdict.because).to.match(/^pi1 was not seen to be back in the/);
  });

  it('counts a lasting fault from its healing', () => {
    const verdict = returns({}, { after: 'heal' });
    expect(verdict.outcome).to.equal('pass');
    expect(verdict.title).to.match(/within 10 s of healing$/);
    expect(verdict.measuredMs).to.have.property('lo').within(7700, 8300);
    expect(verdict.because).to.contain('after healing');
    expect(verdict.evidence[0]).to.contain('as spare');
    expect(returns({ recovered: 66_000 }, { after: 'heal' }).outcome).to.equal('fail');
  });

  it('takes a voter that was cut off for back only once it names the leader', () => {
    const verdict = returns({ isolated: true, promoted: Infinity }, { after: 'heal' });
    expect(verdict.measuredMs).to.have.property('lo').within(7700, 8300);
  });

  it('wants it to be listed', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.map((event): Event =>
      event.type === 'sample' && event.series === 'roles@pi3' && event.due > 50_000
        ? { ...event, value: { members: [{ id: '3', role: 'voter' }] } }
        : event,
    );
    const verdict = memberReturns.judge({ within: 10_000, after: 'heal' }, { ...timeline, events });
    expect(verdict.measuredMs).to.have.property('atLeast').above(10_000);
  });

  it('counts the last return of one that goes again', () => {
    const deaf = [
      { series: 'roles@pi1', from: 35_000, to: 37_000 },
      { series: 'leader@pi1', from: 35_000, to: 37_000 },
    ];
    const verdict = returns({ restarts: 6400, deaf }, { within: 20_000 });
    expect(verdict.measuredMs).to.have.property('lo').above(14_000);
  });

  it('does not take a lost poll or two for an absence', () => {
    const deaf = [{ series: 'roles@pi1', from: 35_000, to: 35_390 }];
    expect(returns({ restarts: 6400, deaf }).measuredMs)
      .to.have.property('hi')
      .below(6700);
  });

  it('is told to within five polls, and by no answer that did not come', () => {
    const late = [{ series: 'roles@pi1', from: 28_700, to: 29_150 }];
    expect(returns({ restarts: 6400, deaf: late }).outcome).to.equal('pass');
    const leader = [{ series: 'roles@pi3', from: 30_000, to: 30_300 }];
    expect(returns({ restarts: 6400, deaf: leader }).outcome).to.equal('pass');
  });

  it('cannot tell of anybody without a leader', () => {
    const verdict = returns({ restarts: 6400, knows: {}, isolated: true });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('no majority named a leader at last');
    expect(verdict).to.deep.include({ measuredMs: { atLeast: 0 }, evidence: [] });
  });

  it('does not apply where no member is taken down', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.map((event): Event =>
      event.type === 'fault' && event.intent !== undefined
        ? { ...event, intent: { ...event.intent, membersDown: [] } }
        : event,
    );
    const verdict = memberReturns.judge({ within: 10_000 }, { ...timeline, events });
    expect(verdict.outcome).to.equal('not-applicable');
  });

  it('waits for nothing before the healing it counts from, and then until it is back', () => {
    const timeline = timelineOf({ probes });
    const upTo = (ms: number): boolean =>
      memberReturns.seen(
        { within: 10_000, after: 'heal' },
        {
          ...timeline,
          events: timeline.events.filter(
            (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
          ),
        },
      );
    expect([30_000, 55_000, 62_000].map(upTo)).to.deep.equal([true, false, true]);
  });
});

describe('member-returns, of polls written by hand', () => {
  type Told = (sent: number) => string | undefined;
  const from =
    (change: number, before: string | undefined, after: string | undefined): Told =>
    (sent) =>
      sent < change ? before : after;

  interface Says {
    /** Whether the member on pi1 answers. */
    readonly answers?: (sent: number) => boolean;
    /** Its role by the word of the leader, which is on pi2; undefined if it is not listed. */
    readonly role?: Told;
    /** Whom it names; undefined for no answer, nobody asks it without. */
    readonly names?: Told;
    readonly asked?: boolean;
    /** Those that the fault took down. */
    readonly down?: readonly string[];
    readonly within?: number;
    /** When else they are polled. */
    readonly also?: readonly number[];
  }

  /** Healed at 20.000 to 20.008 s and settled at 30 s, polled every half second; all is well unless said. */
  function judged({
    answers = () => true,
    role = () => 'voter',
    names = () => '2',
    asked = true,
    down = ['1'],
    within = 15_000,
    also = [],
  }: Says): Verdict {
    const polls = [...Array.from({ length: 25 }, (_, index) => 19_000 + 500 * index), ...also];
    const members = (sent: number): readonly object[] => {
      const listed = role(sent);
      const others = ['2', '3'].map((id) => ({ id, role: 'voter' }));
      return listed === undefined ? others : [...others, { id: '1', role: listed }];
    };
    const looks = polls.flatMap((sent): readonly Sample[] => {
      const named = names(sent);
      return [
        answers(sent)
          ? look('roles@pi1', sent, { members: members(sent) })
          : badLook('roles@pi1', sent, 'ECONNREFUSED'),
        look('roles@pi2', sent, { members: members(sent) }),
        look('roles@pi3', sent, { members: members(sent) }),
        ...['pi2', 'pi3'].map((node) => look(`leader@${node}`, sent, { leader: '2' })),
        ...(asked
          ? [
              named === undefined
                ? badLook('leader@pi1', sent, 'EDEADLINE')
                : look('leader@pi1', sent, { leader: named }),
            ]
          : []),
      ];
    });
    const fault = { type: 'fault', step: 'kill' } as const;
    const intent = { ...intentOf('test', 'pi1', 'node-timer', []), membersDown: down };
    const timeline = timelineWith(looks, [
      { ...fault, state: 'fired', at: 10_004, span: { lo: 10_000, hi: 10_004 }, intent },
      { ...fault, state: 'undone', at: 20_008, span: { lo: 20_000, hi: 20_008 } },
      { type: 'phase', phase: 'done', at: 30_000, wall: '' },
    ]);
    return memberReturns.judge({ within, after: 'heal' }, timeline);
  }

  it('is when it answers, is listed and names the leader, whichever comes last', () => {
    const back = { lo: 21_500 - 20_008, hi: 22_010 - 20_000 };
    expect(judged({ answers: (sent) => sent >= 22_000 }).measuredMs).to.deep.equal(back);
    expect(judged({ role: from(22_000, undefined, 'voter') }).measuredMs).to.deep.equal(back);
    for (const before of ['', '3'])
      expect(judged({ names: from(22_000, before, '2') }).measuredMs).to.deep.equal(back);
    const verdict = judged({
      answers: (sent) => sent >= 21_000,
      names: from(21_500, '', '2'),
      role: from(22_000, undefined, 'voter'),
    });
    expect(verdict.measuredMs).to.deep.equal(back);
    expect(verdict.evidence).to.deep.equal(['pi1 was back as voter between 21.500 s and 22.010 s']);
    expect(judged({}).measuredMs).to.deep.equal({ lo: 0, hi: 510 });
    // A poll in the last instant of the healing is after it.
    expect(judged({ also: [20_008] }).measuredMs).to.deep.equal({ lo: 0, hi: 18 });
  });

  it('does not need a member without a vote to name anybody, but not another either', () => {
    const role = (): string => 'stand-by';
    for (const names of [(): string => '', (): undefined => undefined])
      expect(judged({ role, names }).measuredMs).to.deep.equal({ lo: 0, hi: 510 });
    expect(judged({ role, asked: false }).evidence[0]).to.match(/^pi1 was back as stand-by/);
    expect(judged({ role, names: from(22_000, '3', '') }).measuredMs).to.deep.equal({
      lo: 21_500 - 20_008,
      hi: 22_010 - 20_000,
    });
    const heard = (words: Readonly<Record<number, string>>): Told => {
      return (sent) => (sent < 21_000 ? undefined : (words[sent] ?? ''));
    };
    expect(judged({ role, names: heard({}) }).measuredMs).to.deep.equal({ lo: 0, hi: 510 });
    expect(judged({ role, names: heard({ 21_000: '3' }) }).measuredMs).to.deep.equal({
      lo: 21_000 - 20_008,
      hi: 21_510 - 20_000,
    });
    // A voter that says nothing has not come back.
    for (const voter of [judged({ asked: false }), judged({ names: () => undefined })]) {
      expect(voter.measuredMs).to.deep.equal({ atLeast: 0 });
      expect(voter.evidence).to.deep.equal([
        'pi1 was not a live member at 20.000 s and not seen to be one after it',
      ]);
    }
  });

  it('has not come where it ends, by the last poll before the end of settling', () => {
    const never = { atLeast: 30_000 - 20_008 };
    expect(judged({ role: from(30_000, 'voter', undefined) }).measuredMs).to.deep.equal(never);
    expect(judged({ names: from(30_000, '2', '3') }).measuredMs).to.deep.equal(never);
    const over = judged({ role: from(30_500, 'voter', undefined) });
    expect(over.measuredMs).to.deep.equal({ lo: 0, hi: 510 });
    const gone = judged({ answers: (sent) => sent < 29_000 });
    expect(gone.measuredMs).to.deep.equal(never);
  });

  it('is that of the last of several, each of which is told', () => {
    const both = judged({ down: ['1', '3'], answers: (sent) => sent >= 22_000 });
    expect(both.clocks).to.deep.equal({
      pi1: { lo: 21_500 - 20_008, hi: 22_010 - 20_000 },
      pi3: { lo: 0, hi: 510 },
    });
    expect(both.measuredMs).to.deep.equal(both.clocks!['pi1']);
    expect(both.because).to.match(/^pi1, pi3 were back /);
    const one = judged({ down: ['1', '3'], answers: () => false });
    expect(one.because).to.match(/^pi1 was not seen to be back /);
    const none = judged({ down: ['1', '4'], answers: () => false });
    expect(none.because).to.match(/^pi1, pi4 were not seen to be back /);
    expect(judged({}).clocks).to.equal(undefined);
  });

  it('is invalid where it is seen more coarsely than its limit asks for', () => {
    const verdict = judged({ answers: (sent) => sent >= 22_000, within: 5000 });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/^pi1: the change was seen only to within 0\.51 s/);
    // The other is seen well.
    const second = judged({
      down: ['3', '1'],
      answers: (sent) => sent >= 22_000,
      within: 5000,
      also: [20_100],
    });
    expect(second.outcome).to.equal('invalid');
    expect(second.because).to.match(/^pi1: the change was seen only to within 0\.51 s/);
  });
});

function returns(changes: Partial<Script>, more: Partial<Params> = {}): Verdict {
  return memberReturns.judge({ within: 10_000, ...more }, timelineOf({ probes, ...changes }));
}
