import { expect } from 'chai';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import type { Span } from '../model/span.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, look, timelineWith } from '../testing/looks.ts';
import type { Event, FaultEvent, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { workloadAvailable } from './workload-available.ts';

const probes = ['web-new', 'web-reused'];
const params = { failed: 0.001, 'longest-outage': 1000, on: 'every' as const };
type Params = Parameters<typeof workloadAvailable.judge>[0];
const lenient = { failed: 1, 'longest-outage': 1000, on: 'every' as const };

describe('workload-available', () => {
  it('passes where no request failed, and says how long an outage could have hidden', () => {
    const verdict = available({});
    expect(verdict).to.deep.include({ outcome: 'pass', failed: 0, limitMs: 1000 });
    expect(verdict.title).to.equal(
      'at most 0.1 % of requests fail, and no outage is longer than 1 s',
    );
    expect(verdict.longestOutageMs).to.have.property('lo', 0);
    expect(verdict.longestOutageMs).to.have.property('hi').within(95, 105);
    expect(verdict.because).to.equal('no request failed; no outage was longer than 0.10 s');
  });

  it('fails by the share of requests that failed', () => {
    const verdict = available({ webDown: [{ node: 'pi2', from: 0, to: 900 }] });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.failed).to.be.within(18, 21);
    expect(verdict.because).to.match(/^\d+ of \d+ requests failed \(0\.4\d* %\), more than 0\.1 %/);
  });

  it('fails by the longest outage, of the worst series, and says of which and when', () => {
    const verdict = available({ webDown: [{ node: 'pi2', from: 500, to: 2500 }] }, lenient);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(/the longest outage was 2\.0\d? s .*beyond the limit of 1 s/);
    expect(verdict.evidence.find((line) => line.startsWith('web-new@pi2'))).to.match(
      /^web-new@pi2: 2[01] of \d+ failed between 22\.\d{3} s and 24\.\d{3} s \(ECONNRESET\)$/,
    );
  });

  it('cannot tell where the limit lies inside the interval of the outage', () => {
    const verdict = available({ webDown: [{ node: 'pi2', from: 500, to: 1500 }] }, lenient);
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('does not decide about the limit of 1 s');
  });

  it('counts two short outages apart, not as one long', () => {
    const webDown = [
      { node: 'pi2', from: 500, to: 1000 },
      { node: 'pi2', from: 2000, to: 2500 },
    ];
    expect(available({ webDown }, lenient).outcome).to.equal('pass');
  });

  it('says at least, where a path still fails at the end', () => {
    const verdict = available({ webDown: [{ node: 'pi4', from: 51_000, to: 90_000 }] }, lenient);
    expect(verdict.longestOutageMs).to.have.property('atLeast').within(500, 1000);
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.because).to.contain('had not ended');
  });

  it('fails an outage that had not ended and was beyond the limit already', () => {
    const verdict = available({ webDown: [{ node: 'pi4', from: 40_000, to: 90_000 }] }, lenient);
    expect(verdict.outcome).to.equal('fail');
  });

  it('counts from the fault: what failed before does not count', () => {
    const webDown = [{ node: 'pi2', from: -6000, to: -3000 }];
    expect(available({ webDown })).to.deep.include({ outcome: 'pass', failed: 0 });
  });

  it('counts to the end of settling: what fails when the workload is removed does not count', () => {
    const webDown = ['pi1', 'pi2'].map((node) => ({ node, from: 51_800, to: 90_000 }));
    expect(available({ webDown })).to.deep.include({ outcome: 'pass', failed: 0 });
  });

  it('counts a time-out as failed, at its intended time', () => {
    const deaf = [{ series: 'web-reused@pi3', from: 30_000, to: 33_000 }];
    const verdict = available({ deaf }, lenient);
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.longestOutageMs).to.have.property('lo').within(2800, 3000);
  });

  it('cannot tell where the slots that were missed decide', () => {
    const verdict = available({ missed: 0.01 });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.failed).to.equal(0);
    expect(verdict.because).to.match(/the \d+ slots of which nothing is known decide about 0\.1 %/);
  });

  it('takes slots that were never written down for missed, not for good', () => {
    const timeline = timelineOf({ probes });
    const events = timeline.events.filter(
      (event) => event.type !== 'sample' || event.series !== 'web-new@pi1' || event.due < 50_000,
    );
    const verdict = workloadAvailable.judge(params, { ...timeline, events });
    expect(verdict.outcome).to.equal('unknown');
    expect(verdict.requests).to.equal(workloadAvailable.judge(params, timeline).requests);
  });

  it('is invalid where no series samples the workload', () => {
    const verdict = workloadAvailable.judge(params, timelineOf({ probes: ['leader'] }));
    expect(verdict).to.include({
      outcome: 'invalid',
      because: 'no series samples the workload',
    });
  });

  it('is invalid where the workload did not answer before the fault', () => {
    const verdict = available({ webDown: [{ node: 'pi2', from: -2500, to: 1000 }] });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.contain('@pi2 had');
  });

  it('has seen the end when two seconds after the fault were without a failure', () => {
    const timeline = timelineOf({ probes, webDown: [{ node: 'pi2', from: 500, to: 1500 }] });
    const upTo = (ms: number): boolean =>
      workloadAvailable.seen(params, {
        ...timeline,
        events: timeline.events.filter(
          (event) => (event.type === 'sample' ? (event.got ?? event.due) : event.at) <= ms,
        ),
      });
    expect([22_000, 22_700, 24_600, 26_100].map(upTo)).to.deep.equal([false, false, false, true]);
  });

  describe('under a load', () => {
    const loaded = { probes: [...probes, 'load'], loadMs: 20 };
    const quick = { ...lenient, p99: 50 };

    it('counts its requests, and tells how long answers took', () => {
      const verdict = available({ ...loaded, roundTrip: 20 });
      const without = available({ roundTrip: 20 });
      expect(verdict.outcome).to.equal('pass');
      // Four nodes, fifty requests a second each, for the 52 s that are judged.
      expect((verdict.requests ?? 0) - (without.requests ?? 0)).to.be.within(10_000, 10_600);
      expect(verdict.evidence.at(-1)).to.match(
        /^answered: half within 1\d ms, 99 % within 2\d ms, all within 2\d ms$/,
      );
      expect(without).not.to.have.property('latencyMs');
    });

    it('holds the answers to a limit, and passes only if all that is known is within', () => {
      const verdict = available({ ...loaded, roundTrip: 20 }, quick);
      expect(verdict.outcome).to.equal('pass');
      expect(verdict.title).to.contain(', and 99 % are answered within 50 ms');
      expect(verdict.because).to.match(/; 99 % of requests were answered within 2\d ms$/);
    });

    it('fails where one in fifty takes too long, and says so', () => {
      const verdict = available({ ...loaded, roundTrip: 20, spikes: 0.02 }, quick);
      expect(verdict.outcome).to.equal('fail');
      expect(verdict.because).to.match(/answered within 1\d\d ms, beyond the limit of 50 ms$/);
    });

    it('fails where one in fifty is never answered', () => {
      const verdict = available({ ...loaded, roundTrip: 20, lost: 0.02 }, quick);
      expect(verdict.outcome).to.equal('fail');
      expect(verdict.latencyMs?.p99).to.deep.equal({ atLeast: 1000 });
      expect(verdict.because).to.match(/only after 1000 ms or more, or never, beyond the limit/);
    });

    it('cannot tell where the slots that were missed decide', () => {
      const verdict = available({ ...loaded, roundTrip: 20, missed: 0.02 }, quick);
      expect(verdict.outcome).to.equal('unknown');
      expect(verdict.because).to.contain('does not decide about the limit of 50 ms');
    });

    it('is invalid where the load was not answered before the fault', () => {
      const deaf = [{ series: 'load@pi2', from: 0, to: 23_000 }];
      const verdict = available({ ...loaded, deaf });
      expect(verdict.outcome).to.equal('invalid');
      expect(verdict.because).to.match(/^load@pi2 had \d good samples/);
    });

    it('may ask for no time that a failed request has', () => {
      const written = { failed: '1%', 'longest-outage': '1s' };
      const { schema } = workloadAvailable;
      expect(schema.safeParse({ ...written, p99: '1s' }).success).to.equal(true);
      expect(schema.safeParse({ ...written, p99: '1001ms' }).success).to.equal(false);
    });
  });

  describe('of a workload that pods alone ask', () => {
    const inside = ['inside-new', 'inside-reused'];
    const told = (share: number, answer: object): Verdict => {
      const timeline = timelineOf({ probes: inside });
      const events = timeline.events.map((event, index) =>
        event.type === 'sample' &&
        event.due > leaderLoss.fired &&
        index % Math.round(1 / share) === 0
          ? { ...event, ok: false, value: undefined, ...answer }
          : event,
      );
      return workloadAvailable.judge({ ...params, failed: 0.01 }, { ...timeline, events });
    };

    it('counts what they are answered', () => {
      const verdict = available({ probes: inside });
      expect(verdict).to.include({ outcome: 'pass', failed: 0 });
      expect(verdict.requests).to.be.greaterThan(100);
    });

    it('counts each of them alone, too', () => {
      for (const probe of inside)
        expect(available({ probes: [probe] }), probe).to.include({ outcome: 'pass', failed: 0 });
    });

    it('fails by what they are refused', () => {
      const verdict = told(0.05, { value: { status: 502 }, error: 'HTTP 502' });
      expect(verdict.outcome).to.equal('fail');
    });

    it('knows nothing of what a pod would have been answered that does not answer us', () => {
      const verdict = told(0.05, { error: 'EDEADLINE' });
      expect(verdict).to.include({ outcome: 'unknown', failed: 0 });
    });
  });

  describe('on every-survivor', () => {
    const surviving = { ...params, on: 'every-survivor' as const };

    it('does not count the way to a node that was hit until it answers again, and tells of it', () => {
      // It is healed after thirty seconds, and answers five seconds later.
      const webDown = [{ node: 'pi1', from: 0, to: 35_000 }];
      expect(available({ webDown }).outcome).to.equal('fail');
      const verdict = available({ webDown }, surviving);
      expect(verdict.outcome, verdict.because).to.equal('pass');
      expect(verdict.title).to.contain('through the nodes that survive');
      expect(verdict.evidence.join('\n')).to.match(
        /web-new@pi1: 0 of 1\d\d failed; not counted from 22\.307 s to 57\.\d+ s, as a fault was aimed at its node: 36\d of 36\d failed/,
      );
      const all = available({ webDown }, params).requests ?? 0;
      expect(verdict.requests).to.be.within(all - 770, all - 720);
    });

    it('counts the way to any other node', () => {
      const webDown = [{ node: 'pi2', from: 0, to: 30_000 }];
      expect(available({ webDown }, surviving).outcome).to.equal('fail');
    });

    it('counts what fails once it has answered again', () => {
      const webDown = [
        { node: 'pi1', from: 0, to: 32_000 },
        { node: 'pi1', from: 33_000, to: 36_000 },
      ];
      const verdict = available({ webDown }, surviving);
      expect(verdict.outcome).to.equal('fail');
      expect(verdict.longestOutageMs).to.have.property('lo').within(2800, 3000);
    });

    it('counts one that never answers again from its healing on', () => {
      const webDown = [{ node: 'pi1', from: 0, to: 90_000 }];
      const verdict = available({ webDown }, surviving);
      expect(verdict.outcome).to.equal('fail');
      expect(verdict.longestOutageMs).to.have.property('atLeast').above(20_000);
    });

    it('counts an outage that had begun before its node was hit, up to there', () => {
      const timeline = timelineOf({ probes, webDown: [{ node: 'pi2', from: 8000, to: 22_000 }] });
      const { fired } = leaderLoss;
      const [first] = timeline.plan.steps;
      const intent = timeline.events.flatMap((event) =>
        event.type === 'fault' ? (event.intent ?? []) : [],
      )[0];
      if (first === undefined || intent === undefined) throw new Error('no fault');
      const second = { type: 'fault', step: 'second' } as const;
      const at = (ms: number): { at: number; span: Span } => ({
        at: fired + ms,
        span: { lo: fired + ms, hi: fired + ms },
      });
      const hit = {
        plan: { ...timeline.plan, steps: [...timeline.plan.steps, { ...first, id: 'second' }] },
        events: [
          ...timeline.events,
          { ...second, ...at(9900), state: 'journaled', intent: { ...intent, targets: ['pi2'] } },
          { ...second, ...at(10_000), state: 'fired' },
          { ...second, ...at(20_000), state: 'undone' },
        ] satisfies Event[],
      };
      const { longestOutageMs } = workloadAvailable.judge(surviving, hit);
      expect(longestOutageMs).to.have.property('lo').within(1850, 2000);
      expect(longestOutageMs).to.have.property('hi').within(2000, 2200);
    });
  });
});

