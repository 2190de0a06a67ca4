/**
 * Follows who leads through a window of time: the leader is whom a majority of the configured voters names at once.
 * Each voter's last answer holds until its next, for half a second at most; then nobody knows what it believes. Where the
 * voters that nobody knows of could make up a majority for somebody else, a change may hide.
 */
import type { Timeline } from '../model/timeline.ts';
import { allInjected, type Injected } from './injected.ts';
import { leaderNamed, majorityOf, nodeOf, type MembersBefore } from './members.ts';
import { widestChange } from './sampling.ts';
import { everyMsOf, seriesOf, usedFrom } from './series.ts';

/** On the run's clock; ms. */
export interface Leadership {
  /** Each leader after the one before, and when a majority was first seen to name it. */
  readonly changes: readonly { readonly leader: string; readonly at: number }[];
  /** Times in which a change may hide. */
  readonly gaps: readonly { readonly from: number; readonly to: number }[];
  /** For how long in all no majority named anybody. */
  readonly leaderlessMs: number;
}

/** What a member said when it was asked: an id, or empty for nobody. */
interface Word {
  readonly node: string;
  readonly sent: number;
  readonly got: number;
  readonly names: string;
}

export function leadershipIn(
  timeline: Timeline,
  before: MembersBefore & { readonly leader: string },
  from: number,
  until: number,
): Leadership {
  const widestMs = widestChange(everyMsOf(timeline, 'leader'));
  const words = wordsIn(timeline, from - widestMs, until);
  const electorate = electorateOf(timeline, before, words);
  const changes: { leader: string; at: number }[] = [];
  const gaps: { from: number; to: number }[] = [];
  const latest = new Map<string, Word>();
  let leader = before.leader;
  let certainAt = from;
  let leaderlessMs = 0;
  let last: { readonly at: number; readonly named: boolean } = { at: from, named: true };
  const look = (at: number): void => {
    const told = [...latest.values()].filter(({ sent }) => at - sent <= widestMs);
    const named = namedByMost(told, electorate.majority);
    if (named !== undefined && named !== leader) {
      leader = named;
      changes.push({ leader, at });
    }
    if (!last.named) leaderlessMs += at - last.at;
    last = { at, named: named !== undefined };
    const unseen = electorate.nodes.filter(
      (node) => !told.some((word) => word.node === node) && !electorate.isDown(node, at),
    ).length;
    if (mayHide(told, unseen, leader, electorate.majority)) return;
    if (at - certainAt > widestMs) gaps.push({ from: certainAt, to: at });
    certainAt = at;
  };
  for (const word of words) {
    // An answer that was overtaken by a later question tells nothing new.
    if ((latest.get(word.node)?.sent ?? -Infinity) < word.sent) latest.set(word.node, word);
    if (word.got >= from) look(word.got);
  }
  look(until);
  if (until - certainAt > widestMs) gaps.push({ from: certainAt, to: until });
  return { changes, gaps, leaderlessMs };
}

/** What was said, in the order of its coming; begun a little before, so that the first look knows of everybody. */
function wordsIn(timeline: Timeline, from: number, until: number): readonly Word[] {
  return seriesOf(timeline, 'leader')
    .flatMap((series) =>
      usedFrom(timeline, series, from).flatMap((poll): readonly Word[] => {
        const names = leaderNamed(poll);
        if (names === undefined || poll.sent < from || poll.got > until) return [];
        return [{ node: series.node ?? series.id, sent: poll.sent, got: poll.got, names }];
      }),
    )
    .sort((a, b) => a.got - b.got);
}

interface Electorate {
  readonly nodes: readonly string[];
  readonly majority: number;
  /** A fault has taken it down: as long as it says nothing, it names nobody. */
  readonly isDown: (node: string, at: number) => boolean;
}

/** Those who voted before, and those who name somebody later on: only voters do. */
function electorateOf(
  timeline: Timeline,
  { voters }: MembersBefore,
  words: readonly Word[],
): Electorate {
  const { snapshot } = timeline.plan;
  const all = allInjected(timeline);
  const isDown = (node: string, at: number): boolean =>
    all.some(
      ({ intent, fired, undone }: Injected) =>
        at >= fired.lo &&
        at <= (undone?.hi ?? Infinity) &&
        intent.membersDown.some((id) => nodeOf(snapshot, id) === node),
    );
  const naming = words.filter(({ names }) => names !== '').map(({ node }) => node);
  return {
    nodes: [...new Set([...voters.map((id) => nodeOf(snapshot, id)), ...naming])],
    majority: majorityOf(voters.length),
    isDown,
  };
}

function namedByMost(told: readonly Word[], majority: number): string | undefined {
  return told
    .map(({ names }) => names)
    .find((one) => one !== '' && told.filter(({ names }) => names === one).length >= majority);
}

/** Could a majority name somebody else, of those who did and those who were not heard? */
function mayHide(told: readonly Word[], unseen: number, leader: string, majority: number): boolean {
  if (unseen === 0) return false;
  const others = new Map<string, number>();
  for (const { names } of told)
    if (names !== '' && names !== leader) others.set(names, (others.get(names) ?? 0) + 1);
  return unseen + Math.max(0, ...others.values()) >= majority;
}
