/**
 * Finds the election that a fault caused. Each voter's belief changes at some instant between the send time of the last
 * poll in which it denied the new leader and the receive time of the first in which it named it. A majority names the
 * leader from the instant at which the q-th voter does (q of the configured voters), and the leader is elected once it
 * also names itself. It need not have been a voter before: one that is stopped cleanly makes a stand-by a voter and hands
 * its leadership to that one. Both are monotone in the voters' own instants, so the bounds of those give the bounds of this.
 */
import type { Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { sayInstant } from '../model/span.ts';
import { horizonOf, sinceOf, type Injected } from './injected.ts';
import { leaderNamed, majorityOf, nodeOf, type MembersBefore } from './members.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';

export type Election = Elected | NotElected;

export interface Elected {
  readonly leader: string;
  /** The instant at which a majority of the configured voters, the leader among them, named it. */
  readonly span: Span;
  /** The instant at which the leader first named itself. */
  readonly ownWord: Span;
  readonly evidence: readonly string[];
}

/** No election was seen before the question ended; until then at least, there was none. */
export interface NotElected {
  readonly deniedUntil: number;
  readonly evidence: readonly string[];
}

/** The first election of another leader than the one before, between the fault and its healing. */
export function electionAfter(
  timeline: Timeline,
  injected: Injected,
  before: MembersBefore,
): Election {
  const until = horizonOf(timeline, injected);
  const down = sinceOf(timeline, injected.step)?.down ?? [];
  const all = before.voters.map((id) => voterOf(timeline, id, injected, down, until));
  const named = new Set(all.flatMap((voter) => voter.answers.map(({ names }) => names)));
  const candidates = [...named]
    .filter((id) => id !== '' && id !== before.leader)
    .map((id) => voterOf(timeline, id, injected, down, until));
  const elections = candidates
    .flatMap((self) => elect(self, all, injected.fired.lo) ?? [])
    .sort((a, b) => a.span.hi - b.span.hi);
  return elections[0] ?? notElected(all, candidates, injected.fired.lo, until);
}

interface Voter {
  readonly id: string;
  readonly node: string;
  readonly series: string;
  /** What it said after the fault, in the order of sending; polls that tell nothing are left out. */
  readonly answers: readonly Answer[];
  /** This fault or another that stands took it down and it did not answer since: it names nobody. */
  readonly down: boolean;
}

/** `names` is empty if the voter knows no leader, or if nobody listens there. */
interface Answer {
  readonly sent: number;
  readonly got: number;
  readonly names: string;
}

/** A voter's answers in a row that name the same leader: begun within `since`, last said at `end`. */
interface Run {
  readonly since: Span;
  end: number;
}

function voterOf(
  timeline: Timeline,
  id: string,
  injected: Injected,
  down: readonly string[],
  until: number,
): Voter {
  const node = nodeOf(timeline.plan.snapshot, id);
  const [series] = seriesOf(timeline, 'leader', node);
  const polls = (series === undefined ? [] : usedFrom(timeline, series, injected.fired.lo)).filter(
    ({ sent }) => sent >= injected.fired.lo && sent <= until,
  );
  return {
    id,
    node,
    series: series?.id ?? `leader@${node}`,
    answers: polls.flatMap((poll) => answerOf(poll)),
    down: down.includes(id) && !polls.some(({ ok }) => ok),
  };
}

function answerOf(poll: Used): readonly Answer[] {
  const names = leaderNamed(poll);
  return names === undefined ? [] : [{ sent: poll.sent, got: poll.got, names }];
}

function runsOf(voter: Voter, leader: string, from: number): readonly Run[] {
  const runs: Run[] = [];
  let denied = from;
  let run: Run | undefined;
  for (const { sent, got, names } of voter.answers) {
    if (names !== leader) {
      denied = Math.max(denied, sent);
      run = undefined;
      continue;
    }
    if (run === undefined) runs.push((run = { since: { lo: denied, hi: got }, end: got }));
    else run.end = got;
  }
  return runs;
}

/** The first instant at which enough runs of a candidate hold at once, and its own with them. */
function elect(self: Voter, all: readonly Voter[], from: number): Elected | undefined {
  const leader = self.id;
  const naming = all.map((voter) => ({ voter, runs: runsOf(voter, leader, from) }));
  const ownRuns = runsOf(self, leader, from);
  const moments = [...naming, { runs: ownRuns }].flatMap(({ runs }) =>
    runs.map(({ since }) => since.hi),
  );
  for (const hi of moments.sort((a, b) => a - b)) {
    const at = (runs: readonly Run[]): Run | undefined =>
      runs.find(({ since, end }) => since.hi <= hi && end >= hi);
    const now = naming.map(({ voter, runs }) => ({ voter, run: at(runs) }));
    const own = at(ownRuns);
    const agreeing = now.flatMap(({ voter, run }) => (run === undefined ? [] : { voter, run }));
    if (own === undefined || agreeing.length < majorityOf(all.length)) continue;
    const earliest = now.map(
      ({ voter, run }) => run?.since.lo ?? lastDenial(voter, leader, from, hi),
    );
    return {
      leader,
      span: { lo: Math.max(own.since.lo, majorityth(earliest)), hi },
      ownWord: own.since,
      evidence: [
        ...agreeing,
        ...(all.some(({ id }) => id === leader) ? [] : [{ voter: self, run: own }]),
      ].map(
        ({ voter, run: { since } }) =>
          `${voter.series} began to name ${leader} between ${sayInstant(since.lo)} ` +
          `and ${sayInstant(since.hi)}` +
          (voter.id === leader ? ', its own word' : ''),
      ),
    };
  }
  return undefined;
}

/** How long it is certain that nobody was elected: the least any candidate, or one that nobody named yet, allows. */
function notElected(
  all: readonly Voter[],
  candidates: readonly Voter[],
  from: number,
  until: number,
): NotElected {
  const deniedBy = (voters: readonly Voter[], candidate?: Voter): readonly number[] =>
    voters.map((voter) => lastDenial(voter, candidate?.id, from, until));
  const untilFor = (candidate: Voter): number =>
    Math.max(...deniedBy([candidate], candidate), majorityth(deniedBy(all, candidate)));
  return {
    deniedUntil: Math.min(until, majorityth(deniedBy(all)), ...candidates.map(untilFor)),
    evidence: all.map((voter) => `${voter.series} ${sayLast(voter)}`),
  };
}

/** Until when a voter certainly did not name a candidate; without one: somebody whom no voter has named yet. */
function lastDenial(
  voter: Voter,
  candidate: string | undefined,
  from: number,
  until: number,
): number {
  if (voter.down) return Infinity;
  const denial = voter.answers.findLast(({ sent, names }) => sent <= until && names !== candidate);
  return Math.max(from, denial?.sent ?? from);
}

/** The instant at which a majority has come about, of the instants of all voters. */
function majorityth(instants: readonly number[]): number {
  return instants.toSorted((a, b) => a - b)[majorityOf(instants.length) - 1] ?? Infinity;
}

function sayLast(voter: Voter): string {
  const last = voter.answers.at(-1);
  if (last === undefined) return voter.down ? 'was taken down by the fault' : 'did not answer';
  const whom = last.names === '' ? 'no leader' : last.names;
  return `named ${whom} last, at ${sayInstant(last.got)}`;
}