describe('workload-available, slot by slot', () => {
  const kill = { type: 'fault', step: 'kill' } as const;
  const second = { type: 'fault', step: 'second' } as const;
  const undone = { state: 'undone', at: 11_010, span: { lo: 11_000, hi: 11_010 } } as const;
  const at = (instant: number): Pick<FaultEvent, 'at' | 'span'> => ({
    at: instant,
    span: { lo: instant, hi: instant },
  });
  const fired = (target: string): Pick<FaultEvent, 'state' | 'intent'> => ({
    state: 'fired',
    intent: intentOf('test', target, 'node-timer', []),
  });
  const done: Event = {
    ...{ type: 'phase', at: 14_000, phase: 'done', wall: '2026-11-21T07:10:14.000Z' },
  };

  /** Good slots every 100 ms from 8 s to an instant, but for some that were never written down. */
  function slots(series: string, until: number, ...missing: readonly number[]): readonly Sample[] {
    return Array.from({ length: (until - 8000) / 100 + 1 }, (_, index) =>
      look(series, 8000 + index * 100, { status: 200 }),
    ).filter(({ due }) => !missing.includes(due));
  }

  function bad(looks: readonly Sample[], from: number, to: number): readonly Sample[] {
    return looks.map((one) =>
      one.due >= from && one.due < to ? badLook(one.series, one.due, 'ECONNRESET') : one,
    );
  }

  function judged(
    looks: readonly Sample[],
    changes: Partial<Params> = {},
    faults: readonly FaultEvent[] = [{ ...kill, ...at(10_000), ...fired('pi1') }],
  ): Verdict {
    const timeline = timelineWith(looks, [...faults, done]);
    const [step] = timeline.plan.steps;
    const steps = [...timeline.plan.steps, { ...step!, id: 'second' }];
    const plan = { ...timeline.plan, steps };
    return workloadAvailable.judge({ ...lenient, ...changes }, { ...timeline, plan });
  }

  it('counts each that was due from the fault to the end of settling', () => {
    const looks = bad(slots('web-new@pi2', 15_000), 14_050, 15_000);
    const verdict = judged(bad(looks, 8000, 8500), { failed: 0 });
    expect(verdict).to.include({ outcome: 'pass', failed: 0, requests: 41 });
    expect(verdict).not.to.have.any.keys('untold', 'latencyMs');
    expect(verdict.evidence).to.deep.equal(['web-new@pi2: 0 of 41 failed']);
  });

  it('knows nothing of those that were never written down', () => {
    const all = [...slots('web-new@pi2', 14_000, 12_000, 12_100), ...slots('web-new@pi3', 9900)];
    expect(judged(all)).to.include({ requests: 82, untold: 43, failed: 0 });
  });

  it('is a share of all requests', () => {
    const one = bad(slots('web-new@pi2', 14_000), 12_000, 12_100);
    const within = judged(one, { failed: 0.025 });
    expect(within.outcome).to.equal('pass');
    expect(within.because).to.match(/^1 of 41 requests failed \(2\.439 %\); no outage/);
    expect(judged(one, { failed: 0.024 }).outcome).to.equal('fail');
  });

  it('is decided by those of which nothing is known, where some failed and not too many', () => {
    const one = bad(slots('web-new@pi2', 14_000, 13_000), 12_000, 12_100);
    const verdict = judged(one, { failed: 0.03 });
    expect(verdict).to.include({ outcome: 'unknown', failed: 1, untold: 1, requests: 41 });
    expect(verdict.because).to.match(/^1 of 41 requests failed \(2\.439 %\), .* decide about 3 %;/);
    expect(judged(one, { failed: 0.05 }).outcome).to.equal('pass');
  });

  it('tells when and how they failed, each way once', () => {
    const looks = slots('web-new@pi2', 14_000).map((one) => {
      if (one.due === 12_100) return badLook(one.series, one.due, 'EDEADLINE');
      const error = { 12_000: 'HTTP 503', 12_200: 'HTTP 503' }[one.due];
      return error === undefined ? one : badLook(one.series, one.due, error);
    });
    expect(judged(looks).evidence).to.deep.equal([
      'web-new@pi2: 3 of 41 failed between 12.000 s and 12.200 s (EDEADLINE, HTTP 503)',
    ]);
  });

  it('has no outage for certain while the pod that asks is silent', () => {
    const { outcome, failed, longestOutageMs } = judged(
      slots('inside-new@pi2', 14_000).map((one) =>
        one.due >= 11_000 && one.due < 13_000 ? badLook(one.series, one.due, 'EDEADLINE') : one,
      ),
    );
    expect([outcome, failed]).to.deep.equal(['unknown', 0]);
    expect(longestOutageMs).to.have.property('lo', 0);
  });

  it('tells how long good answers took, if that is asked or there is a load', () => {
    const half = bad(slots('web-new@pi2', 14_000), 10_000, 12_100);
    expect(judged(half, { 'longest-outage': 5000 })).not.to.have.property('latencyMs');
    const { latencyMs, title, evidence } = judged(half, { p99: 700 });
    expect(latencyMs?.p50).to.deep.equal({ atLeast: 1000 });
    expect(title).to.match(/, and 99 % are answered within 700 ms$/);
    expect(evidence).to.have.lengthOf(2);
    const loaded = judged([...slots('web-new@pi2', 14_000), ...slots('load@pi2', 14_000)]);
    expect(loaded.latencyMs?.max).to.deep.equal({ lo: 10, hi: 10 });
    expect(loaded.evidence.at(-1)).to.match(/^answered: half within 10 ms/);
  });

  describe('on every-survivor', () => {
    const surviving = { on: 'every-survivor' } as const;
    const hit = { ...kill, ...at(10_000), ...fired('pi1') };

    it('leaves out a node from the fault until it answers again, and nothing after', () => {
      const looks = bad(slots('web-new@pi1', 14_000, 13_000, 13_100), 10_000, 11_100);
      const verdict = judged(looks, surviving, [hit, { ...kill, ...undone }]);
      expect(verdict).to.include({ requests: 30, untold: 2, failed: 0 });
      expect(verdict.evidence).to.deep.equal([
        'web-new@pi1: 0 of 30 failed; not counted from 10.000 s to 11.100 s, ' +
          'as a fault was aimed at its node: 11 of 11 failed',
      ]);
      const later = { ...second, ...at(12_000), ...fired('pi1') };
      const again = judged(looks, surviving, [hit, { ...kill, ...undone }, later]);
      expect(again.evidence[0]).to.match(
        /: 11 of 11 failed; not counted from 12\.000 s to the end, .*: 0 of 19 failed$/,
      );
    });

    it('leaves out the rest of a node whose fault is not taken back, written down or not', () => {
      const later = { ...second, ...at(12_000), ...fired('pi2') };
      const looks = [
        ...slots('web-new@pi2', 12_400, 11_000, 11_100),
        ...slots('web-new@pi3', 14_000),
      ];
      const verdict = judged(looks, surviving, [hit, later]);
      expect(verdict).to.include({ requests: 20 + 41, untold: 2 });
    });

    it('leaves out nothing for a fault that was over before', () => {
      const later = { ...second, ...at(12_000), ...fired('pi3') };
      const faults = [{ ...hit, ...fired('pi2') }, { ...kill, ...undone }, later];
      const looks = bad(slots('web-new@pi2', 14_000, 13_000, 13_100), 10_000, 10_900);
      const verdict = judged(looks, { ...surviving, after: 'second' }, faults);
      expect(verdict).to.include({ requests: 21, untold: 2, failed: 0 });
    });

    it('is judged by one node where another never answers again', () => {
      const looks = [...slots('web-new@pi1', 14_000), ...slots('web-new@pi2', 14_000)];
      expect(judged(looks, surviving)).to.include({ outcome: 'pass', requests: 41 });
    });

    it('does not apply where every node was hit and none answers again', () => {
      expect(judged(slots('web-new@pi1', 14_000), surviving)).to.deep.include({
        outcome: 'not-applicable',
        because: 'the fault is aimed at every node through which the workload is asked',
        evidence: [],
      });
    });

    it('waits for the nodes that are not hit, and on every node for all of them', () => {
      const looks = [
        ...bad(slots('web-new@pi1', 14_000), 10_000, 14_100),
        ...slots('web-new@pi2', 14_000),
      ];
      const seen = (on: Params['on']): boolean =>
        workloadAvailable.seen({ ...lenient, on }, timelineWith(looks, [hit]));
      expect(seen('every-survivor')).to.equal(true);
      expect(seen('every')).to.equal(false);
      const other = { ...hit, ...fired('pi3') };
      expect(
        workloadAvailable.seen({ ...lenient, ...surviving }, timelineWith(looks, [other])),
      ).to.equal(false);
      const both = { ...hit, intent: { ...hit.intent!, targets: ['pi1', 'pi3'] } };
      expect(
        workloadAvailable.seen({ ...lenient, ...surviving }, timelineWith(looks, [both])),
      ).to.equal(true);
    });
  });

  it('is promised of every node, unless it is of the survivors', () => {
    const read = (params: object) =>
      workloadAvailable.schema.safeParse({ failed: '1%', 'longest-outage': '1s', ...params });
    expect(read({}).data).to.include({ on: 'every' });
    expect(read({ on: 'every' }).data).to.include({ on: 'every' });
    expect(read({ on: 'every-survivor' }).data).to.include({ on: 'every-survivor' });
    expect(read({ on: 'targets' }).success).to.equal(false);
    expect(read({ p99: '1001ms' }).error?.issues[0]?.message).to.contain(
      'write at most 1s, after which a request has failed',
    );
  });
});

function available(changes: Partial<Script>, what: Params = params): Verdict {
  return workloadAvailable.judge(what, timelineOf({ probes, ...changes }));
}
