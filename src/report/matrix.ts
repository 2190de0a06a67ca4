import type { Outcome } from '../model/outcome.ts';
import type { Prediction } from '../model/plan.ts';
import type { Concluded } from '../model/result.ts';
import type { ClaimOutcome } from '../model/verdict.ts';
import { markup, type Markup } from './markup.ts';
import { section, verdictBadge } from './sections.ts';

/** What failed, and what was expected of that: the rows of the failure matrix that tell of the same faults. */
export interface MatrixGroup {
  /** What was to fail, in words. */
  readonly failure: Markup;
  /** What was done and proved. */
  readonly induced: Markup;
  readonly rows: readonly MatrixRow[];
}

export interface MatrixRow {
  readonly expected: Markup;
  readonly observed: Markup;
  readonly result: Outcome | ClaimOutcome;
  /** What is to be known of the result: that it is tolerated. */
  readonly note?: string;
}

/** The failure matrix: what was to fail, what was expected, what was done, what was seen, and what comes of it. */
export function matrixSection(
  groups: readonly MatrixGroup[],
  { reason, predicted }: Pick<Concluded, 'reason'> & { readonly predicted: readonly Prediction[] },
): Markup {
  const bodies = groups.filter(({ rows }) => rows.length > 0).map(bodyOf);
  if (bodies.length === 0)
    return section('matrix', 'Failure matrix', markup`<p>No claim was judged: ${reason}.</p>`);
  return section(
    'matrix',
    'Failure matrix',
    markup`<div class="scroll"><table class="matrix"><thead><tr><th scope="col">failure</th><th scope="col">expected</th><th scope="col">induced</th><th scope="col">observed</th><th scope="col">result</th></tr></thead>${bodies}</table></div>${predictionsOf(predicted)}`,
  );
}

function bodyOf({ failure, induced, rows }: MatrixGroup): Markup {
  const height = rows.length;
  return markup`<tbody>${rows.map(({ expected, observed, result, note }, index) => {
    const isFirst = index === 0;
    return markup`<tr>${isFirst && markup`<th scope="rowgroup" rowspan="${height}" data-label="failure">${failure}</th>`}<td data-label="expected">${expected}</td>${isFirst && markup`<td rowspan="${height}" data-label="induced">${induced}</td>`}<td data-label="observed">${observed}</td><td data-label="result">${verdictBadge(result)}${note !== undefined && markup`<br><span class="soft beside">${note}</span>`}</td></tr>`;
  })}</tbody>`;
}

function predictionsOf(predicted: readonly Prediction[]): Markup | false {
  if (predicted.length === 0) return false;
  const rows = predicted.map(
    ({ claim, from }) => markup`<dt><code>${claim}</code></dt><dd>${from}</dd>`,
  );
  return markup`<details><summary>Where the predictions come from</summary><dl>${rows}</dl></details>`;
}
