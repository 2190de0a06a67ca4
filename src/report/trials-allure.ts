import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import type { Line } from '../model/line.ts';
import { showLines, type Attachment } from './mocha.ts';
import { scenariosIn } from './scenario-told.ts';
import { trialsLines } from './trials-lines.ts';
import { settledTrials } from './trials-settled.ts';

/** A list of tests, and by what Allure knows its lines again. */
interface TrialsSuite {
  readonly title: string;
  readonly scenario: string;
  readonly lines: readonly Line[];
}

/**
 * Writes the Allure results of a campaign or a game day anew: a suite for each scenario, and one for the game day. They
 * have the identity of those of a single run. The last line carries the reports, which must be there already.
 * @param folder absolute path
 * @returns false if no cluster is known, as none of it was begun: then there are none
 */
export async function writeTrialsAllure(
  folder: string,
  result: CampaignResult | GamedayResult,
): Promise<boolean> {
  const { cluster, run, seed } = result;
  const resultsDir = join(folder, 'allure-results');
  // What is there twice would be taken for a test that was done again.
  await rm(resultsDir, { recursive: true, force: true });
  if (cluster === undefined) return false;
  const suites = suitesOf(result);
  for (const [index, { title, scenario, lines }] of suites.entries())
    await showLines(lines, {
      title,
      identity: {
        scenario,
        cluster: cluster.id,
        parameters: { cluster: cluster.name, run, seed: String(seed) },
      },
      resultsDir,
      environment: {
        cluster: cluster.name,
        platform: cluster.platform,
        kubernetes: cluster.kubernetes,
      },
      ...(index === suites.length - 1 && {
        attachments: () => Promise.resolve(reportsIn(folder)),
      }),
    });
  return true;
}

function suitesOf(result: CampaignResult | GamedayResult): readonly TrialsSuite[] {
  const scenarios = scenariosIn(result)
    .filter(({ outcome }) => outcome !== 'skipped')
    .map((one) => ({ title: one.scenario, scenario: one.scenario, lines: trialsLines(one) }));
  if (result.kind === 'campaign') return scenarios;
  const { scenario: name } = result;
  const line = {
    title: 'the game day comes to a verdict',
    file: name,
    settled: Promise.resolve(settledTrials(result)),
  };
  return [...scenarios, { title: `game day ${name}`, scenario: name, lines: [line] }];
}

function reportsIn(folder: string): readonly Attachment[] {
  const types = {
    'report.html': 'text/html',
    'result.json': 'application/json',
    'metrics.prom': 'text/plain',
  };
  return Object.entries(types).map(([name, contentType]) => ({
    name,
    path: join(folder, name),
    contentType,
  }));
}
