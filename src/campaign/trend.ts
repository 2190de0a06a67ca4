import type { Configuration } from '../model/configuration.ts';
import { counts } from '../model/claim-verdicts.ts';
import type { QuantileEstimate } from '../model/statistics.ts';
import type { ClaimTrend, NightOfClaim, Trend } from '../model/trend.ts';
import { summarise } from '../stats/summary.ts';
import { configurationKey } from './configuration.ts';
import type { HistoryEntry } from './history.ts';
import { compareSides, durationsIn, sidesOf } from './radar.ts';

/**
 * The nights in a history by scenario and configuration, which are never pooled; the configuration that was run last
 * comes last.
 * @param scenario this one alone
 */
export function trendsOf(history: readonly HistoryEntry[], scenario?: string): readonly Trend[] {
  const groups = new Map<string, HistoryEntry[]>();
  for (const entry of history) {
    if (scenario !== undefined && entry.configuration.scenario !== scenario) continue;
    const key = configurationKey(entry.configuration);
    groups.set(key, [...(groups.get(key) ?? []), entry]);
  }
  return [...groups.values()]
    .sort((a, b) => ((a.at(-1)?.at ?? '') < (b.at(-1)?.at ?? '') ? -1 : 1))
    .flatMap(trendOf);
}

/** What the nights up to one of them have measured, of what that one ran: as it would have been told on its morning. */
export function trendsUpTo(history: readonly HistoryEntry[], night: string): readonly Trend[] {
  const last = history.findLastIndex((entry) => entry.night === night);
  return trendsOf(history.slice(0, last + 1)).filter(({ claims }) =>
    claims.some(({ nights }) => nights.at(-1)?.night === night),
  );
}

function trendOf(entries: readonly HistoryEntry[]): readonly Trend[] {
  const last = entries.at(-1);
  if (last === undefined) return [];
  const nights = [...new Set(entries.map(({ night }) => night))];
  const tonight = entries.filter(({ night }) => night === last.night);
  const { scenario } = last.configuration;
  const compared = compareSides([{ scenario, ...sidesOf(entries, tonight) }]).get(scenario) ?? [];
  const claims = last.claims.map(({ claim }): ClaimTrend => {
    const found = compared.find((one) => one.claim === claim);
    return {
      claim,
      nights: nights.map((night) =>
        nightOf(
          night,
          claim,
          entries.filter((entry) => entry.night === night),
        ),
      ),
      ...(found !== undefined && nights.length > 1 && { last: found }),
    };
  });
  return [{ scenario, under: sayConfiguration(last.configuration), claims }];
}

function nightOf(night: string, claim: string, entries: readonly HistoryEntry[]): NightOfClaim {
  const judged = entries
    .flatMap(({ claims }) => claims.find((one) => one.claim === claim) ?? [])
    .filter(counts);
  const median = summarise(durationsIn(entries, claim))?.quantiles.find(isMedian);
  return {
    night,
    trials: judged.length,
    passed: judged.filter(({ outcome }) => outcome === 'pass').length,
    ...(median !== undefined && boundedMedian(median)),
  };
}

function isMedian({ share }: QuantileEstimate): boolean {
  return share === 0.5;
}

function boundedMedian({ ms, lowerMs, upperMs }: QuantileEstimate): Partial<NightOfClaim> {
  return {
    median: ms,
    ...(lowerMs !== undefined && { lowerMs }),
    ...(upperMs !== undefined && { upperMs }),
  };
}

/** A configuration in a line. */
function sayConfiguration(configuration: Configuration): string {
  const { topology, platform, versions, scenarioHash, settings } = configuration;
  const named = Object.entries({ ...versions, ...settings }).map(([name, is]) => `${name} ${is}`);
  return `${platform}, ${topology}; scenario ${scenarioHash}; ${named.join(', ')}`;
}
