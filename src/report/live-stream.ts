import { clearLine, cursorTo } from 'node:readline';

/** Text on a stream, and on a terminal one line below it that is written again and again. */
export interface LiveStream {
  readonly print: (text: string) => void;
  /** Does nothing where there is no terminal. */
  readonly show: (line: string) => void;
  readonly clear: () => void;
}

/** Writes to a stream such as standard error. */
export function liveStream(stream: NodeJS.WriteStream): LiveStream {
  let shown = '';
  const show = (line: string): void => {
    if (!stream.isTTY) return;
    clearLine(stream, 0);
    cursorTo(stream, 0);
    stream.write(line);
    shown = line;
  };
  const clear = (): void => {
    if (shown !== '') show('');
  };
  return {
    show,
    clear,
    print: (text) => {
      const kept = shown;
      clear();
      stream.write(text);
      if (kept !== '') show(kept);
    },
  };
}
