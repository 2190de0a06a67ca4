/** Plants mutants: a copy of the source in which each can be switched on at run time, one at a time. */
import {
  cpSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Instrumenter } from '@stryker-mutator/instrumenter';

/** One small fault in the code. */
export interface Mutant {
  readonly id: string;
  /** Relative to the root: `src/model/span.ts`. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** The kind of change, such as `EqualityOperator`. */
  readonly kind: string;
  /** What is there, and what is put in its place. */
  readonly original: string;
  readonly replacement: string;
  /** The source line it begins in, without its indentation. */
  readonly within: string;
}

/** A copy of the project with the mutants in it; nothing of it is active. */
export interface Planted {
  /** Folder of the copy. */
  readonly folder: string;
  readonly mutants: readonly Mutant[];
  /** Mutants that were left out, as they change only what a sentence says. */
  readonly sentences: number;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

const quiet = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => true,
  isErrorEnabled: () => true,
  isFatalEnabled: () => true,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: console.warn,
  error: console.error,
  fatal: console.error,
};

/**
 * The files that are or lie below some paths, without tests and their helpers.
 * @param paths relative to the root, such as `src/model` or `src/plan/guards.ts`
 */
export function sourcesIn(paths: readonly string[]): readonly string[] {
  return filesIn(paths).filter((file) => !file.endsWith('.test.ts') && !file.includes('/testing/'));
}

/** The tests that are or lie below some paths, without those that need the lab. */
export function testsIn(paths: readonly string[]): readonly string[] {
  return filesIn(paths).filter(
    (file) => file.endsWith('.test.ts') && !file.endsWith('.lab.test.ts'),
  );
}

function filesIn(paths: readonly string[]): readonly string[] {
  return paths
    .flatMap((path) =>
      path.endsWith('.ts')
        ? [path]
        : readdirSync(join(root, path), { recursive: true, encoding: 'utf8' }).map(
            (name) => `${path}/${name}`,
          ),
    )
    .filter((file) => file.endsWith('.ts'))
    .sort();
}

/**
 * Copies the project into a folder for temporary files, with mutants in some of its files.
 * @param files relative to the root
 */
export async function plant(files: readonly string[]): Promise<Planted> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-mutants-'));
  for (const name of readdirSync(root)) {
    if (name === 'src') cpSync(join(root, name), join(folder, name), { recursive: true });
    else if (!name.startsWith('.git')) symlinkSync(join(root, name), join(folder, name));
  }
  const contents = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));
  const made = await new Instrumenter(quiet).instrument(
    [...contents].map(([name, content]) => ({ name, content, mutate: true })),
    { plugins: null, excludedMutations: [], ignorers: [] },
  );
  for (const { name, content } of made.files) writeFileSync(join(folder, name), content);
  rememberTimelines(folder);
  const all = made.mutants.map((one): Mutant => {
    const lines = (contents.get(one.fileName) ?? '').split('\n');
    const { start, end } = one.location;
    const part = lines.slice(start.line, end.line + 1);
    const last = part.length - 1;
    const original = part
      .map((text, i) =>
        text.slice(i === 0 ? start.column : 0, i === last ? end.column : text.length),
      )
      .join('\n');
    return {
      id: one.id,
      file: one.fileName,
      line: start.line + 1,
      column: start.column + 1,
      kind: one.mutatorName,
      original,
      replacement: one.replacement,
      within: (lines[start.line] ?? '').trim(),
    };
  });
  const mutants = all.filter((one) => !isSentence(one));
  return { folder, mutants, sentences: all.length - mutants.length };
}

/**
 * Most of a test's time goes into making the timeline that it judges, which no mutant changes: each is made once. Every
 * test gets an array of its own, as what was found in an array is kept by that array.
 */
function rememberTimelines(folder: string): void {
  const testing = join(folder, 'src/testing');
  renameSync(join(testing, 'timelines.ts'), join(testing, 'timelines-made.ts'));
  writeFileSync(
    join(testing, 'timelines.ts'),
    `import { serialize } from 'node:v8';
import { timelineOf as make } from './timelines-made.ts';
export * from './timelines-made.ts';
const made = new Map();
export function timelineOf(changes = {}) {
  const key = serialize(changes).toString('base64');
  const { plan, events } = made.get(key) ?? make(changes);
  if (made.size < 600) made.set(key, { plan, events });
  return { plan, events: [...events] };
}
`,
  );
}

/** What is said to people: a text with a space in it, or one that is put together. */
function isSentence({ kind, original }: Mutant): boolean {
  return kind === 'StringLiteral' && (/\s/.test(original) || original.startsWith('`'));
}
