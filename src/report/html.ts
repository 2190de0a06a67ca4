import { createHash } from 'node:crypto';
import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { drawingOf } from './drawing.ts';
import { clocksSection } from './clocks-section.ts';
import { laneGroups } from './lanes.ts';
import { markup, trusted, type Markup } from './markup.ts';
import {
  claimsSection,
  environmentSection,
  evidenceSection,
  harnessSection,
  notesSection,
  planSection,
  section,
  stepsSection,
  verdictBadge,
} from './sections.ts';
import { seenTable } from './seen-table.ts';
import { verdictSentence } from './sentence.ts';
import { styleSheet } from './style.ts';
import { zoomScript } from './zoom.ts';

/**
 * The report of a run as one self-contained page: it asks for nothing from any network, and its policy forbids that.
 * @param timeline absent if the run ended before there was a plan; the page then has no drawing and no plan
 */
export function htmlOf(result: Result, timeline: Timeline | undefined): string {
  const sentence = verdictSentence(result, timeline);
  const title = timeline?.plan.scenario.title ?? result.scenario;
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(styleSheet)}; script-src ${hashOf(zoomScript)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${result.outcome}: ${result.scenario} – Holdfast</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
<header id="verdict">
<p class="kicker">${title} · ${result.cluster?.name ?? 'no cluster'} · <time datetime="${result.startedAt}">${sayWall(result.startedAt)}</time></p>
<h1>${sentence}</h1>
<p>${verdictBadge(result.outcome)} <span class="soft">${timeline?.plan.scenario.claim ?? result.reason}</span></p>
${residueOf(result)}
</header>
${claimsSection(result)}
${clocksSection(result)}
${timeline && timelineSection(timeline)}
${timeline && stepsSection(timeline, result)}
${evidenceSection(result)}
${timeline && planSection(timeline.plan)}
${environmentSection(result, timeline)}
${harnessSection(result)}
${timeline && notesSection(timeline)}
<footer>Run ${result.run}, seed ${result.seed}, exit ${result.exitCode}: ${result.reason}. All times are seconds on the run’s own monotonic clock.</footer>
</main>
<script>${trusted(zoomScript)}</script>
</body>
</html>
`.markup;
}

function timelineSection(timeline: Timeline): Markup {
  const groups = laneGroups(timeline);
  return section(
    'timeline',
    'What happened',
    markup`${drawingOf(timeline, groups)}${seenTable(groups, timeline)}`,
  );
}

function residueOf({ residue }: Result): Markup | false {
  if (residue.length === 0) return false;
  return markup`<div id="residue"><h3 class="fail">Left behind, to be put back by hand</h3><ul class="plain">${residue.map((line) => markup`<li><code>${line}</code></li>`)}</ul></div>`;
}

/** The policy allows our own style and script by what they are, and so nothing that got into the page otherwise. */
function hashOf(text: string): Markup {
  return trusted(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}

function sayWall(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
