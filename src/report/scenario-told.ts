import type { CampaignResult, GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import type { Trend } from '../model/trend.ts';

/** What a scenario is for people. */
export interface ScenarioWords {
  readonly title: string;
  readonly claim: string;
}

/** What a page of trials tells beside their result. */
export interface TrialsBeside {
  /** By the names of the scenarios. */
  readonly words: ReadonlyMap<string, ScenarioWords>;
  /** The nights up to this one, of the configurations it was run under. */
  readonly trends: readonly Trend[];
}

/** The scenarios of a game day; a campaign has one. */
export function scenariosIn(result: CampaignResult | GamedayResult): readonly GamedayScenario[] {
  return result.kind === 'gameday' ? result.scenarios : [{ ...result, tolerated: [] }];
}

/** A name that an element of the page can have. */
export function idOf(...parts: readonly (string | number)[]): string {
  return parts.join('-').replace(/[^\w-]+/g, '-');
}

/** Where the report of a run is, from the page of its campaign. */
export function reportOf(run: string): string {
  return `${encodeURIComponent(run)}/report.html`;
}
