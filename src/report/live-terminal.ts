import { clearLine, cursorTo } from 'node:readline';
import type { Result } from '../model/result.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import { closingTable } from './closing-table.ts';
import { colorsFor, eventLine, liveLine, type LiveState } from './terminal.ts';

/** The view of a run on a stream: event lines above, and on a terminal one live line below them. */
export interface TerminalView {
  readonly event: (event: Event) => void;
  /** Rewrites the live line; does nothing where there is no terminal. */
  readonly live: (state: LiveState) => void;
  /** Takes the live line away and prints the closing table. */
  readonly close: (result: Result, timeline: Timeline | undefined, folder?: string) => void;
}

/** Shows a run on a stream, such as standard error; without a terminal it gets plain lines only. */
export function terminalView(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): TerminalView {
  const colors = colorsFor(stream, env);
  let shown = '';
  const show = (line: string): void => {
    if (!stream.isTTY) return;
    clearLine(stream, 0);
    cursorTo(stream, 0);
    stream.write(line);
    shown = line;
  };
  const print = (text: string): void => {
    const kept = shown;
    if (kept !== '') show('');
    stream.write(text);
    if (kept !== '') show(kept);
  };
  return {
    event: (event) => {
      const line = eventLine(event, colors);
      if (line !== undefined) print(`${line}\n`);
    },
    live: (state) => {
      show(liveLine(state, stream.columns || 80));
    },
    close: (result, timeline, folder) => {
      if (shown !== '') show('');
      const columns = stream.columns || 100;
      const where = folder === undefined ? {} : { folder };
      print(closingTable(result, timeline, { colors, columns, ...where }));
    },
  };
}
