/** What became of mutants, on disk as it is found out: judging thousands takes hours, and goes on where it ended. */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Mutant } from './mutants.ts';
import type { Judged } from './mutate.ts';

type Fate = Pick<Judged, 'fate' | 'by'>;

const root = new URL('../../../', import.meta.url).pathname;

/** Those of the same code and the same tests, whichever of the files were asked for. */
export class Fates {
  readonly #file: string;
  readonly #found = new Map<string, Fate>();

  /** @param files of code and tests, relative to the root: where one has changed, all is judged anew */
  constructor(files: readonly string[]) {
    const hash = createHash('sha256');
    for (const file of [...files].sort())
      hash.update(`${file}\n`).update(readFileSync(join(root, file)));
    this.#file = join(root, `coverage/mutation-${hash.digest('hex').slice(0, 16)}.jsonl`);
    mkdirSync(dirname(this.#file), { recursive: true });
    if (!existsSync(this.#file)) return;
    const lines = readFileSync(this.#file, 'utf8').split('\n').slice(0, -1);
    // The last line of a run that was killed may be half a line.
    writeFileSync(this.#file, lines.map((line) => `${line}\n`).join(''));
    for (const line of lines) {
      const { key, fate, by } = JSON.parse(line) as Fate & { readonly key: string };
      this.#found.set(key, { fate, by });
    }
  }

  of(mutant: Mutant): Fate | undefined {
    return this.#found.get(keyOf(mutant));
  }

  add(mutant: Mutant, { fate, by }: Fate): void {
    this.#found.set(keyOf(mutant), { fate, by });
    appendFileSync(this.#file, `${JSON.stringify({ key: keyOf(mutant), fate, by })}\n`);
  }
}

/** An id is of one instrumentation of certain files. */
function keyOf({ file, line, column, kind, replacement }: Mutant): string {
  return `${file}:${line}:${column} ${kind} ${replacement}`;
}
