import type { Trial } from '../model/result.ts';
import { longest, type Measured } from '../model/span.ts';
import type { ClaimStatistics, ClockStatistics } from '../model/statistics.ts';
import type { ClaimOutcome } from '../model/verdict.ts';
import { autocorrelation } from '../stats/autocorrelation.ts';
import { demonstratedShare } from '../stats/clopper-pearson.ts';
import { summarise } from '../stats/summary.ts';
import { durationsOf, verdictsByClaim, type ClaimVerdicts } from '../model/claim-verdicts.ts';
import { sayDemonstrated, sayDependent } from './sentence.ts';

/** What some trials of one scenario say of each of its claims, in the scenario's order. */
export function claimStatistics(trials: readonly Trial[]): readonly ClaimStatistics[] {
  return verdictsByClaim(trials).map(statisticsOf);
}

function statisticsOf({ claim, title, verdicts }: ClaimVerdicts): ClaimStatistics {
  const count = (outcome: ClaimOutcome): number =>
    verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const [passed, failed, unknown] = [count('pass'), count('fail'), count('unknown')];
  const limitMs = verdicts[0]?.limitMs;
  const durations = durationsOf(verdicts);
  const summary = summarise(durations);
  const neighbours = autocorrelation(durations);
  const trials = passed + failed + unknown;
  const demonstrated = demonstratedShare(passed, trials);
  const isDependent = neighbours?.significant === true;
  const told = { claim, title, passed, trials, demonstrated };
  return {
    claim,
    title,
    ...(limitMs !== undefined && { limitMs }),
    passed,
    failed,
    unknown,
    invalid: count('invalid'),
    notApplicable: count('not-applicable'),
    ...(summary !== undefined && { summary }),
    ...(neighbours !== undefined && { autocorrelation: neighbours }),
    ...(trials > 0 && !isDependent && { demonstrated }),
    sentence: isDependent
      ? sayDependent(neighbours, trials)
      : sayDemonstrated({
          ...told,
          ...(limitMs !== undefined && summary !== undefined && { limitMs }),
        }),
  };
}

/**
 * What they say of each clock that was read at least once, in the order in which clocks are told. Victims differ from
 * trial to trial, so nodes are not told apart: of a clock that was read for several, a trial counts with the slowest that
 * no fault was aimed at, or with the victim itself if it was read for no other.
 * @param nodes names of the cluster's nodes
 */
export function clockStatistics(
  trials: readonly Trial[],
  nodes: ReadonlySet<string>,
): readonly ClockStatistics[] {
  const all = trials.map((trial) => readingsOf(trial, nodes));
  const kinds = new Map(all.flat().map((one) => [`${one.clock} ${one.of}`, one]));
  return [...kinds.values()].flatMap(({ clock, title, of }) => {
    const values = all.flatMap((readings) => {
      const own = readings.filter((one) => one.clock === clock && one.of === of);
      const spared = own.filter(({ wasHit }) => !wasHit);
      const counted = spared.length > 0 ? spared : own;
      return counted.length === 0 ? [] : [longest(counted.map(({ measuredMs }) => measuredMs))];
    });
    const summary = summarise(values);
    if (summary === undefined) return [];
    const neighbours = autocorrelation(values);
    return [
      {
        clock,
        title,
        ...(of !== '' && { of }),
        summary,
        ...(neighbours !== undefined && { autocorrelation: neighbours }),
      },
    ];
  });
}

interface ClockReading {
  readonly clock: string;
  readonly title: string;
  /** Without the names of nodes. */
  readonly of: string;
  readonly wasHit: boolean;
  readonly measuredMs: Measured;
}

/** What the clocks of a trial measured. */
function readingsOf(
  { clocks, faults }: Trial,
  nodes: ReadonlySet<string>,
): readonly ClockReading[] {
  const victims = new Set(faults.flatMap(({ target }) => target.split(', ')));
  return clocks.flatMap(({ clock, title, of = '', measuredMs }) => {
    if (measuredMs === undefined) return [];
    const words = of.split(' ');
    const rest = words.filter((word) => !nodes.has(word)).join(' ');
    return [
      { clock, title, of: rest, wasHit: words.some((word) => victims.has(word)), measuredMs },
    ];
  });
}
