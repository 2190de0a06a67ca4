import { clearLine, cursorTo } from 'node:readline';

/** Tells a person about long work: each step by its title, and how long it took. */
export interface Progress {
  readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
  readonly say: (text: string) => void;
}

/** A step shorter than this is not worth a line. */
const worthSayingMs = 2000;
const tickMs = 1000;

/** Prints progress on a stream: a line for each step that is long, with running seconds on a terminal. */
export function progressOn(stream: NodeJS.WriteStream): Progress {
  const open = new Map<symbol, { title: string; since: number; said: boolean }>();
  let timer: NodeJS.Timeout | undefined;

  const clear = (): void => {
    if (stream.isTTY) {
      clearLine(stream, 0);
      cursorTo(stream, 0);
    }
  };
  const print = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
  };
  const tick = (): void => {
    const now = performance.now();
    for (const step of open.values()) {
      if (!step.said && now - step.since > worthSayingMs) {
        step.said = true;
        print(`  ${step.title} …`);
      }
    }
    if (stream.isTTY) {
      const running = [...open.values()].filter((step) => step.said);
      clear();
      stream.write(
        running
          .map((step) => `${step.title} ${seconds(now - step.since)}`)
          .join(' · ')
          .slice(0, (stream.columns || 80) - 1),
      );
    }
  };

  return {
    say: print,
    step: async (title, work) => {
      const key = Symbol(title);
      const since = performance.now();
      open.set(key, { title, since, said: false });
      timer ??= setInterval(tick, tickMs);
      let failed = true;
      try {
        const result = await work();
        failed = false;
        return result;
      } finally {
        const took = performance.now() - since;
        open.delete(key);
        if (open.size === 0) {
          clearInterval(timer);
          timer = undefined;
          clear();
        }
        if (failed) print(`  ${title}: not done, after ${seconds(took)}`);
        else if (took > worthSayingMs) print(`  ${title}: ${seconds(took)}`);
      }
    },
  };
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
