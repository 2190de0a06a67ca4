import type { Timeline } from '../model/timeline.ts';
import type { LaneGroup } from './lanes.ts';
import { markup, type Markup } from './markup.ts';
import { faultsOf } from './story.ts';

/** Rows beyond this many are counted, not shown: the drawing and timeline.jsonl have them all. */
const rowLimit = 300;

/** What the drawing shows beside the usual, as a table for those who cannot see it and those who search. */
export function seenTable(groups: readonly LaneGroup[], timeline: Timeline): Markup {
  const fired = faultsOf(timeline).find(({ fired }) => fired !== undefined)?.fired;
  const rows = groups
    .flatMap(({ title, lanes }) =>
      lanes.flatMap(({ stretches }) =>
        stretches.filter(({ notable }) => notable).map((stretch) => ({ title, stretch })),
      ),
    )
    .sort((a, b) => a.stretch.from - b.stretch.from);
  const rest = rows.length - rowLimit;
  return markup`<details><summary>The same as a table: ${rows.length} things out of the usual</summary>
<div class="scroll"><table><thead><tr><th scope="col">at</th><th scope="col">after the fault</th><th scope="col">for</th><th scope="col">what</th><th scope="col">seen in</th></tr></thead><tbody>
${rows
  .slice(0, rowLimit)
  .map(
    ({ title, stretch: { from, to, says } }) =>
      markup`<tr><td class="figure">${seconds(from)}</td><td class="figure">${fired ? seconds(from - fired.lo) : '–'}</td><td class="figure">${seconds(to - from)}</td><td>${says}</td><td class="soft">${title}</td></tr>`,
  )}</tbody></table></div>${rest > 0 && markup`<p class="soft">and ${rest} more, in timeline.jsonl</p>`}</details>`;
}

function seconds(ms: number): string {
  return `${ms < 0 ? '−' : ''}${(Math.abs(ms) / 1000).toFixed(2)} s`;
}
