import { expect } from 'chai';
import type { Act, Event, Sample } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { intentOf } from '../testing/intent.ts';
import { badLook, deed, look, timelineWith } from '../testing/looks.ts';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import { leaderActs } from './leader-acts.ts';
import { oneLeaderActs } from './one-leader-acts.ts';

/** Acts ten times a second from one instant to another; milliseconds after the fault. */
interface Term {
  readonly by: string;
  readonly from: number;
  readonly to: number;
}

/** One term after the other, and acts of the first that come late, all at once. */
function judged(
  terms: readonly Term[],
  late?: { readonly at: number; readonly acts: number },
  changes: Partial<Script> = {},
): Verdict {
  const timeline = timelineOf({ probes: ['acts', 'write'], idle: { acts: 0 }, ...changes });
  const told = (after: number): readonly Act[] =>
    terms.flatMap(({ by, from, to }, index) => {
      const more = index === 0 && late !== undefined && after >= late.at ? late.acts : 0;
      const count = Math.floor((Math.min(after, to) - from) / 100) + more;
      return after < from ? [] : [{ term: index + 1, by, count }];
    });
  const events = timeline.events.map((event): Event => {
    if (event.type !== 'sample' || event.series !== 'acts' || event.ok !== true) return event;
    return { ...event, value: { acts: told((event.sent ?? 0) - leaderLoss.fired) } };
  });
  return oneLeaderActs.judge({}, { ...timeline, events });
}

const terms: readonly Term[] = [
  { by: 'elector-a', from: -100_000, to: 0 },
  { by: 'elector-b', from: 17_000, to: 100_000 },
];

describe('one-leader-acts', () => {
  it('holds where the next leader acts after the last act of the one before', () => {
    const verdict = judged(terms);
    expect(verdict).to.include({
      outcome: 'pass',
      because: 'no leader acted after one of a later term, in 2 terms',
    });
    expect(verdict.evidence[0]).to.equal('elector-a acted 1000 times in term 1');
  });

  it('fails where an old leader acts once more, though only its ledger tells', () => {
    const verdict = judged(terms, { at: 30_200, acts: 1 });
    expect(verdict.outcome).to.equal('fail');
    expect(verdict.because).to.match(
      /^elector-a acted in term 1 after elector-b had in term 2; 1 such act, seen from /,
    );
    expect(verdict.evidence.at(-1)).to.match(
      /^elector-a went from 1000 to 1001 acts of term 1 once elector-b /,
    );
  });

  it('is no matter of acts that come late before anybody else has led', () => {
    expect(judged(terms, { at: 9000, acts: 3 }).outcome).to.equal('pass');
  });

  it('is invalid where the ledger was not read before the fault', () => {
    const deaf = [{ series: 'acts', from: 15_000, to: 25_000 }];
    expect(judged(terms, undefined, { deaf }).because).to.match(/^acts had 0 good samples/);
  });
});

