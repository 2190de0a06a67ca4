import { countOf } from '../model/countof.ts';
import type { FleetMember, FleetResult, FleetScenario } from '../model/fleet-result.ts';
import { formatMinutes } from '../model/minutes.ts';
import { leftBehind } from './campaign-page.ts';
import { none } from './figures.ts';
import { scenarioBlocks } from './gameday-page.ts';
import type { Block } from './page.ts';
import { claimCells } from './trials-table.ts';

/** Many clusters on one page: the worst verdict, a row for each member and for each scenario, and what did not hold. */
export function fleetPage(result: FleetResult): readonly Block[] {
  const { outcome, reason, members, scenarios, run, exitCode, startedAt, finishedAt } = result;
  const clusters = new Set(members.flatMap(({ cluster }) => cluster?.id ?? [])).size;
  const read = members.filter(({ source }) => source !== undefined).length;
  const took = formatMinutes(Date.parse(finishedAt) - Date.parse(startedAt));
  return [
    {
      heading: `${outcome.toUpperCase()}: a fleet of ${countOf(clusters, 'cluster')}, ${countOf(read, 'result')}`,
    },
    { text: reason },
    ...leftBehind(result),
    { table: [['cluster', 'what', 'begun', 'outcome', 'exit'], ...members.map(memberRow)] },
    ...notPassed(members),
    ...(scenarios.length === 0 ? [] : [{ heading: 'Scenarios' }]),
    ...(scenarios.length === 0 ? [] : scenarioBlocks(scenarios.map(named))),
    ...scenarios.filter(({ sources }) => sources.length > 1).flatMap(pooled),
    { text: `${run}, from ${startedAt}, ${took}; exit ${exitCode}.` },
  ];
}

function memberRow({ on, source, outcome, exitCode }: FleetMember): readonly string[] {
  const what = source === undefined ? none : `${source.scenario} (${words[source.kind]})`;
  return [on, what, source?.startedAt ?? none, outcome, String(exitCode)];
}

const words = { run: 'run', campaign: 'campaign', gameday: 'game day' } as const;

/** Why each member did not pass, and where to read more. */
function notPassed(members: readonly FleetMember[]): readonly Block[] {
  const items = members
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ on, source, outcome, reason, folder }) => {
      const what = source === undefined ? on : `${on}, ${source.scenario}`;
      return `${what}: ${outcome}: ${reason}${folder === undefined ? '' : ` (${folder})`}`;
    });
  return items.length === 0 ? [] : [{ heading: 'Which did not pass' }, { items }];
}

/** A scenario by the name that no other cluster's has. */
function named(one: FleetScenario): FleetScenario {
  const name = (scenario: string): string => `${one.on}: ${scenario}`;
  return {
    ...one,
    scenario: name(one.scenario),
    tolerated: one.tolerated.map((known) => ({ ...known, scenario: name(known.scenario) })),
  };
}

/** What trials of several members say together, which no report of one of them says. */
function pooled(one: FleetScenario): readonly Block[] {
  const { on, scenario, sources, trials, claims } = one;
  return [
    {
      heading: `${on}: ${scenario}, ${countOf(trials.length, 'trial')} of ${countOf(sources.length, 'result')} under one configuration`,
    },
    { items: claims.map(({ claim, sentence }) => `${claim}: ${sentence}`) },
    { table: claimCells(one) },
  ];
}
