import { markup, type Markup } from './markup.ts';
import type { Cells } from './trials-table.ts';

/** Cells as a table; the first cell of each row names it. */
export function tableOf([head = [], ...rows]: Cells): Markup {
  const body = rows.map(
    ([name = '', ...cells]) =>
      markup`<tr><th scope="row">${name}</th>${cells.map((cell) => markup`<td class="figure">${cell}</td>`)}</tr>`,
  );
  return markup`<div class="scroll"><table class="cells"><thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${body}</tbody></table></div>`;
}
