import { expect } from 'chai';
import { resultSchema } from '../model/result-schema.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import type { Result } from '../model/result.ts';
import { resultOf, resultWithoutPlan } from './result.ts';

describe('the result of a run', () => {
  it('has what the timeline says, and the shape of its schema', () => {
    const result = resultOf(timelineOf());
    expect(result).to.deep.include({
      run: '2026-11-21T07-10-00Z-leader-loss-3f9a1c',
      scenario: 'leader-loss',
      startedAt: '2026-11-21T07:10:00.000Z',
      finishedAt: '2026-11-21T07:11:14.200Z',
      outcome: 'pass',
      exitCode: 0,
      reason: '5 claims held',
      healed: true,
      residue: [],
      cluster: {
        name: 'rack',
        id: '3f0c2d6a-6f0e-4b39-9c9a-0d2f6f4f8a11',
        platform: 'microk8s',
        kubernetes: 'v1.34.4',
        datastore: { kind: 'dqlite', voters: 3, standbys: 1 },
        nodes: 4,
      },
      harness: {
        slots: 25_560,
        missedSlots: 0,
        loopDelayP99Ms: 12,
        cpuPercent: 14.2,
        rssBytes: 118_000_000,
        lateP99Ms: 1.98,
      },
    });
    expect(result.trials[0]!.faults).to.deep.equal([
      {
        fault: 'kill',
        target: 'pi1',
        firedMs: { lo: 22_307, hi: 22_312 },
        bit: true,
        gone: true,
      },
    ]);
    expect(resultSchema.safeParse(result).error).to.equal(undefined);
  });

  it('is the same from the stored file', () => {
    const timeline = timelineOf({ lost: 0.01 });
    const stored = JSON.parse(JSON.stringify(timeline)) as Timeline;
    expect(JSON.stringify(resultOf(stored))).to.equal(JSON.stringify(resultOf(timeline)));
  });

  it('has the exit code of the worst that holds', () => {
    const exits: readonly [Partial<Script>, string, number][] = [
      [{ gone: false, knows: {} }, 'residue', 4],
      [{ knows: {} }, 'fail', 1],
      [{ knows: {}, proof: 'missed' }, 'invalid', 3],
      [{ knows: { pi2: 5000, pi3: 4900 } }, 'unknown', 2],
      [{ ended: { interrupted: 'SIGTERM' } }, 'interrupted', 143],
      [{ ended: { interrupted: 'SIGINT' }, knows: {} }, 'fail', 1],
      [{ expect: [] }, 'skipped', 7],
      [{ missed: 0.1, differences: ['pi1 is not ready'] }, 'fail', 1],
    ];
    for (const [changes, outcome, exitCode] of exits) {
      const result = resultOf(timelineOf(changes));
      expect({ outcome: result.outcome, exitCode: result.exitCode }).to.deep.equal({
        outcome,
        exitCode,
      });
      expect(resultSchema.safeParse(result).error).to.equal(undefined);
    }
  });

  it('says first what failed, and how much more did', () => {
    const { reason } = resultOf(timelineOf({ knows: {}, promoted: 40_000 }));
    expect(reason).to.match(
      /^leader-elected: no new leader was seen in the 30\.\d s .*\(and 1 more\)$/,
    );
  });

  it('is a failure where the cluster is not as it was, though nobody claimed that it would be', () => {
    const differences = ['pi1 is cordoned', 'member 1 does not answer'];
    const { expect: all } = timelineOf({ probes: [] }).plan.scenario;
    const unclaimed = all.filter(({ claim }) => claim !== 'cluster-recovers');
    const failed = resultOf(timelineOf({ differences, expect: unclaimed }));
    expect(failed).to.include({
      outcome: 'fail',
      reason: `after settling the cluster still differs from before: ${differences.join('; ')}`,
    });
    expect(resultOf(timelineOf({ expect: unclaimed })).outcome).to.equal('pass');
    // The claim says it where there is one, and nobody knows where a person did not wait.
    expect(resultOf(timelineOf({ differences })).reason).to.match(/^cluster-recovers: after/);
    const ended = { interrupted: 'SIGINT' } as const;
    expect(resultOf(timelineOf({ differences, expect: unclaimed, ended })).outcome).to.equal(
      'interrupted',
    );
  });

  it('is not healed while a fault was never seen to be gone', () => {
    const result = resultOf(timelineOf({ gone: false }));
    expect(result).to.deep.include({
      healed: false,
      residue: ['pi1 does not answer'],
      reason: 'pi1 does not answer',
    });
    expect(result.trials[0]!.faults[0]!.gone).to.equal(false);
  });

  it('is healed once the fault was gone after all', () => {
    const timeline = timelineOf({ gone: false });
    const gone: Event = { type: 'fault', step: 'kill', at: 90_000, state: 'gone' };
    expect(resultOf({ ...timeline, events: [...timeline.events, gone] }).healed).to.equal(true);
  });

  it('counts what else could not be removed as residue', () => {
    const timeline = timelineOf();
    const events = timeline.events.map((event): Event =>
      event.type === 'end' ? { ...event, residue: ['a lock on pi2'] } : event,
    );
    expect(resultOf({ ...timeline, events })).to.deep.include({
      outcome: 'residue',
      residue: ['a lock on pi2'],
    });
  });

  it('judges nothing where nothing was broken', () => {
    const stopped = { outcome: 'unhealthy', reason: 'no steady state within 60 s' } as const;
    const timeline = timelineOf({ ended: { stopped } });
    const events = timeline.events.filter(({ type }) => type !== 'fault');
    const result = resultOf({ ...timeline, events });
    expect(result).to.deep.include({
      outcome: 'unhealthy',
      exitCode: 6,
      reason: stopped.reason,
      trials: [],
    });
  });

  it('calls a run that was cut off in mid-fault residue, and never a pass', () => {
    const timeline = timelineOf();
    const cut = (ms: number): Result =>
      resultOf({
        ...timeline,
        events: timeline.events.filter((event) => event.type === 'sample' || event.at <= ms),
      });
    expect(cut(30_000).outcome).to.equal('residue');
    expect(cut(30_000).residue[0]).to.contain('never seen to be taken back');
    expect(cut(74_200)).to.include({ outcome: 'invalid', exitCode: 3 });
  });

  it('exists also for a run that ended before there was a plan', () => {
    const result: Result = resultWithoutPlan({
      run: '2026-11-21T07-10-00Z-leader-loss-3f9a1c',
      scenario: 'leader-loss',
      seed: 7,
      startedAt: '2026-11-21T07:10:00.000Z',
      finishedAt: '2026-11-21T07:10:01.000Z',
      stopped: { outcome: 'unreachable', reason: 'pi1 does not answer' },
    });
    expect(result).to.include({ outcome: 'unreachable', exitCode: 69, healed: true });
    expect(resultSchema.safeParse(result).error).to.equal(undefined);
  });

  it('is told by a signal, before there was a plan and after', () => {
    const known = { run: 'a', scenario: 'b', seed: 7, startedAt: 'c', finishedAt: 'd' };
    expect(resultWithoutPlan({ ...known, interrupted: 'SIGTERM' })).to.include({
      outcome: 'interrupted',
      exitCode: 143,
    });
    expect(resultWithoutPlan(known)).to.include({ outcome: 'skipped', exitCode: 7 });
    expect(resultWithoutPlan(known)).to.deep.include({ residue: [], trials: [], predicted: [] });
    const short = { fired: 7000, heal: 10_000, recovered: 10_500, end: 13_000 };
    const interrupted = timelineOf({ ...short, ended: { interrupted: 'SIGINT' } });
    expect(resultOf(interrupted)).to.include({ outcome: 'interrupted', exitCode: 130 });
    expect(resultOf(interrupted).trials).to.have.length(1);
  });

  it('has no trial where it was interrupted before anything was broken, and one where it was not', () => {
    const events = (timeline: Timeline, ...without: Event['type'][]): Timeline => ({
      ...timeline,
      events: timeline.events.filter(({ type }) => !without.includes(type)),
    });
    const ended = { interrupted: 'SIGINT' } as const;
    expect(resultOf(events(timelineOf({ ended }), 'fault')).trials).to.deep.equal([]);
    expect(resultOf(events(timelineOf(), 'fault')).trials).to.have.length(1);
  });

  it('has a trial where only the second of two faults was never fired', () => {
    const timeline = timelineOf({ ended: { interrupted: 'SIGINT' } });
    const second = { kind: 'fault', id: 'second', fault: 'kill', params: {} } as const;
    const plan = { ...timeline.plan, steps: [...timeline.plan.steps, second] };
    expect(resultOf({ ...timeline, plan }).trials).to.have.length(1);
  });

  it('tells of no harness and has the times of its survey, where nothing was written down', () => {
    const { plan } = timelineOf();
    const result = resultOf({ plan, events: [] });
    expect(result).not.to.have.property('harness');
    expect(result).to.include({
      startedAt: plan.snapshot.takenAt,
      finishedAt: plan.snapshot.takenAt,
      outcome: 'invalid',
    });
    expect(resultSchema.safeParse(result).error).to.equal(undefined);
  });
});
