import type { KnownFailure } from '../model/agenda.ts';
import { conclude, type Stop } from '../model/conclude.ts';
import { countOf } from '../model/countof.ts';
import type { GateResult, GateScenario } from '../model/gate-result.ts';
import type { Trial } from '../model/result.ts';
import { saySeconds } from '../model/span.ts';
import type { ClaimComparison } from '../model/statistics.ts';
import { fewestASide } from '../stats/comparison.ts';
import { changesBetween, incomparable } from './configuration.ts';
import type { HistoryEntry } from './history.ts';
import { tolerate } from './known.ts';
import { compareSides } from './radar.ts';

/** What was measured after the upgrade. */
export interface GateAfter {
  readonly head: Pick<
    GateResult,
    'run' | 'scenario' | 'startedAt' | 'finishedAt' | 'seed' | 'cluster' | 'residue'
  >;
  /** Why it ended before its last trial. */
  readonly stopped?: Stop;
  readonly known: readonly KnownFailure[];
  readonly trials: readonly { readonly entry: HistoryEntry; readonly trial: Trial }[];
}

/** The trials of both sides; those before have been measured by the same means, or the gate says in what they differ. */
export interface GateInput {
  readonly before: readonly HistoryEntry[];
  readonly after: GateAfter;
}

/**
 * Whether an upgrade may go on: not if a claim fails after it, or takes longer than before it by more than chance and the
 * margin; nor if too little was measured to tell, or what was measured cannot be compared.
 */
export function gate({ before, after }: GateInput): GateResult {
  const names = [
    ...new Set([...before, ...after.trials.map(({ entry }) => entry)].map(scenarioOf)),
  ].sort();
  const sides = names.map((scenario) => ({
    scenario,
    before: before.filter((entry) => scenarioOf(entry) === scenario),
    after: after.trials.map(({ entry }) => entry).filter((entry) => scenarioOf(entry) === scenario),
  }));
  const differs = [...new Set(sides.flatMap((side) => differencesOf(side, after.stopped)))];
  const compared =
    differs.length > 0 ? new Map<string, readonly ClaimComparison[]>() : compareSides(sides);
  const today = after.head.finishedAt.slice(0, 10);
  const each = sides.map((side) => {
    const { scenario } = side;
    const own = compared.get(scenario) ?? [];
    const trials = after.trials
      .filter(({ entry }) => scenarioOf(entry) === scenario)
      .map(({ trial }) => trial);
    return { ...side, own, trials: tolerate(scenario, trials, after.known, own, today).trials };
  });
  // Worst first.
  const [stop] = [
    ...regressions(each),
    ...(differs.length > 0 ? [refusal(differs)] : []),
    ...(after.stopped === undefined ? [] : [after.stopped]),
    ...each.flatMap(tooFew),
  ];
  const concluded = conclude({
    trials: each.flatMap(({ trials }) => trials),
    residue: after.head.residue,
    ...(stop !== undefined && { stopped: stop }),
  });
  return {
    schema: 'holdfast.dev/result/v1',
    kind: 'gate',
    ...after.head,
    ...concluded,
    reason: concluded.outcome === 'pass' ? sayGo(each.flatMap(({ own }) => own)) : concluded.reason,
    before: [...new Set(before.map(({ night }) => night))],
    changed: [...new Set(sides.flatMap(changesOf))],
    differs,
    scenarios: each.map(({ scenario, own, trials, ...side }): GateScenario => ({
      scenario,
      before: side.before.length,
      after: side.after.length,
      outcome: conclude({ trials, residue: [] }).outcome,
      compared: own,
    })),
  };
}

interface SidesOfScenario {
  readonly scenario: string;
  readonly before: readonly HistoryEntry[];
  readonly after: readonly HistoryEntry[];
}

function scenarioOf({ configuration }: HistoryEntry): string {
  return configuration.scenario;
}

/** @param stopped by which a scenario came to no trial: that is told, and no difference */
function differencesOf(
  { scenario, before, after }: SidesOfScenario,
  stopped: Stop | undefined,
): readonly string[] {
  const [now] = after;
  if (now === undefined)
    return stopped === undefined ? [`scenario ${scenario} was run before alone`] : [];
  if (before.length === 0) return [`scenario ${scenario} was run after alone`];
  return before.flatMap((entry) => incomparable(entry.configuration, now.configuration));
}

function changesOf({ before, after }: SidesOfScenario): readonly string[] {
  const [was, is] = [before.at(-1), after[0]];
  return was === undefined || is === undefined
    ? []
    : changesBetween(was.configuration, is.configuration);
}

function regressions(
  each: readonly { readonly scenario: string; readonly own: readonly ClaimComparison[] }[],
): readonly Stop[] {
  const found = each.flatMap(({ scenario, own }) =>
    own
      .filter(({ change }) => change === 'regressed')
      .map(
        (one) =>
          `${one.claim} of ${scenario} takes ${saySeconds(one.shiftMs ?? 0)} longer than before (p ${(one.p ?? 0).toFixed(4)})`,
      ),
  );
  return found.length === 0 ? [] : [{ outcome: 'fail', reason: `regressed: ${found.join('; ')}` }];
}

function refusal(differs: readonly string[]): Stop {
  return { outcome: 'refused', reason: `not comparable: ${differs.join('; ')}` };
}

function tooFew({
  scenario,
  before,
  after,
  own,
}: SidesOfScenario & { readonly own: readonly ClaimComparison[] }): readonly Stop[] {
  const short = own.find(({ change }) => change === 'not enough data');
  const enough = before.length >= fewestASide && after.length >= fewestASide;
  if (enough && short === undefined) return [];
  const sides =
    enough && short !== undefined
      ? `${short.claim} of ${scenario} was measured ${short.before} times before and ${short.after} times after`
      : `${scenario} has ${countOf(before.length, 'trial')} before and ${after.length} after`;
  return [
    { outcome: 'unknown', reason: `too few to tell: ${sides}, and it takes ${fewestASide} a side` },
  ];
}

function sayGo(compared: readonly ClaimComparison[]): string {
  const better = compared.filter(({ change }) => change === 'better').map(({ claim }) => claim);
  const told = `nothing regressed among ${countOf(compared.length, 'claim')} that are timed`;
  return better.length === 0 ? told : `${told}; better: ${[...new Set(better)].join(', ')}`;
}
