import type { Configuration } from '../model/configuration.ts';
import type { ClaimTrend, NightOfClaim, Trend } from '../model/trend.ts';
import { medianOf } from '../stats/summary.ts';
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
    .filter(({ outcome }) => outcome !== 'invalid' && outcome !== 'not-applicable');
  const median = medianOf(durationsIn(entries, claim));
  return {
    night,
    trials: judged.length,
    passed: judged.filter(({ outcome }) => outcome === 'pass').length,
    ...(median !== undefined && { median }),
  };
}

/** A configuration in a line. */
function sayConfiguration(configuration: Configuration): string {
  const { topology, platform, versions, scenarioHash, settings } = configuration;
  const named = Object.entries({ ...versions, ...settings }).map(([name, is]) => `${name} ${is}`);
  return `${platform}, ${topology}; scenario ${scenarioHash}; ${named.join(', ')}`;
}
