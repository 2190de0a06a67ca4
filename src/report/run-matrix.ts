import { sayDuration, saySeconds } from '../model/span.ts';
import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { none, sayClocks, sayLimit, sayMeasured, sayPredicted } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import type { MatrixGroup, MatrixRow } from './matrix.ts';
import { faultsOf, howMissed, was, type FaultStory } from './story.ts';

/** The failure matrix of one run: its faults against each of its claims. */
export function runMatrix(result: Result, timeline: Timeline | undefined): readonly MatrixGroup[] {
  const verdicts = result.trials.flatMap((trial) => trial.verdicts);
  const faults = timeline === undefined ? [] : faultsOf(timeline);
  const says = faults.map(({ intent, step }) => markup`<li>${intent?.says ?? step}</li>`);
  return [
    {
      failure: says.length > 0 ? markup`<ul class="bare">${says}</ul>` : markup`${result.scenario}`,
      induced: markup`<ul class="bare">${faults.map(inducedOf)}</ul>`,
      rows: verdicts.map((verdict) => rowOf(verdict, result)),
    },
  ];
}

/** When it was fired, whether it is proved to have bitten, and whether it is proved to be gone. */
function inducedOf(fault: FaultStory): Markup {
  const { fired, events } = fault;
  const missed = events.find(({ state }) => state === 'missed')?.because;
  const told = [
    fired === undefined
      ? markup`not fired`
      : markup`fired at <span class="figure">${sayDuration(fired)}</span>`,
    was(fault, 'missed')
      ? markup`<strong class="fail">${howMissed(fault)}: ${missed ?? 'its proof did not say yes'}</strong>`
      : was(fault, 'bit')
        ? markup`proved to have bitten${after(fault)}`
        : markup`<strong class="warn">not proved</strong>`,
    was(fault, 'gone') && !was(fault, 'residue')
      ? markup`proved to be gone`
      : markup`<strong class="fail">not seen to be gone</strong>`,
  ];
  return markup`<li>${told.map((one, index) => markup`${index > 0 && ', '}${one}`)}</li>`;
}

function after({ fired, events }: FaultStory): string {
  const bit = events.find(({ state }) => state === 'bit');
  return fired === undefined || bit === undefined ? '' : ` ${saySeconds(bit.at - fired.lo)} later`;
}

function rowOf(verdict: Verdict, { predicted }: Result): MatrixRow {
  const { title, claim, because, outcome } = verdict;
  const measured = sayMeasured(verdict);
  const beside = sayClocks(verdict);
  return {
    expected: expectedOf(title, claim, sayLimit(verdict), sayPredicted(claim, predicted)),
    observed: markup`${measured !== none && markup`<strong class="figure">${measured}</strong><br>`}${because}${beside !== undefined && markup`<br><span class="soft beside">beside it: ${beside}</span>`}`,
    result: outcome,
  };
}

/** A promise in words, with its limit and what the cluster's own settings predict. */
export function expectedOf(title: string, claim: string, limit: string, predicted: string): Markup {
  const figures = [
    limit !== none && `limit ${limit}`,
    predicted !== none && `predicted ${predicted}`,
  ].filter((one) => one !== false);
  return markup`${title}<br><code class="soft">${claim}</code>${figures.length > 0 && markup` · <span class="soft beside">${figures.join(', ')}</span>`}`;
}
