import { wrongOfCaches } from './cached.ts';
import { judgeCounter } from './counter.ts';
import {
  byObject,
  type History,
  type RegisterOperation,
  type RegisterWrite,
  type SetAdd,
  type SetOperation,
} from './operation.ts';
import { smallestPart } from './register-part.ts';
import { sayWhyNot } from './register-words.ts';
import { isAsked, orderOfRegister, withoutCondition, type Asked } from './register.ts';
import { sayOperation } from './say.ts';
import { judgeSet, type SetJudged } from './set.ts';
import { opinionByVersions } from './version-order.ts';
import { versionsOf } from './versions.ts';
import type { Violation } from './violation.ts';

/** What is to be said of a history. */
export interface Judgement {
  /** `wrong` with a violation, else `unknown` with something undecided, else `right`. */
  readonly verdict: 'right' | 'wrong' | 'unknown';
  readonly violations: readonly Violation[];
  readonly undecided: readonly Remark[];
  /** Where the search finds no order although the versions show one: a defect of ours, or a lie of the clock. */
  readonly disagreements: readonly Remark[];
  /** Writes that were answered with a conflict and yet happened: no violation, but a trap for controllers. */
  readonly phantomConflicts: readonly RegisterWrite[];
  /** Acknowledged additions to sets that no later read could show. */
  readonly neverRead: readonly SetAdd[];
}

/** Something to be said of an object, in a sentence without its full stop. */
export interface Remark {
  readonly object: string;
  readonly because: string;
}

/** So many pairs of operations taken and state are remembered for an object at most, each of some ten numbers. */
export const usualBudget = 1_000_000;

/** Judges all that was asked during a run, each object by itself. @param budget see `findOrder` */
export function judgeHistory(history: History, budget = usualBudget): Judgement {
  const byRegister = byObject(history.registers);
  const registers = [...byRegister].map(([object, operations]) =>
    judgeRegister(object, operations, budget),
  );
  const sets = [...byObject(history.sets)].map(([object, operations]) =>
    judgeWholeSet(object, operations),
  );
  const counters = [...byObject(history.counters)].map(([, operations]) =>
    judgeCounter(operations),
  );
  const violations = [
    ...registers.flatMap((one) => one.violations),
    ...sets.flatMap((one) => one.violations),
    ...counters.flat(),
  ];
  const undecided = [
    ...registers.flatMap((one) => one.undecided),
    ...sets.flatMap((one) => one.undecided),
  ];
  return {
    verdict: violations.length > 0 ? 'wrong' : undecided.length > 0 ? 'unknown' : 'right',
    violations,
    undecided,
    disagreements: registers.flatMap((one) => one.disagreements),
    phantomConflicts: [...byRegister.values()].flatMap(phantomConflictsIn),
    neverRead: sets.flatMap((one) => one.neverRead),
  };
}

type RegisterJudged = Pick<Judgement, 'violations' | 'undecided' | 'disagreements'>;

function judgeRegister(
  object: string,
  operations: readonly RegisterOperation[],
  budget: number,
): RegisterJudged {
  const twice = writtenTwice(operations);
  if (twice !== undefined)
    return {
      violations: [],
      undecided: [
        {
          object,
          because: `two writes of ${twice} were asked for, so its reads do not tell which`,
        },
      ],
      disagreements: [],
    };
  const { contradictions } = versionsOf(operations);
  const violations: Violation[] = [
    ...contradictions.map(([one, other]) => ({
      wrong: 'versions' as const,
      object,
      because: `${sayOperation(one)}, but ${sayOperation(other)}`,
      operations: [one, other],
    })),
    ...wrongOfCaches(operations),
  ];
  const asked = operations.filter(isAsked);
  const trusted = contradictions.length > 0 ? withoutConditions(asked) : asked;
  const found = orderOfRegister(trusted, budget);
  const opinion = contradictions.length > 0 ? undefined : opinionByVersions(asked);
  if (found === 'unknown')
    return {
      violations,
      undecided: [{ object, because: `the search for an order needs more than ${budget} steps` }],
      disagreements: [],
    };
  if (found === 'not linearizable') {
    const part = smallestPart(trusted, budget);
    const because = sayWhyNot(part, operations);
    violations.push({ wrong: 'not linearizable', object, because, operations: part });
  } else if (opinion?.says === 'wrong')
    violations.push({
      wrong: 'versions',
      object,
      because: `${opinion.because}, although the values alone are in a possible order`,
      operations: opinion.operations,
    });
  return {
    violations,
    undecided: [],
    disagreements:
      found === 'not linearizable' && opinion?.says === 'right'
        ? [
            {
              object,
              because: 'the search finds no order of its operations, but their versions show one',
            },
          ]
        : [],
  };
}

function judgeWholeSet(
  object: string,
  operations: readonly SetOperation[],
): SetJudged & Pick<Judgement, 'undecided'> {
  const judged = judgeSet(operations);
  const added = operations.filter(({ kind, outcome }) => kind === 'add' && outcome === 'done');
  const isBlind = added.length > 0 && judged.neverRead.length === added.length;
  const because = `none of its ${added.length} acknowledged elements was looked for later`;
  return { ...judged, undecided: isBlind ? [{ object, because }] : [] };
}

/** Where versions contradict each other, nothing that depends on them is judged. */
function withoutConditions(asked: readonly Asked[]): readonly Asked[] {
  return asked.filter(({ outcome }) => outcome !== 'conflict').map(withoutCondition);
}

function writtenTwice(operations: readonly RegisterOperation[]): string | undefined {
  const values = new Set<string>();
  for (const one of operations) {
    if (one.kind !== 'write' || (one.outcome !== 'done' && one.outcome !== 'indeterminate'))
      continue;
    if (values.has(one.value)) return one.value;
    values.add(one.value);
  }
  return undefined;
}

/** Writes of one register that were answered with a conflict, and whose values were read. */
function phantomConflictsIn(operations: readonly RegisterOperation[]): readonly RegisterWrite[] {
  const reads = operations.filter((one) => one.kind === 'read' || one.kind === 'cached-read');
  const seen = new Set(reads.map(({ value }) => value));
  return operations
    .filter((one) => one.kind === 'write')
    .filter(({ conflicted, outcome }) => conflicted === true || outcome === 'conflict')
    .filter(({ value }) => seen.has(value));
}