describe('one-leader-acts, look by look', () => {
  /** What the ledger had, from a look at an instant: term, who led, and how often he has acted. */
  const ledger = (sent: number, ...acts: readonly (readonly [number, string, number])[]): Sample =>
    look('acts', sent, { acts: acts.map(([term, by, count]) => ({ term, by, count })) });
  const before = Array.from({ length: 20 }, (_, index) =>
    ledger(8000 + 100 * index, [1, 'a', 1 + index]),
  );
  const fired: Event = {
    ...({ type: 'fault', step: 'kill', state: 'fired', at: deed.hi, span: deed } as const),
    intent: intentOf('test', 'pi1', 'node-timer', []),
  };
  const verdictOf = (looks: readonly Sample[], happened = [fired]): Verdict =>
    oneLeaderActs.judge({}, timelineWith(looks, happened));

  it('holds looks against each other in whatever order they were answered', () => {
    const next = ledger(10_100, [1, 'a', 20], [2, 'b', 1]);
    const old = (sent: number, count: number): Verdict =>
      verdictOf([...before, ledger(sent, [1, 'a', count], [2, 'b', 2]), next]);
    expect([old(10_050, 20), old(10_050, 21), old(10_150, 21)].map(({ outcome }) => outcome))
      // Without a later term, a look says nothing of who acted last.
      .to.deep.equal(['pass', 'fail', 'fail']);
    expect(verdictOf([...before, ledger(10_050, [1, 'a', 21]), next]).because).to.equal(
      'a acted in term 1 after b had in term 2; 1 such act, seen from 10.060 s on',
    );
    expect(verdictOf([...before, ledger(10_050, [1, 'a', 21])]).outcome).to.equal('pass');
  });

  it('counts the acts and tells when they were seen, of a term that was not known before, too', () => {
    const verdict = verdictOf([
      ...before,
      ledger(10_100, [4, 'd', 1], [3, 'c', 1], [1, 'a', 20]),
      badLook('acts', 10_150, 'EDEADLINE'),
      ledger(10_200, [4, 'd', 1], [3, 'c', 3], [2, 'b', 2], [1, 'a', 20]),
      ledger(10_300, [4, 'd', 1], [3, 'c', 3], [2, 'b', 3], [1, 'a', 20]),
    ]);
    expect(verdict.because).to.equal(
      'b acted in term 2 after d had in term 4; 5 such acts, seen from 10.210 s on',
    );
    expect(verdict.evidence).to.deep.equal([
      'a acted 20 times in term 1',
      'b acted 3 times in term 2',
      'c acted 3 times in term 3',
      'd acted 1 times in term 4',
      'b went from 0 to 3 acts of term 2 once d had acted in term 4, seen from 10.210 s on',
      'c went from 1 to 3 acts of term 3 once d had acted in term 4, seen from 10.210 s on',
    ]);
  });

  it('names whom the look knew that shows it, and the first instant of all', () => {
    const verdict = verdictOf([
      ...before,
      ledger(10_100, [1, 'a', 21], [2, 'b', 2], [3, 'c', 1]),
      ledger(10_150, [1, 'a', 20], [3, 'c', 1]),
      ledger(10_200, [1, 'a', 21], [2, 'b', 3], [3, 'c', 1]),
    ]);
    expect(verdict.because).to.equal(
      'a acted in term 1 after c had in term 3; 4 such acts, seen from 10.110 s on',
    );
    const later = verdictOf([
      ...before,
      ledger(10_100, [1, 'a', 20], [2, 'b', 1], [3, 'c', 1]),
      ledger(10_200, [1, 'a', 20], [2, 'b', 2], [3, 'c', 1]),
      ledger(10_300, [1, 'a', 21], [2, 'b', 2], [3, 'c', 1]),
    ]);
    expect(later.because).to.equal(
      'a acted in term 1 after b had in term 2; 2 such acts, seen from 10.210 s on',
    );
  });

  it('may be asked of another fault than the first, and of nothing else', () => {
    expect(oneLeaderActs.schema.safeParse({ after: 'freeze' }).data).to.deep.equal({
      after: 'freeze',
    });
    expect(oneLeaderActs.schema.safeParse({ within: 5000 }).success).to.equal(false);
  });

  it('is invalid without a fault, or where nobody read the ledger; and waits for the fault alone', () => {
    const timeline = timelineWith(before, [fired]);
    expect(oneLeaderActs.seen({}, timeline)).to.equal(true);
    expect(oneLeaderActs.seen({}, timelineWith(before))).to.equal(false);
    expect(verdictOf(before, [])).to.include({
      outcome: 'invalid',
      because: 'the fault was never fired',
    });
    expect(verdictOf([])).to.include({
      outcome: 'invalid',
      because: 'nobody read what the leaders of the workload did',
    });
    expect(verdictOf(before).title).to.equal('never two leaders of the workload act');
  });
});

describe('leader-acts', () => {
  it('is told from the last look that found nothing new to the first that did', () => {
    const timeline = timelineOf({ probes: ['acts', 'write'], idle: { acts: 17_000 } });
    const verdict = leaderActs.judge({ within: 20_000 }, timeline);
    expect(verdict).to.include({ claim: 'leader-acts', outcome: 'pass' });
    expect(verdict.measuredMs).to.have.property('lo').within(16_600, 17_000);
    expect(verdict.measuredMs).to.have.property('hi').within(17_000, 17_400);
  });
});
