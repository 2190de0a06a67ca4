import type { Cells } from './trials-table.ts';
import { pad, width, wrap } from './width.ts';
import type { Colors } from './terminal.ts';

/** One piece of a page of results, which is shown on a terminal and written as Markdown alike. */
export type Block =
  | { readonly heading: string }
  | { readonly text: string }
  | { readonly items: readonly string[] }
  | { readonly table: Cells };

/** A page on a terminal. @param columns of the terminal; tables are not wrapped */
export function pageAsText(blocks: readonly Block[], colors: Colors, columns: number): string {
  const lines = blocks.flatMap((block): readonly string[] => {
    if ('heading' in block) return ['', colors.bold(block.heading)];
    if ('text' in block) return wrap(block.text, columns - 1);
    if ('items' in block)
      return block.items.flatMap((item) =>
        wrap(item, columns - 3).map((line, index) => `${index === 0 ? '- ' : '  '}${line}`),
      );
    return rowsOf(block.table).map((row, index) => (index === 0 ? colors.dim(row) : row));
  });
  return `${lines.join('\n')}\n`;
}

/** A page in GitHub's Markdown, such as the summary of a job. */
export function pageAsMarkdown(blocks: readonly Block[]): string {
  const parts = blocks.filter(isNotEmpty).map((block) => {
    if ('heading' in block) return `## ${escaped(block.heading)}`;
    if ('text' in block) return escaped(block.text);
    if ('items' in block) return block.items.map((item) => `- ${escaped(item)}`).join('\n');
    return markdownTable(block.table);
  });
  return `${parts.join('\n\n')}\n`;
}

function isNotEmpty(block: Block): boolean {
  return !('items' in block) || block.items.length > 0;
}

function rowsOf(cells: Cells): readonly string[] {
  const widths = (cells[0] ?? []).map((_, column) =>
    Math.max(...cells.map((row) => width(row[column] ?? ''))),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function markdownTable([head = [], ...rows]: Cells): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escaped).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** What would be markup; a line end would end a cell. */
function escaped(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\|*_`<>[\]#]/g, '\\$&');
}
