import { expect } from 'chai';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, LeasesSeen } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { leaseHeld } from './lease-held.ts';

const probes = ['leases', 'write'];

function judged(changes: Partial<Script>, lease = 'kube-scheduler', within = 20_000): Verdict {
  return leaseHeld.judge({ lease, within }, timelineOf({ probes, ...changes }));
}

describe('lease-held', () => {
  it('is from the last look with the old stamp to the first with another, and says who holds it', () => {
    const verdict = judged({ leaseLapse: 17_000 });
    expect(verdict).to.include({ outcome: 'pass', claim: 'lease-held' });
    expect(verdict.title).to.equal('the Lease kube-scheduler held again within 20 s');
    expect(verdict.measuredMs).to.have.property('lo').within(15_000, 17_600);
    expect(verdict.measuredMs).to.have.property('hi').within(17_000, 19_200);
    expect(verdict.because).to.match(/^kube-scheduler was renewed by pi2 /);
  });

  it('tells nothing but who it is that holds it, or that somebody does', () => {
    expect(judged({ leaseLapse: 17_000 }).evidence).to.deep.equal([]);
    const timeline = timelineOf({ probes });
    const events = timeline.events.map((event): Event => {
      if (event.type !== 'sample' || !event.series.startsWith('leases@')) return event;
      const { leases } = event.value as LeasesSeen;
      const nameless = Object.entries(leases).map(([name, lease]) => [
        name,
        { ...lease, holder: '' },
      ]);
      return { ...event, value: { leases: Object.fromEntries(nameless) as object } };
    });
    const params = { lease: 'kube-scheduler', within: 20_000 };
    expect(leaseHeld.judge(params, { ...timeline, events }).because).to.match(
      /^kube-scheduler was renewed by somebody /,
    );
  });

  it('fails beyond the limit, and where it was never renewed', () => {
    expect(judged({ leaseLapse: 25_000 }).outcome).to.equal('fail');
    const never = judged({ leaseLapse: 300_000 });
    expect(never.outcome).to.equal('fail');
    expect(never.because).to.match(/^kube-scheduler was not renewed in the/);
  });

  it('is invalid of a Lease that nobody held, and names those that were', () => {
    const verdict = judged({}, 'cloud-controller-manager');
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(
      /^nobody held cloud-controller-manager before the fault; held were: .*kube-scheduler/,
    );
  });

  it('is invalid where no API server told it', () => {
    const deaf = ['pi1', 'pi2', 'pi3', 'pi4'].map((node) => ({
      series: `leases@${node}`,
      from: 0,
      to: 22_400,
    }));
    expect(judged({ deaf }).because).to.equal('no API server told the leases before the fault');
  });
});
