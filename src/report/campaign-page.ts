import type { CampaignResult } from '../model/campaign-result.ts';
import { countOf } from '../model/countof.ts';
import { formatMinutes } from '../model/minutes.ts';
import { availabilityIn, sayAvailability } from './availability-words.ts';
import type { Block } from './page.ts';
import { claimCells, clockCells, comparisonCells } from './trials-table.ts';

/** What a campaign says, on a page: its verdict, what n trials demonstrate, the figures, and what did not hold. */
export function campaignPage(result: CampaignResult): readonly Block[] {
  const { outcome, scenario, reason, claims, clocks, trials, asked, compared } = result;
  const availability = availabilityIn(trials);
  return [
    {
      heading: `${outcome.toUpperCase()}: ${scenario}, ${trials.length} of ${countOf(asked, 'trial')}`,
    },
    { text: reason },
    ...leftBehind(result),
    ...(claims.length === 0
      ? []
      : [
          { heading: 'What the trials demonstrate' },
          { items: claims.map(({ claim, sentence }) => `${claim}: ${sentence}`) },
          { heading: 'Claims: middle of what was measured, [interval with 95 % confidence]' },
          { table: claimCells(result) },
        ]),
    ...(clocks.length === 0
      ? []
      : [{ heading: 'Clocks, which judge nothing' }, { table: clockCells(result) }]),
    ...(compared.length === 0
      ? []
      : [{ heading: 'Against earlier nights' }, { table: comparisonCells(result) }]),
    ...notPassed(result),
    ...(availability === undefined ? [] : [{ text: sayAvailability(availability) }]),
    { text: sayWhere(result) },
  ];
}

/** What could not be put back, if anything. */
export function leftBehind({ residue }: Pick<CampaignResult, 'residue'>): readonly Block[] {
  return residue.length === 0 ? [] : [{ items: residue.map((line) => `left behind: ${line}`) }];
}

/** Each verdict that is not a pass, with its run, so that a reader finds it. */
export function notPassed({
  trials,
  runs,
}: Pick<CampaignResult, 'trials' | 'runs'>): readonly Block[] {
  const items = trials.flatMap(({ number, verdicts }, index) =>
    verdicts
      .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable')
      .map(
        ({ claim, outcome, because }) =>
          `trial ${number}, ${claim}: ${outcome}: ${because} (${runs[index]?.run ?? ''})`,
      ),
  );
  return items.length === 0
    ? []
    : [{ heading: 'What did not hold, or could not be told' }, { items }];
}

/** Where, when and for how long. */
export function sayWhere({
  run,
  seed,
  cluster,
  exitCode,
  startedAt,
  finishedAt,
}: Pick<
  CampaignResult,
  'run' | 'seed' | 'cluster' | 'exitCode' | 'startedAt' | 'finishedAt'
>): string {
  const on = cluster === undefined ? '' : ` on ${cluster.name} (Kubernetes ${cluster.kubernetes})`;
  const took = formatMinutes(Date.parse(finishedAt) - Date.parse(startedAt));
  return `${run}${on}, seed ${seed}, from ${startedAt}, ${took}; exit ${exitCode}.`;
}
