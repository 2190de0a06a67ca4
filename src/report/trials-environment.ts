import type { CampaignResult, GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import type { Configuration } from '../model/configuration.ts';
import { formatMinutes } from '../model/minutes.ts';
import { grouped } from '../model/grouped.ts';
import { markup, type Markup } from './markup.ts';
import { sayWall } from './page-shell.ts';
import { section } from './sections.ts';
import { tableOf } from './table.ts';
import { scenariosIn } from './scenario-told.ts';

/** Where and when the trials were run, and under which versions and settings. */
export function trialsEnvironment(result: CampaignResult | GamedayResult): Markup {
  const { cluster, startedAt, finishedAt, run, seed } = result;
  const scenarios = scenariosIn(result);
  const budgetMs = result.kind === 'gameday' ? result.budgetMs : undefined;
  const took = formatMinutes(Date.parse(finishedAt) - Date.parse(startedAt));
  const facts: readonly (readonly [string, string])[] = [
    ...(cluster === undefined
      ? []
      : ([
          ['cluster', `${cluster.name} (${cluster.id}), ${cluster.nodes} nodes`],
          ['Kubernetes', `${cluster.platform} ${cluster.kubernetes}`],
        ] as const)),
    [result.kind === 'gameday' ? 'game day' : 'campaign', run],
    ['from', `${sayWall(startedAt)} to ${sayWall(finishedAt)}, ${took}`],
    ...(budgetMs === undefined ? [] : ([['budget', formatMinutes(budgetMs)]] as const)),
    ['seed', String(seed)],
  ];
  return section(
    'environment',
    'Environment',
    markup`<dl>${facts.map(([name, is]) => markup`<dt>${name}</dt><dd>${is}</dd>`)}</dl>${configurationsOf(scenarios)}`,
  );
}

/** What the scenarios have in common, each such configuration once, and what tells them apart. */
function configurationsOf(scenarios: readonly GamedayScenario[]): Markup {
  const told = scenarios.flatMap(({ scenario, configuration }) =>
    configuration === undefined
      ? []
      : [{ scenario, configuration, common: commonOf(configuration) }],
  );
  const groups = grouped(told, ({ common }) => JSON.stringify(common));
  const isOne = groups.size < 2;
  const lists = [...groups.values()].map((group) => {
    const [first] = group;
    const head = !isOne && markup`<h3>${group.map(({ scenario }) => scenario).join(', ')}</h3>`;
    const rows = (first?.common ?? []).map(([name, is]) => markup`<dt>${name}</dt><dd>${is}</dd>`);
    return markup`${head}<dl>${rows}</dl>`;
  });
  const cells = told.map(({ scenario, configuration: { faults, scenarioHash, probes } }) => [
    scenario,
    faults.join(', '),
    scenarioHash,
    probes,
  ]);
  if (told.length === 0) return markup``;
  return markup`<h3>Configuration</h3>${lists}${tableOf([['scenario', 'faults', 'hash of what it does and claims', 'hash of the probes'], ...cells])}`;
}

function commonOf(configuration: Configuration): readonly (readonly [string, string])[] {
  const { topology, versions, settings } = configuration;
  const list = (named: Readonly<Record<string, string | number>>): string =>
    Object.entries(named)
      .map(([name, is]) => `${name} ${is}`)
      .join(', ') || 'none told';
  return [
    ['topology', topology],
    ['versions', list(versions)],
    ['settings', list(settings)],
  ];
}
