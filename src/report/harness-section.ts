import type { HarnessSummary, Result } from '../model/result.ts';
import type { TrialRun } from '../model/campaign-result.ts';
import { countOf } from '../model/countof.ts';
import { none } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import { reportOf } from './scenario-told.ts';
import { section, verdictBadge } from './sections.ts';
import { sayShare } from './sentence.ts';

/** Beyond these the harness says of itself that it was too slow to see. */
const missedLimit = 0.05;
const loopDelayLimitMs = 250;

/** Where each figure is from, if from one of several runs. */
type Where = (pick: (harness: HarnessSummary) => number) => Markup | undefined;

/** How well this machine kept up, against the limits beyond which a run is invalid. */
export function harnessSection({ harness }: Pick<Result, 'harness'>): Markup {
  if (harness === undefined)
    return section('harness', 'Harness self-check', markup`<p>Nothing was sampled.</p>`);
  const table = tableOf(harness, () => undefined);
  return section('harness', 'Harness self-check', table);
}

/** The same of many runs: the worst of each figure, and in which run it was. */
export function worstHarnessSection(runs: readonly TrialRun[]): Markup {
  const sampled = runs.flatMap(({ run, harness }) => (harness ? [{ run, harness }] : []));
  const worst = (pick: (harness: HarnessSummary) => number): (typeof sampled)[number] | undefined =>
    sampled.toSorted((a, b) => pick(b.harness) - pick(a.harness))[0];
  const missed = worst(missedShare)?.harness;
  if (missed === undefined)
    return section(
      'harness',
      'Harness self-check',
      markup`<p>No run has told how this machine kept up.</p>`,
    );
  const of = (pick: (harness: HarnessSummary) => number): number =>
    Math.max(...sampled.map(({ harness }) => pick(harness)));
  const { slots, missedSlots } = missed;
  const figures: HarnessSummary = {
    slots,
    missedSlots,
    loopDelayP99Ms: of(({ loopDelayP99Ms }) => loopDelayP99Ms),
    cpuPercent: of(({ cpuPercent }) => cpuPercent),
    rssBytes: of(({ rssBytes }) => rssBytes),
    ...(sampled.some(({ harness }) => harness.lateP99Ms !== undefined) && {
      lateP99Ms: of(({ lateP99Ms }) => lateP99Ms ?? 0),
    }),
  };
  const table = tableOf(figures, (pick) => {
    const run = worst(pick)?.run;
    return run === undefined ? undefined : markup`<a href="${reportOf(run)}">${run}</a>`;
  });
  return section(
    'harness',
    'Harness self-check',
    markup`<p class="soft">The worst of ${countOf(sampled.length, 'run')}, figure by figure.</p>${table}`,
  );
}

function missedShare({ missedSlots, slots }: HarnessSummary): number {
  return slots === 0 ? 0 : missedSlots / slots;
}

function tableOf(harness: HarnessSummary, where: Where): Markup {
  const { slots, missedSlots, loopDelayP99Ms, lateP99Ms, cpuPercent, rssBytes } = harness;
  const isNamed = where(missedShare) !== undefined;
  const row = (
    name: string,
    figure: string,
    pick: (harness: HarnessSummary) => number,
    limit?: { readonly says: string; readonly isKept: boolean },
  ): Markup =>
    markup`<tr><th scope="row">${name}</th><td class="figure">${figure}</td><td class="figure">${limit?.says ?? none}</td><td>${limit && verdictBadge(limit.isKept ? 'pass' : 'invalid')}</td>${isNamed && markup`<td>${where(pick)}</td>`}</tr>`;
  const rows = [
    row(
      'slots missed',
      `${missedSlots} of ${slots} (${sayShare(missedSlots, slots)})`,
      missedShare,
      {
        says: `≤ ${missedLimit * 100} %`,
        isKept: missedSlots <= missedLimit * slots,
      },
    ),
    row('event loop delay, p99', `${loopDelayP99Ms.toFixed(1)} ms`, (one) => one.loopDelayP99Ms, {
      says: `≤ ${loopDelayLimitMs} ms`,
      isKept: loopDelayP99Ms <= loopDelayLimitMs,
    }),
    ...(lateP99Ms === undefined
      ? []
      : [row('samples left late, p99', `${lateP99Ms.toFixed(1)} ms`, (one) => one.lateP99Ms ?? 0)]),
    row('processor', `${cpuPercent.toFixed(0)} % of a core`, (one) => one.cpuPercent),
    row('memory', `${(rssBytes / 1e6).toFixed(0)} MB`, (one) => one.rssBytes),
  ];
  return markup`<div class="scroll"><table><thead><tr><th scope="col">what</th><th scope="col">measured</th><th scope="col">limit</th><th scope="col">outcome</th>${isNamed && markup`<th scope="col">in</th>`}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
