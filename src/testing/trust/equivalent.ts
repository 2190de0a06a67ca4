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
