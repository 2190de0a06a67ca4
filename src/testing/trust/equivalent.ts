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
  {
    file: 'src/model/conclude.ts',
    replacement: noText,
    why: 'the compiler refuses it: the list is of outcomes, and a text that is none is the worst of nothing',
  },
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
    within:
      "const hit = intent.podsHit.filter((pod) => protect.includes(pod.split('/')[0] ?? ''));",
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
    file: 'src/claims/clocks/longest-outage.ts',
    within:
      ".map((series) => ({ of: `${probe} ${series.node ?? ''}`, outage: outageOf(about, series) }))",
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
