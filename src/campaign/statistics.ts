import type { Trial } from '../model/result.ts';
import type { Measured } from '../model/span.ts';
import type { ClaimStatistics, ClockStatistics } from '../model/statistics.ts';
import type { ClaimOutcome } from '../model/verdict.ts';
import { autocorrelation } from '../stats/autocorrelation.ts';
import { demonstratedShare } from '../stats/clopper-pearson.ts';
import { summarise } from '../stats/summary.ts';
import { durationsOf, verdictsByClaim, type ClaimVerdicts } from './metrics.ts';
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

/** What they say of each clock that was read at least once, in the order in which clocks are told. */
export function clockStatistics(trials: readonly Trial[]): readonly ClockStatistics[] {
  const all = trials.flatMap(({ clocks }) => clocks);
  const keys = new Map(all.map((one) => [`${one.clock} ${one.of ?? ''}`, one]));
  return [...keys.values()].flatMap(({ clock, title, of }) => {
    const values = all
      .filter((one) => one.clock === clock && one.of === of)
      .flatMap(({ measuredMs }): readonly Measured[] => (measuredMs ? [measuredMs] : []));
    const summary = summarise(values);
    const neighbours = autocorrelation(values);
    return summary === undefined
      ? []
      : [
          {
            clock,
            title,
            ...(of !== undefined && { of }),
            summary,
            ...(neighbours !== undefined && { autocorrelation: neighbours }),
          },
        ];
  });
}
