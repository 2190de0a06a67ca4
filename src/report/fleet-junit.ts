import type { FleetMember, FleetResult } from '../model/fleet-result.ts';
import { suitesAsJunit } from './campaign-junit.ts';
import type { Suite } from './trials-settled.ts';

/**
 * A fleet as junit.xml: a suite for each of its members with its verdict, and one for each scenario of each cluster.
 * Names hold the cluster, and no node, no seed and no number of trials, so that a history by name works.
 */
export function fleetJunit(result: FleetResult): string {
  const suites = [
    ...result.members.map(suiteOf),
    ...result.scenarios.map((one) => ({ ...one, scenario: `${one.on}.${one.scenario}` })),
  ];
  return suitesAsJunit(suites, result);
}

function suiteOf({ on, source, folder, outcome, reason }: FleetMember): Suite {
  const kind = source === undefined ? (folder ?? 'no result') : `${source.kind} ${source.scenario}`;
  const nothing = { asked: 0, trials: [], runs: [], claims: [], tolerated: [] };
  return { scenario: `${on}.${kind}`, outcome, reason, ...nothing };
}
