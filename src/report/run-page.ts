import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { availabilityIn, sayAvailability } from './availability-words.ts';
import { leftBehind, sayWhere } from './campaign-page.ts';
import { sayLimit, sayMeasured, sayPredicted } from './figures.ts';
import type { Block } from './page.ts';
import { verdictSentence } from './sentence.ts';

/** What a run says, on a page: its verdict as a sentence, a row for each claim, why those that did not hold did not. */
export function runPage(result: Result, timeline: Timeline | undefined): readonly Block[] {
  const { outcome, scenario, trials, predicted } = result;
  const verdicts = trials.flatMap((trial) => trial.verdicts);
  const findings = trials.flatMap((trial) => trial.findings);
  const availability = availabilityIn(trials);
  return [
    { heading: `${outcome.toUpperCase()}: ${scenario}` },
    { text: verdictSentence(result, timeline) },
    ...leftBehind(result),
    ...(verdicts.length === 0
      ? []
      : [
          {
            table: [
              ['claim', 'limit', 'measured', 'predicted', 'outcome'],
              ...verdicts.map((verdict) => [
                verdict.claim,
                sayLimit(verdict),
                sayMeasured(verdict),
                sayPredicted(verdict.claim, predicted),
                verdict.outcome,
              ]),
            ],
          },
        ]),
    {
      items: [
        ...verdicts
          .filter((verdict) => verdict.outcome !== 'pass')
          .map(({ claim, because }) => `${claim}: ${because}`),
        ...findings.map((finding) => `finding: ${finding}`),
      ],
    },
    ...(availability === undefined ? [] : [{ text: sayAvailability(availability) }]),
    { text: sayWhere(result) },
  ];
}
