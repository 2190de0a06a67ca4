import { expect } from 'chai';
import fc from 'fast-check';
import { isSeen, type Measured } from '../model/span.ts';
import type { Expectation } from '../model/scenario.ts';
import type { Verdict } from '../model/verdict.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { seeded, timelineOf, type Script } from '../testing/timelines.ts';
import { judge } from './judge.ts';

const trials = 60;
const fired = 7000;

/** Networks and machines from good to poor; a loss of 2 % is a bad wireless link. */
const conditions = fc.record({
  seed: fc.integer({ min: 1, max: 1_000_000 }),
  roundTrip: fc.double({ min: 1, max: 60, noNaN: true }),
  lateness: fc.double({ min: 0, max: 20, noNaN: true }),
  lost: fc.double({ min: 0, max: 0.02, noNaN: true }),
  missed: fc.double({ min: 0, max: 0.02, noNaN: true }),
});

const lossless = conditions.map((one) => ({ ...one, lost: 0 }));
const instant = fc.double({ min: 0, max: 9000, noNaN: true });

describe('the true value lies in the measured interval', function () {
  this.timeout(30_000);

  it('of an election among three voters, and of the leader’s own word', () => {
    check(fc.record({ pi2: instant, pi3: instant }), conditions, (knows, how) => {
      const verdict = judged({ ...how, knows, probes: ['leader', 'roles'] }, 'leader-elected', {
        within: 5000,
      });
      return { verdict, truth: Math.max(knows.pi2, knows.pi3), clocks: { 'own-word': knows.pi3 } };
    });
  });

  it('of an election among five voters, of which one may never learn of it', () => {
    const snapshot = snapshotOf(['voter', 'voter', 'voter', 'voter', 'voter']);
    const knowing = fc.record({
      pi2: instant,
      pi3: instant,
      pi4: instant,
      pi5: fc.option(instant, { nil: Infinity }),
    });
    check(knowing, conditions, (knows, how) => {
      const verdict = judged(
        { ...how, knows, snapshot, probes: ['leader', 'roles'] },
        'leader-elected',
        { within: 5000 },
      );
      const third = Object.values(knows).sort((a, b) => a - b)[2] ?? 0;
      return { verdict, truth: Math.max(knows.pi3, third) };
    });
  });

  it('of a promotion', () => {
    const promoted = fc.double({ min: 2000, max: 9000, noNaN: true });
    check(promoted, conditions, (promoted, how) => {
      const verdict = judged({ ...how, promoted, probes: ['leader', 'roles'] }, 'voters-restored', {
        within: 5000,
      });
      return { verdict, truth: promoted };
    });
  });

  it('of a voter that comes back by itself and was not replaced', () => {
    const restarts = fc.double({ min: 1500, max: 9000, noNaN: true });
    check(restarts, conditions, (restarts, how) => {
      const verdict = judged(
        { ...how, promoted: Infinity, restarts, probes: ['leader', 'roles'] },
        'voters-restored',
        { within: 5000 },
      );
      return { verdict, truth: restarts };
    });
  });

  it('of a member that comes back by itself, or once it is healed', () => {
    const trial = fc.record({
      back: fc.double({ min: 1500, max: 9000, noNaN: true }),
      healed: fc.boolean(),
    });
    check(trial, conditions, ({ back, healed }, how) => {
      const undone = fired + 3000 + 120 + 190 * seeded(how.seed)();
      const script = healed
        ? { heal: fired + 3000, recovered: undone + back, end: undone + 14_000 }
        : { restarts: back };
      const verdict = judged({ ...how, ...script, probes: ['leader', 'roles'] }, 'member-returns', {
        within: 5000,
        ...(healed ? { after: 'heal' } : {}),
      });
      return { verdict, truth: back };
    });
  });

  it('of pods that run elsewhere', () => {
    check(fc.double({ min: 0, max: 9000, noNaN: true }), conditions, (replaced, how) => {
      const verdict = judged({ ...how, replaced, probes: ['pods', 'write'] }, 'pods-run', {
        within: 5000,
      });
      return { verdict, truth: replaced };
    });
  });

  it('of the instant at which a target takes writes again after its healing', () => {
    check(fc.double({ min: 0, max: 9000, noNaN: true }), lossless, (back, how) => {
      const undone = fired + 3000 + 120 + 190 * seeded(how.seed)();
      const verdict = judged(
        {
          ...how,
          heal: fired + 3000,
          recovered: undone + back,
          end: undone + 14_000,
          probes: ['write'],
        },
        'writes-resume',
        { within: 5000, on: 'targets', after: 'heal' },
      );
      return { verdict, truth: back, atFault: true };
    });
  });

  it('of the instant at which each API server takes writes again', () => {
    check(fc.record({ pi2: instant, pi3: instant, pi4: instant }), lossless, (writes, how) => {
      const verdict = judged({ ...how, writes, probes: ['write'] }, 'writes-resume', {
        within: 5000,
        on: 'every-survivor',
      });
      return { verdict, truth: Math.max(...Object.values(writes)), clocks: writes, atFault: true };
    });
  });

  it('of a time without writes, whether they fail meanwhile or wait', () => {
    const down = fc.record({
      from: instant,
      lasts: fc.double({ min: 0, max: 5000, noNaN: true }),
      waits: fc.boolean(),
    });
    check(down, lossless, ({ from, lasts, waits }, how) => {
      const verdict = judged(
        {
          ...how,
          writes: {},
          writesDown: [{ node: 'pi2', from, to: from + lasts }],
          ...(waits ? { writesWait: true as const } : {}),
          probes: ['write'],
        },
        'write-outage',
        { longest: 2500, on: 'every-survivor', except: 0 },
      );
      return { verdict, truth: lasts };
    });
  });

  it('of a time in which no API server takes writes', () => {
    const until = fc.record({ pi2: instant, pi3: instant, pi4: instant });
    check(until, lossless, (writes, how) => {
      const verdict = judged({ ...how, writes, probes: ['write'] }, 'write-outage', {
        longest: 2500,
        on: 'any',
        except: 0,
      });
      return { verdict, truth: Math.min(...Object.values(writes)) };
    });
  });

  it('of an outage of the workload', () => {
    const down = fc.record({ from: instant, lasts: fc.double({ min: 0, max: 2500, noNaN: true }) });
    check(down, lossless, ({ from, lasts }, how) => {
      const verdict = judged(
        {
          ...how,
          webDown: [{ node: 'pi2', from, to: from + lasts }],
          probes: ['web-new', 'web-reused'],
        },
        'workload-available',
        { failed: 1, 'longest-outage': 1000, on: 'every' },
      );
      return { verdict: { ...verdict, measuredMs: verdict.longestOutageMs! }, truth: lasts };
    });
  });

  it('of the recovery of the cluster', () => {
    const recovers = fc.double({ min: 1000, max: 9000, noNaN: true });
    check(recovers, lossless, (recovers, how) => {
      const heal = fired + 3000;
      const undone = heal + 120 + 190 * seeded(how.seed)();
      const verdict = judged(
        { ...how, heal, recovered: undone + recovers, end: undone + 14_000 },
        'cluster-recovers',
        { within: 5000, after: 'heal' },
      );
      return { verdict, truth: recovers };
    });
  });
});

