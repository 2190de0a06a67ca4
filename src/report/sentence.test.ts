import { expect } from 'chai';
import { faults } from '../faults/table.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import { participles, sayShare, verdictSentence } from './sentence.ts';
import { sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';

describe('verdictSentence', () => {
  const timeline = sampleTimeline({ electedMs: 1840 });
  const onPods: Timeline = {
    ...timeline,
    events: timeline.events.map((event) =>
      event.type === 'fault' && event.intent !== undefined
        ? {
            ...event,
            intent: {
              ...event.intent,
              fault: 'delete-pod',
              targets: [],
              podsHit: ['holdfast/web-1', 'holdfast/web-2', 'holdfast/web-3'],
            },
          }
        : event,
    ),
  };

  it('names the new leader, the time and the victim of a run that passes', () => {
    expect(verdictSentence(sampleResult(), timeline)).to.equal(
      'pi3 led 1.84 s after pi1 was killed; nobody using web noticed',
    );
  });

  it('names the pods where no node was the victim', () => {
    expect(verdictSentence(sampleResult(), onPods)).to.match(
      /^pi3 led .* after holdfast\/web-1, holdfast\/web-2 and holdfast\/web-3 were deleted;/,
    );
    const unelected = verdictsWith('leader-elected', { outcome: 'not-applicable' });
    expect(verdictSentence(sampleResult(unelected), onPods)).to.match(
      /^holdfast\/web-1, holdfast\/web-2 and holdfast\/web-3 were deleted;/,
    );
  });

  it('names the service, and tells when it worked again', () => {
    const events = timeline.events.map((event): Event =>
      event.type === 'fault' && event.intent !== undefined
        ? { ...event, intent: { ...event.intent, service: 'scheduler' } }
        : event,
    );
    const scheduled = {
      claim: 'pods-scheduled',
      outcome: 'pass',
      title: '',
      because: 'new pods were scheduled again 15.6 s (±0.86) after the fault; the limit is 20 s',
      evidence: [],
    } as const;
    const verdicts = verdictsWith('leader-elected', { outcome: 'not-applicable' });
    expect(
      verdictSentence(sampleResult([...verdicts, scheduled]), { ...timeline, events }),
    ).to.equal(
      'The scheduler on pi1 was killed; new pods were scheduled again 15.6 s (±0.86) after the fault; nobody using web noticed',
    );
  });

  it('knows what every fault does to a node', () => {
    expect(Object.keys(participles).sort()).to.deep.equal(Object.keys(faults).sort());
  });

  it('tells requests that failed within what is allowed', () => {
    const result = sampleResult(verdictsWith('workload-available', { failed: 3 }));
    expect(verdictSentence(result, timeline)).to.match(
      /; 3 of 4312 requests to web failed, within/,
    );
  });

  it('says that an election was slower than allowed', () => {
    const result = sampleResult(
      verdictsWith('leader-elected', { outcome: 'fail', measuredMs: { lo: 7190, hi: 7230 } }),
    );
    expect(verdictSentence(result, sampleTimeline({ electedMs: 7210 }))).to.equal(
      'pi3 led 7.21 s after pi1 was killed, later than the 5 s allowed; nobody using web noticed',
    );
  });

  it('says that an election straddles its limit', () => {
    const result = sampleResult(
      verdictsWith('leader-elected', { outcome: 'unknown', measuredMs: { lo: 4950, hi: 5030 } }),
    );
    expect(verdictSentence(result, sampleTimeline({ electedMs: 4990 }))).to.match(
      /^pi3 led 4\.99 s after pi1 was killed, too close to the 5 s allowed to tell;/,
    );
  });

  it('says that nobody was elected within what was watched', () => {
    const result = sampleResult(
      verdictsWith('leader-elected', { outcome: 'fail', measuredMs: { atLeast: 30_000 } }),
    );
    expect(verdictSentence(result, sampleTimeline())).to.match(
      /^No new leader within 30\.0 s after pi1 was killed;/,
    );
  });

  it('says how people using the workload noticed', () => {
    const result = sampleResult(
      verdictsWith('workload-available', {
        outcome: 'fail',
        failed: 134,
        longestOutageMs: { lo: 4100, hi: 4200 },
      }),
    );
    expect(verdictSentence(result, timeline)).to.match(
      /; people using web noticed: 3\.1 % of requests failed, the longest outage 4\.15 s$/,
    );
  });

  it('lists the other claims that were not kept and those not known', () => {
    const late = verdictsWith('voters-restored', { outcome: 'fail' });
    const result = sampleResult(
      late.map((verdict) =>
        verdict.claim === 'writes-resume' ? { ...verdict, outcome: 'unknown' as const } : verdict,
      ),
    );
    expect(verdictSentence(result, timeline)).to.match(
      /; not kept: full voters again within 30 s; not known: writes through every survivor/,
    );
  });

  it('says why a fault that did not bite gives no verdict', () => {
    const result = sampleResult([], { outcome: 'invalid', reason: 'the fault was not proved' });
    expect(verdictSentence(result, sampleTimeline({ missed: true }))).to.equal(
      'No verdict, for the fault did not bite: the unit is still active',
    );
  });

  it('tells a fault that something ended early from one that never bit', () => {
    const early: Event = {
      type: 'fault',
      step: 'kill',
      at: 52_800,
      state: 'missed',
      because: 'the undo timer on pi1 had run before its time',
    };
    const result = sampleResult([], { outcome: 'invalid' });
    const ended = { ...timeline, events: [...timeline.events, early] };
    expect(verdictSentence(result, ended)).to.equal(
      'No verdict, for the fault did not last: the undo timer on pi1 had run before its time',
    );
  });

  it('puts what was left behind before everything else', () => {
    const left = 'pi1: nft table holdfast_3f9a1c; holdfast heal --run 3f9a1c';
    const result = sampleResult(undefined, { outcome: 'residue', residue: [left, 'pi2: a lock'] });
    expect(verdictSentence(result, sampleTimeline({ residue: true }))).to.equal(
      `Something could not be put back: ${left} (and 1 more)`,
    );
  });

  it('needs no timeline where a run had no plan', () => {
    const result = sampleResult([], { outcome: 'locked', reason: 'held by host a since 07:00' });
    expect(verdictSentence(result, undefined)).to.equal(
      'Nothing was broken: another run has the cluster: held by host a since 07:00',
    );
  });
});

describe('sayShare', () => {
  it('keeps two digits that matter', () => {
    expect([
      sayShare(0, 0),
      sayShare(0, 9),
      sayShare(1, 2500),
      sayShare(134, 4312),
      sayShare(1, 10),
      sayShare(9, 9),
    ]).to.deep.equal(['0 %', '0 %', '0.04 %', '3.1 %', '10 %', '100 %']);
  });
});
