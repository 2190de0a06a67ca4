import type { Result } from '../model/result.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import { closingTable } from './closing-table.ts';
import { liveStream } from './live-stream.ts';
import { colorsFor, eventLine, liveLine, type LiveState } from './terminal.ts';

/** The view of a run on a stream: event lines above, and on a terminal one live line below them. */
export interface TerminalView {
  /** What is run, before it begins. */
  readonly begin: (text: string) => void;
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
  const { print, show, clear } = liveStream(stream);
  return {
    begin: (text) => print(`${text}\n`),
    event: (event) => {
      const line = eventLine(event, colors);
      if (line !== undefined) print(`${line}\n`);
    },
    live: (state) => {
      show(liveLine(state, stream.columns || 80));
    },
    close: (result, timeline, folder) => {
      clear();
      const columns = stream.columns || 100;
      const where = folder === undefined ? {} : { folder };
      print(closingTable(result, timeline, { colors, columns, ...where }));
    },
  };
}
