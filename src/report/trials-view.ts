import { formatMinutes } from '../model/minutes.ts';
import type { Event } from '../model/timeline.ts';
import { bar } from './bar.ts';
import { sayMeasured } from './figures.ts';
import { liveStream } from './live-stream.ts';
import type { TerminalView } from './live-terminal.ts';
import { colorsFor, eventLine, liveLine } from './terminal.ts';
import { cut } from './width.ts';

/** How far a campaign is. */
export interface HowFar {
  readonly done: number;
  readonly all: number;
  /** Milliseconds; of what is left, as it looked when this was said. */
  readonly leftMs: number;
}

/** The view of many trials on a stream: a few lines each, and on a terminal a bar with the time left. */
export interface TrialsView {
  readonly say: (text: string, howFar?: HowFar) => void;
  /** The view of the trial that is run now. */
  readonly trial: TerminalView;
  readonly close: () => void;
}

/**
 * Shows a campaign. Of a trial only what went wrong and what it measured is told; all of it is in its folder.
 * @param now milliseconds that only grow
 */
export function trialsView(
  stream: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
  now: () => number = () => performance.now(),
): TrialsView {
  const colors = colorsFor(stream, env);
  const { print, show, clear } = liveStream(stream);
  let far: HowFar & { readonly at: number } = { done: 0, all: 0, leftMs: 0, at: now() };
  const sayFar = (): string => {
    const share = far.all === 0 ? 0 : far.done / far.all;
    const leftMs = Math.max(0, far.leftMs - (now() - far.at));
    return `${bar(share)} ${far.done} of ${far.all} · ${formatMinutes(leftMs)} left`;
  };
  return {
    say: (text, howFar) => {
      if (howFar !== undefined) far = { ...howFar, at: now() };
      print(`${howFar === undefined ? '' : `${colors.dim(sayFar())}  `}${text}\n`);
    },
    trial: {
      begin: () => undefined,
      event: (event) => {
        const line = isTold(event) ? eventLine(event, colors) : undefined;
        if (line !== undefined) print(`${line}\n`);
      },
      live: (state) => {
        const columns = stream.columns || 80;
        show(cut(`${sayFar()} · ${liveLine(state, columns).trim()}`, columns - 1));
      },
      close: ({ trials }) => {
        clear();
        const measured = trials
          .flatMap(({ verdicts }) => verdicts)
          .map((verdict) => `${verdict.claim} ${sayMeasured(verdict)} ${verdict.outcome}`);
        for (const line of measured) print(`    ${colors.dim(line)}\n`);
      },
    },
    close: clear,
  };
}

function isTold(event: Event): boolean {
  if (event.type === 'note') return event.level !== 'info';
  return event.type === 'fault' && ['fired', 'missed', 'residue'].includes(event.state);
}
