import type { GamedayScenario } from '../model/campaign-result.ts';
import type { ClaimStatistics } from '../model/statistics.ts';
import { distributionOf } from './distribution.ts';
import { markup, type Markup } from './markup.ts';
import { pointsOf } from './points.ts';
import { section } from './sections.ts';
import { tableOf } from './table.ts';
import { clockCells, sayPoint } from './trials-table.ts';

/** For each claim of each scenario what its trials measured, drawn, and what they demonstrate, in words. */
export function distributionsSection(scenarios: readonly GamedayScenario[]): Markup | undefined {
  const told = scenarios.filter(({ claims }) => claims.length > 0);
  if (told.length === 0) return undefined;
  const isOne = scenarios.length === 1;
  const all = told.map((one) => {
    const inside = markup`${one.claims.map((claim) => figureOf(claim, one))}${clocksOf(one)}`;
    if (isOne) return inside;
    const isOpen = one.outcome !== 'pass';
    return markup`<details class="scenario"${isOpen && markup` open`}><summary>${one.scenario} <span class="soft">${one.claims.length} claims, ${one.trials.length} of ${one.asked} trials</span></summary>${inside}</details>`;
  });
  return section('distributions', 'What was measured, trial by trial', markup`${legend()}${all}`);
}

function figureOf(claim: ClaimStatistics, one: GamedayScenario): Markup {
  const { summary, autocorrelation, sentence, title } = claim;
  const head = markup`<h3>${title} <code class="soft">${claim.claim}</code></h3>`;
  if (summary === undefined)
    return markup`<div class="distribution">${head}<p>${sentence}</p><p class="soft">It measures no duration.${notDrawn(claim)}</p></div>`;
  const lag =
    autocorrelation === undefined
      ? ''
      : `; lag-1 autocorrelation ${autocorrelation.lag1.toFixed(2)}, ${autocorrelation.significant ? 'more than chance would bring' : 'no more than chance brings'}`;
  const censored = summary.censored === 0 ? '' : `; no end seen: ${summary.censored}`;
  const prediction = one.predicted.find((each) => each.claim === claim.claim);
  return markup`<div class="distribution">${head}<p>${sentence}</p>${distributionOf({ claim, summary, prediction, points: pointsOf(one, claim.claim) })}<p class="soft">Shortest ${sayPoint(summary.min)}, longest of ${summary.n}: ${sayPoint(summary.max)}${censored}${lag}.${notDrawn(claim)}</p></div>`;
}

function notDrawn({ invalid, notApplicable }: ClaimStatistics): string {
  const said = [
    ...(invalid > 0 ? [`${invalid} invalid`] : []),
    ...(notApplicable > 0 ? [`${notApplicable} to which it did not apply`] : []),
  ];
  return said.length === 0 ? '' : ` Not counted: ${said.join(', ')}.`;
}

function clocksOf(one: GamedayScenario): Markup | false {
  if (one.clocks.length === 0) return false;
  return markup`<details><summary>Clocks, which judge nothing</summary>${tableOf(clockCells(one))}</details>`;
}

function legend(): Markup {
  const sample = (drawn: Markup, text: string): Markup =>
    markup`<li><svg class="sample" width="30" height="14" aria-hidden="true">${drawn}</svg>${text}</li>`;
  return markup`<ul class="legend first">${[
    sample(
      markup`<g class="trial pass"><line x1="5" x2="25" y1="7" y2="7" stroke-width="3"/><circle cx="15" cy="7" r="3"/></g>`,
      'held; as wide as it is uncertain',
    ),
    sample(
      markup`<g class="trial fail"><path d="M11.8 3.8L18.2 10.2M11.8 10.2L18.2 3.8"/></g>`,
      'not kept',
    ),
    sample(markup`<g class="trial unknown"><circle cx="15" cy="7" r="3.4"/></g>`, 'not known'),
    sample(
      markup`<g class="unseen"><line x1="3" x2="26" y1="7" y2="7"/><path d="M21 3.5L26 7L21 10.5"/></g>`,
      'no end was seen',
    ),
    sample(
      markup`<g class="quantile"><line class="bound" x1="4" x2="26" y1="7" y2="7"/><line class="end" x1="4" x2="4" y1="3" y2="11"/><line class="end" x1="26" x2="26" y1="3" y2="11"/><circle cx="15" cy="7" r="4"/></g>`,
      'a quantile, and between what it is with 95 % confidence; dashed: so few trials have no such bound',
    ),
    sample(markup`<rect class="predicted" x="4" y="0" width="22" height="14"/>`, 'predicted'),
    sample(markup`<line class="limit" x1="15" x2="15" y1="0" y2="14"/>`, 'limit'),
  ]}</ul>`;
}
