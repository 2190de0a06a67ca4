/** What became of mutants, on disk as it is found out: judging thousands takes hours, and goes on where it ended. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { appendLine, readLines } from '../../campaign/lines.ts';
import type { Mutant } from './mutants.ts';

/**
 * *killed*: a test failed. *timed out*: the tests did not end. *survived*: no test noticed. *equivalent*: none can notice,
 * as `equivalent.ts` says why.
 */
export type Fate = 'killed' | 'timed out' | 'survived' | 'equivalent';

export interface Judged extends Mutant {
  readonly fate: Fate;
  /** The test that failed, or how many looked on. */
  readonly by: string;
}

type Became = Pick<Judged, 'fate' | 'by'>;

interface Found extends Became {
  readonly key: string;
  /** A hash of what it holds for. */
  readonly while: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, 'coverage');
const file = join(folder, 'mutants.jsonl');

/**
 * That a test noticed a mutant holds for as long as neither the mutant's file nor the test's changes; anything else, for
 * as long as nothing of the code and the tests does.
 */
export class Fates {
  readonly #all: string;
  readonly #hashes = new Map<string, string>();
  readonly #found = new Map<string, Found>();

  /** @param files of code and tests, relative to the root */
  constructor(files: readonly string[]) {
    const hash = createHash('sha256');
    for (const one of [...files].sort()) hash.update(`${one}\n${this.#hashOf(one)}\n`);
    this.#all = hash.digest('hex');
    mkdirSync(folder, { recursive: true });
    for (const found of readLines(file).values as readonly Found[])
      this.#found.set(found.key, found);
  }

  of(mutant: Mutant): Became | undefined {
    const found = this.#found.get(this.#keyOf(mutant));
    if (found === undefined) return undefined;
    return found.while === this.#while(found) ? found : undefined;
  }

  add(mutant: Mutant, { fate, by }: Became): void {
    const found = { key: this.#keyOf(mutant), fate, by, while: this.#while({ fate, by }) };
    this.#found.set(found.key, found);
    appendLine(file, found);
  }

  /** An id is of one instrumentation of certain files; this is of the file as it is. */
  #keyOf({ file, line, column, kind, replacement }: Mutant): string {
    return `${file} ${this.#hashOf(file)} ${line}:${column} ${kind} ${replacement}`;
  }

  /** What must not change for it to hold. */
  #while({ fate, by }: Became): string {
    // One that cannot even be loaded is noticed by no test in particular.
    const test = fate === 'killed' ? /^(src\/\S+\.test\.ts): /.exec(by)?.[1] : undefined;
    return test === undefined ? this.#all : this.#hashOf(test);
  }

  #hashOf(file: string): string {
    const known = this.#hashes.get(file);
    if (known !== undefined) return known;
    const path = join(root, file);
    const hash = existsSync(path)
      ? createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16)
      : 'gone';
    this.#hashes.set(file, hash);
    return hash;
  }
}