const timing = { fired, heal: fired + 13_000, recovered: fired + 14_000, end: fired + 15_000 };

function judged(changes: Partial<Script>, claim: string, params: Expectation['params']): Verdict {
  const [verdict] = judge(timelineOf({ ...timing, ...changes, expect: [{ claim, params }] }));
  return verdict!;
}

interface Trial {
  readonly verdict: Verdict;
  readonly truth: number;
  readonly clocks?: Readonly<Record<string, number>>;
  /** The true end may lie before the first sample that was sent after the fault. */
  readonly atFault?: true;
}

/**
 * Asserts of many runs that the interval holds the truth and that the verdict is never wrong. A run with too few
 * samples around the change is invalid and has no interval; that must stay rare.
 */
function check<Truth, How>(
  truths: fc.Arbitrary<Truth>,
  hows: fc.Arbitrary<How>,
  trial: (truth: Truth, how: How) => Trial,
): void {
  let measured = 0;
  fc.assert(
    fc.property(truths, hows, (truth, how) => {
      const { verdict, truth: value, clocks = {}, atFault } = trial(truth, how);
      if (verdict.measuredMs === undefined) {
        expect(verdict.outcome, verdict.because).to.equal('invalid');
        expect(verdict.because).to.contain('too sparse');
        return;
      }
      measured++;
      expectHolds(verdict.measuredMs, value, atFault);
      for (const [name, own] of Object.entries(clocks))
        expectHolds(verdict.clocks![name]!, own, atFault);
      const limit = verdict.limitMs!;
      if (verdict.outcome === 'pass') expect(value).to.be.at.most(limit);
      if (verdict.outcome === 'fail') expect(value).to.be.above(limit);
      expect(verdict.outcome).to.be.oneOf(['pass', 'fail', 'unknown']);
    }),
    // A counterexample is not shrunk: a smaller one would take as long again for each of hundreds of runs.
    { numRuns: trials, seed: 20_261_121, endOnFailure: true },
  );
  expect(measured).to.be.above(trials * 0.9);
}

function expectHolds(measured: Measured, truth: number, atFault?: true): void {
  expect(isSeen(measured)).to.equal(true);
  if (!isSeen(measured)) return;
  expect(measured.hi).to.be.at.least(truth);
  // A write that was never refused is received a little after the fault, whenever it became possible.
  if (atFault === undefined || truth > 200) expect(measured.lo).to.be.at.most(truth);
}
