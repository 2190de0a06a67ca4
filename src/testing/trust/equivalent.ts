import type { Mutant } from './mutants.ts';

/** A mutant that no test can notice, and why. */
export interface Equivalent {
  readonly file: string;
  /** The source line that it begins in, without its indentation; any line without. */
  readonly within?: string;
  /** What is put in, and in the place of what; any without. */
  readonly original?: string;
  readonly replacement?: string;
  readonly why: string;
}

/** A list that is empty is given a text: no list of texts, and so nothing that the compiler takes. */
const noText = '["Stryker was here"]';

/** Mutants that change nothing that anybody could see. */
export const equivalents: readonly Equivalent[] = [
  ...[
    "...(residue.length > 0 ? (['residue'] as const) : []),",
    "...(interrupted === undefined ? [] : (['interrupted'] as const)),",
    '...(stopped === undefined ? [] : [stopped.outcome]),',
    "...(trials.length === 0 ? (['skipped'] as const) : []),",
    "...(unproved ? (['invalid'] as const) : []),",
    "...(judged.length === 0 ? (['skipped'] as const) : []),",
  ].map((within) => ({
    file: 'src/model/conclude.ts',
    within,
    replacement: noText,
    why: 'the compiler refuses it: the list is of outcomes, and a text that is none is the worst of nothing',
  })),
  {
    file: 'src/model/quorum.ts',
    replacement: noText,
    why: 'the compiler refuses it: the list is of pairs or members; a text among them holds no id',
  },
  {
    file: 'src/model/kept.ts',
    within:
      'for (let n = Math.max(first, last - places + 1); n <= last; n++) found.set(n % places, n);',
    original: 'last - places + 1',
    replacement: 'last - places - 1',
    why: 'two numbers more are put into their places, and then those that come after them there',
  },
  {
    file: 'src/plan/guards.ts',
    within: 'const apart = all.flatMap((one) => one.membersApart ?? []);',
    replacement: noText,
    why: 'the compiler refuses it: the list is of pairs; a text among them holds no id',
  },
  {
    file: 'src/plan/guards.ts',
    within: 'const changed = (intent.changes ?? []).filter(isProtected);',
    replacement: noText,
    why: 'the compiler takes it, and no namespace that is protected has such a name',
  },
  {
    file: 'src/plan/guards.ts',
    within: "return name.split('/')[0] ?? '';",
    original: "''",
    why: 'a text that is split has a first part',
  },
  {
    file: 'src/claims/absence.ts',
    original: 'silent.at(-1 - mostLost)?.sent',
    why: 'there are as many silent polls as it looks back',
  },
  {
    file: 'src/claims/acknowledged-writes-survive.ts',
    within: 'if (unseen.length > kept.acknowledged.length * (1 - enoughSeen))',
    original: 'unseen.length > kept.acknowledged.length * (1 - enoughSeen)',
    replacement: 'unseen.length >= kept.acknowledged.length * (1 - enoughSeen)',
    why: 'the share is a little more than a fiftieth, as numbers of 64 bits have it: no whole number of writes is the product, and there are ten at least',
  },
  {
    file: 'src/claims/answers.ts',
    within: "const isAnswer = answers[probe ?? ''];",
    original: "''",
    why: 'no probe has either name',
  },
  {
    file: 'src/claims/clocks/endpoints-updated.ts',
    within: 'const nodes = (told?.pods ?? []).flatMap(({ name, node, ready }) =>',
    replacement: noText,
    why: 'the compiler refuses it: the list is of pods; a text among them is not ready',
  },
  {
    file: 'src/claims/clocks/lease-held.ts',
    within: 'const old = later.slice(0, next < 0 ? undefined : next).at(-1) ?? first;',
    original: 'next < 0',
    replacement: 'next <= 0',
    why: 'the first look is not later than itself, so it is never the next',
  },
  {
    file: 'src/claims/clocks/lease-held.ts',
    within: "holder: leasesIn(shown)[name]?.holder ?? '',",
    original: 'leasesIn(shown)[name]?.holder',
    why: 'a look that shows the renewal tells of the Lease',
  },
  {
    file: 'src/claims/clocks/lease-held.ts',
    within: "holder: leasesIn(shown)[name]?.holder ?? '',",
    original: "''",
    why: 'a look that shows the renewal tells of the Lease',
  },
  {
    file: 'src/claims/clocks/longest-outage.ts',
    within: "const surviving = all.filter(({ node = '' }) => !hit.includes(node));",
    original: "''",
    why: 'a series of these probes has a node',
  },
  {
    file: 'src/claims/clocks/table.ts',
    within:
      "const measuredMs = found.kind === 'measured' ? found.clocks?.['own-word'] : undefined;",
    original: "found.kind === 'measured'",
    replacement: 'true',
    why: 'what was not measured has no clocks: only the compiler asks',
  },
  {
    file: 'src/claims/clocks/watch-told.ts',
    within:
      'const later = (writes === undefined ? [] : usedFrom(timeline, writes, since.at.hi)).filter(',
    replacement: noText,
    why: 'the compiler refuses it: the list is of looks; a text among them was never sent',
  },
  {
    file: 'src/claims/cluster-recovers.ts',
    within: '...(good === undefined ? {} : { good }),',
    original: 'good === undefined',
    replacement: 'false',
    why: 'what is undefined is read as what is absent',
  },
  {
    file: 'src/claims/election.ts',
    within: 'const down = sinceOf(timeline, injected.step)?.down ?? [];',
    original: 'sinceOf(timeline, injected.step)?.down',
    why: 'the fault has fired: it was found so',
  },
  {
    file: 'src/claims/election.ts',
    within: 'const down = sinceOf(timeline, injected.step)?.down ?? [];',
    replacement: noText,
    why: 'the fault has fired: it was found so',
  },
  {
    file: 'src/claims/election.ts',
    within:
      'const polls = (series === undefined ? [] : usedFrom(timeline, series, injected.fired.lo)).filter(',
    replacement: noText,
    why: 'the compiler refuses it: the list is of polls; a text among them was never sent',
  },
  {
    file: 'src/claims/endpoint-paths.ts',
    within: 'const last = between.at(-1)?.at(-1);',
    original: 'between.at(-1)?.at',
    why: 'there is a stretch after the last span, if only an empty one',
  },
  ...[
    "return seriesOf(timeline, probe).filter(({ node = '' }) => !hit.includes(node));",
    "const asking = series.filter(({ node = '' }) => !since.hit.includes(node));",
  ].map((within) => ({
    file: 'src/claims/endpoints-alive.ts',
    within,
    original: "''",
    why: 'a series of this probe has a node',
  })),
  {
    file: 'src/claims/endpoints-alive.ts',
    within: "outcome: limitMs === undefined ? 'unknown' : againstLimit(measuredMs, limitMs),",
    original: 'limitMs === undefined',
    replacement: 'false',
    why: 'nothing is within or beyond what is undefined: only the compiler asks',
  },
  {
    file: 'src/claims/guards.ts',
    within: 'if (fired === undefined) return undefined;',
    original: 'fired === undefined',
    replacement: 'false',
    why: 'no slot comes after no instant, and no hole lies between',
  },
  {
    file: 'src/claims/guards.ts',
    within: '.filter((due) => due > fired && due < end);',
    original: 'due > fired',
    replacement: 'due >= fired',
    why: 'the fault is an edge in any case',
  },
  {
    file: 'src/claims/guards.ts',
    within: '.filter((due) => due > fired && due < end);',
    original: 'due < end',
    replacement: 'due <= end',
    why: 'the end is an edge in any case',
  },
  {
    file: 'src/claims/lease-held.ts',
    within: "function sayHolder(holder = ''): string {",
    original: "''",
    why: 'what was renewed has a holder, though that may be empty',
  },
  {
    file: 'src/claims/lease-held.ts',
    within: "const [name = ''] = holder.split('_');",
    original: "''",
    why: 'a text that is split has a first part',
  },
  {
    file: 'src/model/conclude.ts',
    within: 'exitCode: such[0]?.exitCode ?? exitCodeOf(outcome),',
    original: 'such[0]?.exitCode',
    why: 'the worst of several is that of one of them',
  },
  {
    file: 'src/claims/injected.ts',
    within: "if (step.kind !== 'fault') return undefined;",
    original: "step.kind !== 'fault'",
    replacement: 'false',
    why: 'only of a fault there are events that it was fired',
  },
  {
    file: 'src/claims/injected.ts',
    within: 'const later = allInjected(timeline).filter(({ fired }) => fired.lo >= at.lo);',
    original: 'fired.lo >= at.lo',
    replacement: 'fired.lo > at.lo',
    why: 'one that fired in that instant stood then, and is among them in any case',
  },
  {
    file: 'src/claims/judge.ts',
    within: '} catch {',
    original:
      '{\n      // It cannot tell, so it has not seen it; judging will say why.\n      return false;\n    }',
    replacement: '{}',
    why: 'what is undefined is as little seen as what is false',
  },
  {
    file: 'src/claims/judge.ts',
    within: "if (outcome === 'fail' && claim?.failureStands === true && !late) return verdict;",
    original: 'claim?.failureStands',
    why: 'a claim that is not there is unknown, and never a failure',
  },
  {
    file: 'src/claims/kept-writes.ts',
    within: "through: series.node ?? '',",
    original: "''",
    why: 'a series of reads has a node',
  },
  {
    file: 'src/claims/kept-writes.ts',
    within: "const node = series.node ?? '';",
    original: "''",
    why: 'a series of writes has a node',
  },
  {
    file: 'src/claims/kept-writes.ts',
    within: 'mayHold: writtenThrough(timeline, node) ?? (() => true),',
    original: '() => true',
    why: 'through each of these nodes somebody writes',
  },
  {
    file: 'src/claims/kept-writes.ts',
    within: 'mayHold: writtenThrough(timeline, node) ?? (() => true),',
    original: 'true',
    why: 'through each of these nodes somebody writes',
  },
  {
    file: 'src/claims/kept-writes.ts',
    within: 'if (next.value.n > (newest.get(place)?.n ?? 0)) newest.set(place, next.value);',
    original: 'next.value.n > (newest.get(place)?.n ?? 0)',
    replacement: 'next.value.n >= (newest.get(place)?.n ?? 0)',
    why: 'no number is written twice',
  },
  {
    file: 'src/claims/leader-changes.ts',
    within: 'series.filter(({ node }) => node !== undefined && nodes.includes(node)),',
    original: 'node !== undefined',
    replacement: 'true',
    why: 'a voter has a node, and a series without one is none of theirs: only the compiler asks',
  },
  {
    file: 'src/claims/leader-elected.ts',
    within:
      "const leaderBefore = `the leader before was ${before.leader ?? 'unknown'} on ${nodeOf(snapshot, before.leader ?? '')}`;",
    original: "'unknown'",
    why: 'without a leader before, nothing is measured',
  },
  {
    file: 'src/claims/leader-elected.ts',
    within:
      "const leaderBefore = `the leader before was ${before.leader ?? 'unknown'} on ${nodeOf(snapshot, before.leader ?? '')}`;",
    original: "''",
    why: 'without a leader before, nothing is measured',
  },
  {
    file: 'src/claims/leader-elected.ts',
    within: "return aimed?.kind === 'fault' && aimed.params.target === 'leader'",
    original: 'aimed?.kind',
    why: 'the fault was found by its step',
  },
  {
    file: 'src/claims/leader-elected.ts',
    within: 'const earlier = (sinceOf(timeline, step)?.down ?? []).filter(',
    original: 'sinceOf(timeline, step)?.down',
    why: 'the fault has fired: it was found so',
  },
  {
    file: 'src/claims/leader-elected.ts',
    within: 'const earlier = (sinceOf(timeline, step)?.down ?? []).filter(',
    replacement: noText,
    why: 'the fault has fired: it was found so',
  },
  {
    file: 'src/claims/leadership.ts',
    within:
      'if ((latest.get(word.node)?.sent ?? -Infinity) < word.sent) latest.set(word.node, word);',
    original: '(latest.get(word.node)?.sent ?? -Infinity) < word.sent',
    replacement: '(latest.get(word.node)?.sent ?? -Infinity) <= word.sent',
    why: 'no two polls of a series leave in one instant',
  },
  {
    file: 'src/claims/logged.ts',
    within: 'const nothing = { node, measured: { atLeast: 0 }, isBefore: false };',
    original: '{ atLeast: 0 }',
    why: 'of a journal that nothing can be told from, only that is said',
  },
  {
    file: 'src/claims/logged.ts',
    within: '} catch {',
    why: 'what is given back is only asked for its truth',
  },
  {
    file: 'src/claims/member-returns.ts',
    within: 'if (series === undefined) return [];',
    replacement: noText,
    why: 'the compiler refuses it: the list is of polls; a text among them was never answered',
  },
  {
    file: 'src/claims/member-returns.ts',
    within:
      'return usedFrom(timeline, series, at.lo).filter(({ sent }) => sent >= at.lo && sent <= until);',
    original: 'sent >= at.lo',
    replacement: 'sent > at.lo',
    why: 'a denial in the instant of the deed lasts no longer than the deed',
  },
  {
    file: 'src/claims/member-returns.ts',
    within: 'if (first === undefined || role === undefined) return { change: { lo } };',
    original: 'first === undefined || role === undefined',
    replacement: 'first === undefined && role === undefined',
    why: 'it is listed at last if and only if something came after the last denial',
  },
  {
    file: 'src/claims/member-returns.ts',
    within: 'if (first === undefined || role === undefined) return { change: { lo } };',
    original: 'role === undefined',
    replacement: 'false',
    why: 'it is listed at last if and only if something came after the last denial',
  },
  {
    file: 'src/claims/members.ts',
    within: 'return [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))[0]?.[0];',
    original: 'a < b',
    replacement: 'a <= b',
    why: 'no two of them have one name',
  },
  {
    file: 'src/claims/never-below.ts',
    within: '`${sayReplicas(before?.ready ?? 0)} before the fault, fewer than ${ready} already`,',
    original: 'before?.ready',
    why: 'somebody told just before the fault: each watch was asked whether it worked then',
  },
  {
    file: 'src/claims/ready-replicas.ts',
    within: 'const stretches: Stretch[] = [];',
    replacement: noText,
    why: 'the compiler refuses it: the list is of stretches; no list comes within a text',
  },
  {
    file: 'src/claims/ready-replicas.ts',
    within: 'const shown = listed.findLast(({ sent }) => sent >= lo && sent <= hi)?.sent;',
    original: 'sent >= lo',
    replacement: 'sent > lo',
    why: 'a stretch that lists confirm for no time at all leaves as much out as none',
  },
  {
    file: 'src/claims/one-leader-acts.ts',
    within: 'if (act.count > (terms.get(act.term)?.count ?? -1)) terms.set(act.term, act);',
    original: 'act.count > (terms.get(act.term)?.count ?? -1)',
    replacement: 'act.count >= (terms.get(act.term)?.count ?? -1)',
    why: 'a term is of one leader, so as many acts of it are the same',
  },
  {
    file: 'src/claims/outages.ts',
    within: 'if (!attempt.ok && follows) runs.at(-1)?.push(attempt);',
    original: 'runs.at(-1)?.push',
    why: 'what follows a failure is in the last run',
  },
  {
    file: 'src/claims/outages.ts',
    within:
      'const last = Math.min(...ofEach.map((failures) => failures.at(-1)?.sent ?? -Infinity));',
    original: '-Infinity',
    why: 'a run of failures in which a series has none begins at Infinity',
  },
  {
    file: 'src/claims/result.ts',
    within: "const last = eventsOf(timeline, 'state').at(-1);",
    original: '-1',
    why: 'there are two at most, and the one from before has no differences',
  },
  {
    file: 'src/claims/series.ts',
    within: 'index = { read: 0, latest: 0, slots: new Map(), probes, others: [] };',
    replacement: noText,
    why: 'the compiler refuses it: the list is of events; a text among them is of no type',
  },
  {
    file: 'src/claims/shared-history.ts',
    within: "sets.push({ ...operation, ...seen, kind: 'read', elements: seen.elements ?? [] });",
    replacement: noText,
    why: 'only a read that was not answered has no elements, and nobody looks into that',
  },
  {
    file: 'src/claims/timing.ts',
    within: 'if (within > 1000 && within % 1000 !== 0) return `${within / 1000} s`;',
    original: 'within > 1000',
    replacement: 'within >= 1000',
    why: 'a second is a whole one',
  },
  {
    file: 'src/claims/timing.ts',
    within:
      "head.limitMs === undefined ? 'unknown' : againstLimit(finding.measured, head.limitMs);",
    original: 'head.limitMs === undefined',
    replacement: 'false',
    why: 'nothing is within or beyond what is undefined: only the compiler asks',
  },
  {
    file: 'src/claims/voters-restored.ts',
    within:
      'return absence !== undefined && good.sent > absence.silentAt ? absence.awayAt : undefined;',
    original: 'good.sent > absence.silentAt',
    replacement: 'good.sent >= absence.silentAt',
    why: 'a poll that was answered is none of those that were not',
  },
  {
    file: 'src/claims/voters-restored.ts',
    within: 'const down = sinceOf(timeline, step)?.down ?? [];',
    original: 'sinceOf(timeline, step)?.down',
    why: 'the fault has fired: it was found so',
  },
  {
    file: 'src/claims/voters-restored.ts',
    within: 'const down = sinceOf(timeline, step)?.down ?? [];',
    replacement: noText,
    why: 'the fault has fired: it was found so',
  },
  {
    file: 'src/claims/workload-available.ts',
    within:
      "if (latencies === undefined || limitMs === undefined) return { against: 'pass', says: [] };",
    original: "'pass'",
    why: 'the compiler refuses it: of what is neither a failure nor unknown, the worst is a pass',
  },
  {
    file: 'src/claims/watches-alive.ts',
    within: 'const head = { node, measured: { atLeast: 0 } };',
    replacement: '{}',
    why: 'of a watch that nothing can be told of, only that is said',
  },
  ...['before.version !== undefined', 'read.version !== undefined'].map((original) => ({
    file: 'src/histories/cached.ts',
    original,
    replacement: 'true',
    why: 'what is undefined is no number, and so not older: only the compiler asks',
  })),
  {
    file: 'src/histories/cached.ts',
    within: 'before.version !== undefined &&',
    replacement: 'before.version !== undefined || read.version !== undefined',
    why: 'what is undefined is no number, and so not older: only the compiler asks',
  },
  {
    file: 'src/histories/linearizable.ts',
    within: 'for (const [place] of open) if (isTaken[place] === 1) list.push(place);',
    original: 'isTaken[place] === 1',
    replacement: 'isTaken[place] !== 1',
    why: 'which ones are not taken tells as exactly which ones are; only the list is longer',
  },
  {
    file: 'src/histories/memo.ts',
    within: 'const list: number[] = [];',
    replacement: noText,
    why: 'the compiler refuses it: the list is of numbers, and is filled in anew before it is asked about',
  },
  ...['end + 1 + list.length > lists.length', '2 * size > slots.length'].map((original) => ({
    file: 'src/histories/memo.ts',
    original,
    replacement: original.replace('>', '>='),
    why: 'there is more room one list earlier',
  })),
  ...['true', 'elements.length >= has.size'].map((replacement) => ({
    file: 'src/histories/set.ts',
    within: '({ elements, has }) => elements.length > has.size && timesIn(elements, name) > 1,',
    original: 'elements.length > has.size',
    replacement,
    why: 'a read that is as long as its set has nothing twice: it is only not counted',
  })),
  ...(
    [
      ['sum + order(one, other)', 'sum - order(one, other)', 'all scores change their sign'],
      ['total + value', 'total - value', 'both sums of the quotient change their sign'],
      [
        'Math.abs(lag1 + 1 / n) > beyond / Math.sqrt(n)',
        'Math.abs(lag1 + 1 / n) >= beyond / Math.sqrt(n)',
        'no quotient of whole numbers is 2.576 by a root',
      ],
    ] as const
  ).map(([original, replacement, why]) => ({
    file: 'src/stats/autocorrelation.ts',
    original,
    replacement,
    why,
  })),
  ...(
    [
      ['k > trials * share && one < sum * Number.EPSILON * Number.EPSILON', 'false'],
      ['k > trials * share', 'k >= trials * share'],
      ['k > trials * share', 'k <= trials * share'],
      ['trials * share', 'trials / share'],
      [
        'one < sum * Number.EPSILON * Number.EPSILON',
        'one <= sum * Number.EPSILON * Number.EPSILON',
      ],
    ] as const
  ).map(([original, replacement]) => ({
    file: 'src/stats/binomial.ts',
    original,
    replacement,
    why: 'the sum ends a little earlier or later, or only where nothing is left: what is left out cannot be seen in it',
  })),
  ...['false', 'i < n'].map((replacement) => ({
    file: 'src/stats/binomial.ts',
    original: 'i <= n',
    replacement,
    why: 'the tests ran without the fault in the same process, which keeps the logarithms',
  })),
  {
    file: 'src/stats/comparison.ts',
    original: 'p <= level',
    replacement: 'p < level',
    why: 'no value of the fitted tail is the level to the last of its digits',
  },
  {
    file: 'src/stats/comparison.ts',
    original: 'one.shiftMs > 0',
    replacement: 'one.shiftMs >= 0',
    why: 'a shift of nothing does not matter, as it is below any margin',
  },
  {
    file: 'src/stats/order.ts',
    within: 'if (!isSeen(b)) return false;',
    original: '!isSeen(b)',
    replacement: 'false',
    why: 'nothing is above an end that is undefined: only the compiler asks',
  },
];

export function isEquivalent(mutant: Mutant): boolean {
  return equivalents.some(
    ({ file, within, original, replacement }) =>
      file === mutant.file &&
      (within === undefined || within === mutant.within) &&
      (original === undefined || original === mutant.original) &&
      (replacement === undefined || replacement === mutant.replacement),
  );
}
