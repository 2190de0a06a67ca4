import type { GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import { formatMinutes } from '../model/minutes.ts';
import { leftBehind, notPassed, sayWhere } from './campaign-page.ts';
import { none } from './figures.ts';
import type { Block } from './page.ts';
import { comparisonCells, sayPoint } from './trials-table.ts';

/** A game day on one page: its verdict, a row for each scenario, what changed since earlier nights, what did not hold. */
export function gamedayPage(result: GamedayResult): readonly Block[] {
  const { outcome, scenario, reason, scenarios, budgetMs } = result;
  const budget = budgetMs === undefined ? '' : ` Budget: ${formatMinutes(budgetMs)}.`;
  return [
    { heading: `${outcome.toUpperCase()}: game day ${scenario}` },
    { text: reason },
    ...leftBehind(result),
    ...scenarioBlocks(scenarios),
    { text: `${sayWhere(result)}${budget}` },
  ];
}

/** A row for each scenario, what changed since earlier nights, what did not hold, and what is known not to. */
export function scenarioBlocks(scenarios: readonly GamedayScenario[]): readonly Block[] {
  const moved = scenarios.flatMap((one) =>
    one.compared
      .filter(({ change }) => change === 'regressed' || change === 'better')
      .map((compared) => ({ ...compared, claim: `${one.scenario}: ${compared.claim}` })),
  );
  return [
    {
      table: [
        ['scenario', 'trials', 'outcome', 'claims held', 'first figure', 'against earlier nights'],
        ...scenarios.map(rowOf),
      ],
    },
    ...(moved.length === 0
      ? []
      : [{ heading: 'What changed' }, { table: comparisonCells({ compared: moved }) }]),
    ...scenarios.flatMap(whyNot),
    ...knownOf(scenarios),
  ];
}

function rowOf(one: GamedayScenario): readonly string[] {
  const held = one.claims.filter(
    ({ failed, unknown, passed }) => passed > 0 && failed + unknown === 0,
  );
  const applied = one.claims.filter(({ failed, unknown, passed }) => passed + failed + unknown > 0);
  const timed = one.claims.find(({ summary }) => summary !== undefined);
  const median = timed?.summary?.quantiles[0]?.ms;
  return [
    one.scenario,
    `${one.trials.length} of ${one.asked}`,
    one.tolerated.length > 0 ? `${one.outcome} (known)` : one.outcome,
    `${held.length} of ${applied.length}`,
    timed === undefined ? none : `${timed.claim}: median ${sayPoint(median)}`,
    sayTrend(one),
  ];
}

/** The worst that is to be told of its claims. */
function sayTrend({ compared }: GamedayScenario): string {
  for (const change of ['regressed', 'better', 'same', 'not enough data'] as const) {
    const such = compared.filter((one) => one.change === change);
    if (such.length > 0)
      return change === 'same' || change === 'not enough data'
        ? change
        : `${change}: ${such.map(({ claim }) => claim).join(', ')}`;
  }
  return 'no earlier night';
}

/** Of a scenario that did not pass, the verdicts behind it; of one that was not run, why. */
function whyNot(one: GamedayScenario): readonly Block[] {
  if (one.trials.length === 0)
    return [{ heading: one.scenario }, { items: [`${one.outcome}: ${one.reason}`] }];
  const blocks = notPassed(one);
  return blocks.map((block) =>
    'heading' in block ? { heading: `${one.scenario}: what did not hold` } : block,
  );
}

function knownOf(scenarios: readonly GamedayScenario[]): readonly Block[] {
  const items = scenarios.flatMap(({ tolerated }) =>
    tolerated.map(
      ({ scenario, claim, reason, until }) =>
        `${scenario}, ${claim}: ${reason} (tolerated until ${until})`,
    ),
  );
  return items.length === 0 ? [] : [{ heading: 'Known failures that got no worse' }, { items }];
}
