import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs';

/** What a file of lines holds, and how many of them are none. */
export interface StoredLines {
  readonly values: readonly unknown[];
  /** Lines that were torn when the machine or the process went down while writing them. */
  readonly torn: number;
}

/**
 * Appends a value as one line of JSON and has it on disk before it returns. After a line that was torn it begins a new
 * one, so nothing is ever lost but what was being written.
 */
export function appendLine(file: string, value: unknown): void {
  const open = openSync(file, 'a+');
  try {
    const { size } = fstatSync(open);
    const last = Buffer.alloc(1);
    if (size > 0) readSync(open, last, 0, 1, size - 1);
    const isTorn = size > 0 && last.toString() !== '\n';
    // One write, so that two processes never mix their lines.
    writeSync(open, `${isTorn ? '\n' : ''}${JSON.stringify(value)}\n`);
    fsyncSync(open);
  } finally {
    closeSync(open);
  }
}

/** Reads a file of lines; one that is not there has none. */
export function readLines(file: string): StoredLines {
  if (!existsSync(file)) return { values: [], torn: 0 };
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  const values = lines.flatMap((line) => {
    try {
      return [JSON.parse(line) as unknown];
    } catch {
      return [];
    }
  });
  return { values, torn: lines.length - values.length };
}
