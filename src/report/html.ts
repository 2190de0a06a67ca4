import type { NodeLog } from '../model/node-log.ts';
import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { availabilitySection } from './availability-section.ts';
import { clocksSection } from './clocks-section.ts';
import { drawingOf } from './drawing.ts';
import { laneGroups } from './lanes.ts';
import { logsSection } from './logs-section.ts';
import { markup, type Markup } from './markup.ts';
import { matrixSection } from './matrix.ts';
import { pageOf, residueList, sayWall } from './page-shell.ts';
import {
  environmentSection,
  evidenceSection,
  notesSection,
  planSection,
  section,
  stepsSection,
  verdictBadge,
} from './sections.ts';
import { harnessSection } from './harness-section.ts';
import { runMatrix } from './run-matrix.ts';
import { seenTable } from './seen-table.ts';
import { verdictSentence } from './sentence.ts';

/**
 * The report of a run as one self-contained page.
 * @param timeline absent if the run ended before there was a plan; the page then has no drawing and no plan
 * @param logs what the services of the nodes said; empty where none were fetched
 */
export function htmlOf(
  result: Result,
  timeline: Timeline | undefined,
  logs: readonly NodeLog[] = [],
): string {
  const title = timeline?.plan.scenario.title ?? result.scenario;
  const header = markup`<header id="verdict">
<p class="kicker">${title} · ${result.cluster?.name ?? 'no cluster'} · <time datetime="${result.startedAt}">${sayWall(result.startedAt)}</time></p>
<h1>${verdictSentence(result, timeline)}</h1>
<p>${verdictBadge(result.outcome)} <span class="soft">${timeline?.plan.scenario.claim ?? result.reason}</span></p>
${residueList(result)}
</header>`;
  return pageOf({
    title: `${result.outcome}: ${result.scenario}`,
    parts: [
      header,
      matrixSection(runMatrix(result, timeline), result),
      clocksSection(result),
      timeline && timelineSection(timeline),
      timeline && stepsSection(timeline, result),
      timeline && logsSection(timeline, logs),
      availabilitySection(result.trials),
      evidenceSection(result),
      timeline && planSection(timeline.plan),
      environmentSection(result, timeline),
      harnessSection(result),
      timeline && notesSection(timeline),
    ],
    footer: markup`Run ${result.run}, seed ${result.seed}, exit ${result.exitCode}: ${result.reason}. All times are seconds on the run’s own monotonic clock.`,
  });
}

function timelineSection(timeline: Timeline): Markup {
  const groups = laneGroups(timeline);
  return section(
    'timeline',
    'What happened',
    markup`${drawingOf(timeline, groups)}${seenTable(groups, timeline)}`,
  );
}
