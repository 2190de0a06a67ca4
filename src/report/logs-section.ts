import type { NodeLog } from '../model/node-log.ts';
import type { Timeline } from '../model/timeline.ts';
import { wallOf } from '../model/wall.ts';
import { excerptsOf, shown, type LogExcerpt } from './log-lines.ts';
import { markup, type Markup } from './markup.ts';
import { section } from './sections.ts';
import { faultsOf, type FaultStory } from './story.ts';

/** Lines of one log around one fault, and of all logs around all faults: more would make the page open slowly. */
const mostOfOne = 60;
const mostOfAll = 3000;

/** What the services of the nodes said around each fault; undefined where no log was fetched or nothing was fired. */
export function logsSection(timeline: Timeline, logs: readonly NodeLog[]): Markup | undefined {
  const fired = faultsOf(timeline).filter(({ fired }) => fired !== undefined);
  if (logs.length === 0 || fired.length === 0) return undefined;
  const limit = Math.min(mostOfOne, Math.ceil(mostOfAll / (fired.length * logs.length)));
  return section(
    'logs',
    'Node logs around each fault',
    markup`<p class="soft">From ${shown.beforeMs / 1000} s before to ${shown.afterMs / 1000} s after each fault, by each node’s own clock, which may be off. Lines that differ in nothing but numbers are shown once, where the first of them is. All of it is in <code>logs/</code>.</p>${fired.map((fault) => around(fault, timeline, logs, limit))}`,
  );
}

function around(
  { step, intent, fired }: FaultStory,
  timeline: Timeline,
  logs: readonly NodeLog[],
  limit: number,
): Markup {
  const wallMs = wallOf(fired?.lo ?? 0, timeline);
  const all = wallMs === undefined ? [] : excerptsOf(logs, wallMs, limit);
  const silent = all.filter(({ lines }) => lines.length === 0).map(nameOf);
  const told = all.filter(({ lines }) => lines.length > 0);
  const title = markup`<h3>${intent?.says ?? step}</h3>`;
  const rest =
    silent.length > 0 && markup`<p class="soft">Said nothing then: ${silent.join(', ')}.</p>`;
  return markup`${title}${told.map(excerpt)}${rest}`;
}

function nameOf({ node, service }: LogExcerpt): string {
  return `${node} ${service}`;
}

function excerpt(log: LogExcerpt): Markup {
  const { lines, left } = log;
  const count = left + lines.reduce((sum, { times }) => sum + times, 0);
  const text = lines.map(
    ({ afterMs, text, times, lastMs }) =>
      `${sayAfter(afterMs)}  ${text}${times > 1 ? `  (${times} such, the last ${sayAfter(lastMs).trim()})` : ''}`,
  );
  if (left > 0) text.push(`… and ${left} more`);
  return markup`<details class="log"><summary>${nameOf(log)} <span class="soft">${count} ${count === 1 ? 'line' : 'lines'}, the first at ${sayAfter(lines[0]?.afterMs ?? 0).trim()}</span></summary><pre>${text.join('\n')}</pre></details>`;
}

/** `+1.234 s`, as wide as most others. */
function sayAfter(ms: number): string {
  const sign = ms < 0 ? '−' : '+';
  return `${sign}${(Math.abs(ms) / 1000).toFixed(3)} s`.padStart(9);
}
