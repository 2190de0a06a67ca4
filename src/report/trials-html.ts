import type { CampaignResult, GamedayResult } from '../model/campaign-result.ts';
import { countOf } from '../model/countof.ts';
import { availabilitySections } from './availability-section.ts';
import { distributionsSection } from './distributions-section.ts';
import { worstHarnessSection } from './harness-section.ts';
import { markup, type Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import { pageOf, residueList, sayWall } from './page-shell.ts';
import { scenariosIn, type TrialsBeside } from './scenario-told.ts';
import { verdictBadge } from './sections.ts';
import { trendSection } from './trend-section.ts';
import { trialsEnvironment } from './trials-environment.ts';
import { trialsMatrix } from './trials-matrix.ts';
import { trialsSection } from './trials-section.ts';
import { trialsSentence } from './trials-sentence.ts';

/** The report of a campaign or a game day as one self-contained page, which links to those of its trials. */
export function trialsHtml(result: CampaignResult | GamedayResult, beside: TrialsBeside): string {
  const scenarios = scenariosIn(result);
  const runs = scenarios.flatMap((one) => one.runs);
  const predicted = scenarios.flatMap((one) => one.predicted);
  const distinct = new Map(predicted.map((one) => [`${one.claim} ${one.from}`, one]));
  const sections: readonly (readonly [string, string, Markup | undefined])[] = [
    [
      'matrix',
      'Failures',
      matrixSection(trialsMatrix(scenarios, beside), {
        reason: result.reason,
        predicted: [...distinct.values()],
      }),
    ],
    ['distributions', 'Durations', distributionsSection(scenarios)],
    ['trials', 'Trials', trialsSection(scenarios)],
    ['trend', 'Trend', trendSection(scenarios, beside)],
    ['environment', 'Environment', trialsEnvironment(result)],
    ['harness', 'Self-check', worstHarnessSection(runs)],
    ['availability', 'Availability', availabilitySections(scenarios)],
  ];
  const there = sections.filter(([, , content]) => content !== undefined);
  return pageOf({
    title: `${result.outcome}: ${result.scenario}`,
    parts: [headerOf(result, beside, there), ...there.map(([, , content]) => content)],
    footer: markup`${result.kind === 'gameday' ? 'Game day' : 'Campaign'} ${result.run}, seed ${result.seed}, exit ${result.exitCode}: ${result.reason}.`,
  });
}

function headerOf(
  result: CampaignResult | GamedayResult,
  { words }: TrialsBeside,
  sections: readonly (readonly [string, string, unknown])[],
): Markup {
  const scenarios = scenariosIn(result);
  const done = scenarios.reduce((sum, { trials }) => sum + trials.length, 0);
  const asked = scenarios.reduce((sum, one) => sum + one.asked, 0);
  const what =
    result.kind === 'gameday'
      ? `Game day ${result.scenario}`
      : (words.get(result.scenario)?.title ?? result.scenario);
  const claim = words.get(result.scenario)?.claim ?? result.reason;
  const links = sections.map(([id, name]) => markup`<li><a href="#${id}">${name}</a></li>`);
  return markup`<header id="verdict">
<p class="kicker">${what} · ${result.cluster?.name ?? 'no cluster'} · ${done} of ${countOf(asked, 'trial')} · <time datetime="${result.startedAt}">${sayWall(result.startedAt)}</time></p>
<h1>${trialsSentence(result)}</h1>
<p>${verdictBadge(result.outcome)} <span class="soft">${claim}</span></p>
${residueList(result)}
<nav aria-label="Sections"><ul>${links}</ul></nav>
</header>`;
}
