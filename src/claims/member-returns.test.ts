import { expect } from 'chai';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event } from '../model/timeline.ts';
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

  it('cannot tell of anybody without a leader', () => {
    const verdict = returns({ restarts: 6400, knows: {}, isolated: true });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('no majority named a leader at last');
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

function returns(changes: Partial<Script>, more: Partial<Params> = {}): Verdict {
  return memberReturns.judge({ within: 10_000, ...more }, timelineOf({ probes, ...changes }));
}
