import type { GamedayScenario } from '../model/campaign-result.ts';
import type { ClaimTrend } from '../model/trend.ts';
import { markup, type Markup } from './markup.ts';
import type { TrialsBeside } from './scenario-told.ts';
import { section } from './sections.ts';
import { tableOf } from './table.ts';
import { trendChart } from './trend-chart.ts';
import { trendCells } from './trend-table.ts';
import { comparisonCells } from './trials-table.ts';

/** What earlier nights measured under the same configuration, and whether this one is like them. */
export function trendSection(
  scenarios: readonly GamedayScenario[],
  { trends }: TrialsBeside,
): Markup {
  const isOne = scenarios.length === 1;
  const told = scenarios.flatMap((one) => {
    const claims = trends.filter(({ scenario }) => scenario === one.scenario).at(-1)?.claims ?? [];
    if (!claims.some(({ nights }) => nights.length > 1) && one.compared.length === 0) return [];
    const isChanged = one.compared.some(
      ({ change }) => change === 'regressed' || change === 'better',
    );
    const inside = markup`${one.compared.length > 0 && tableOf(comparisonCells(one))}<div class="charts">${claims.flatMap((trend) => chartOf(trend, one) ?? [])}</div>${claims.length > 0 && markup`<details><summary>All claims by night</summary>${tableOf(trendCells(claims))}</details>`}`;
    return [
      isOne
        ? inside
        : markup`<details class="scenario"${isChanged && markup` open`}><summary>${one.scenario} <span class="soft">${sayChanges(one)}</span></summary>${inside}</details>`,
    ];
  });
  const text =
    told.length === 0
      ? markup`<p>No earlier night of this cluster under the same configuration is known, or this one has not come to its end.</p>`
      : markup`<p class="soft">Medians by night, with the interval that holds the true one with 95 % confidence; a ring: so few trials have no such interval; orange: not all trials held. Only nights of the same configuration. The verdict is the radar’s, which counts nights of few trials together.</p>${told}`;
  return section('trend', 'Against earlier nights', text);
}

function chartOf(trend: ClaimTrend, { claims }: GamedayScenario): Markup | undefined {
  const limitMs = claims.find(({ claim }) => claim === trend.claim)?.limitMs;
  const chart = trendChart(trend, limitMs);
  return chart && markup`<div><h3>${trend.claim}</h3>${chart}</div>`;
}

function sayChanges({ compared }: GamedayScenario): string {
  const moved = compared
    .filter(({ change }) => change === 'regressed' || change === 'better')
    .map(({ claim, change }) => `${claim} ${change}`);
  if (moved.length > 0) return moved.join(', ');
  return compared.some(({ change }) => change === 'same') ? 'same' : 'not enough data';
}
