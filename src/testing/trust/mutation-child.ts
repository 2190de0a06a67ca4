/**
 * A process that holds the tests and the code with the mutants in it, both loaded once, and runs some of the tests again
 * and again, each time with another mutant switched on. It talks to its parent by messages; see `mutation-runner.ts`.
 */
import fc from 'fast-check';
import type Mocha from 'mocha';

/** What Stryker's switches look at. */
interface Switches {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  /** So often the active mutant was met, and how often it may be, so that most endless loops end. */
  hitCount?: number | undefined;
  hitLimit?: number | undefined;
  mutantCoverage?: {
    readonly static: Record<string, number>;
    readonly perTest: Record<string, Record<string, number>>;
  };
}

export type Order =
  | {
      readonly what: 'load';
      readonly files: readonly string[];
      /** A mutant that is active from the first line on: one in what is done only once, when a module is loaded. */
      readonly mutant?: string;
    }
  | {
      readonly what: 'run';
      /** In what order, by their names; all of them without. */
      readonly tests?: readonly string[];
      readonly mutant?: string;
      readonly hitLimit?: number;
    };

export type Answer =
  | { readonly what: 'loaded'; readonly tests: readonly string[] }
  | {
      readonly what: 'ran';
      /** The first test that failed, if one did; no other was run after it. */
      readonly failed?: string;
      readonly because?: string;
      /** Milliseconds of processor time, by test: what else a machine does must not decide which tests look on. */
      readonly took: Readonly<Record<string, number>>;
      /** Of a run without a mutant, how often each was met: in no test, and in each. */
      readonly coverage: NonNullable<Switches['mutantCoverage']>;
    }
  | { readonly what: 'broken'; readonly because: string }
  /** No answer yet: a test of the run has begun. */
  | { readonly what: 'began'; readonly test: string };

// Each file remembers the object that counts: it must stay the same one.
const coverage: NonNullable<Switches['mutantCoverage']> = { static: {}, perTest: {} };
const switches: Switches = { mutantCoverage: coverage };
(globalThis as { __stryker__?: Switches }).__stryker__ = switches;

// Shrinking a counterexample tells nothing here, and what one run finds the next must find, too.
fc.configureGlobal({ seed: 1, endOnFailure: true });

const { default: Mocha_ } = await import('mocha');
let mocha: Mocha | undefined;
/** A reporter that says nothing. */
function Silent(): void {
  return undefined;
}

/** All tests of each suite, as they were loaded: a run is given a part of them. */
const loaded = new Map<Mocha.Suite, readonly Mocha.Test[]>();
const suites = new Map<Mocha.Suite, readonly Mocha.Suite[]>();

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send?.(answer),
    (error: unknown) => process.send?.({ what: 'broken', because: String(error) } satisfies Answer),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ what: 'loaded', tests: [] } satisfies Answer);

async function obey(order: Order): Promise<Answer> {
  switches.activeMutant = order.mutant;
  if (order.what === 'run') return run(order);
  // Suites take over, as they are made, that the first failure ends a run.
  mocha = new Mocha_({
    bail: true,
    timeout: 0,
    reporter: Silent as unknown as Mocha.ReporterConstructor,
  });
  mocha.cleanReferencesAfterRun(false);
  for (const file of order.files) mocha.addFile(file);
  await mocha.loadFilesAsync();
  remember(mocha.suite);
  return { what: 'loaded', tests: [...loaded.values()].flat().map(nameOf) };
}

function remember(suite: Mocha.Suite): void {
  loaded.set(suite, suite.tests);
  // A test's own limit is of wall time: on a busy machine it would call a mutant noticed.
  for (const test of suite.tests) test.timeout(0);
  suites.set(suite, suite.suites);
  for (const one of suite.suites) remember(one);
}

/** A test's name: the same in every process. */
function nameOf(test: Mocha.Test): string {
  return `${test.file?.replace(/^.*\/src\//, 'src/') ?? ''}: ${test.fullTitle()}`;
}

async function run({ tests, mutant, hitLimit }: Extract<Order, { what: 'run' }>): Promise<Answer> {
  const held = mocha;
  if (held === undefined) throw new Error('nothing was loaded');
  choose(held.suite, tests && new Map(tests.map((name, index) => [name, index])));
  switches.hitCount = hitLimit === undefined ? undefined : 0;
  switches.hitLimit = hitLimit;
  const took: Record<string, number> = {};
  let before = process.cpuUsage();
  let failed: string | undefined;
  let because: string | undefined;
  await new Promise<void>((resolve) => {
    held
      .run(() => resolve())
      .on('test', (test) => {
        switches.currentTestId = nameOf(test);
        process.send?.({ what: 'began', test: nameOf(test) } satisfies Answer);
        before = process.cpuUsage();
      })
      .on('test end', (test) => {
        const { user, system } = process.cpuUsage(before);
        took[nameOf(test)] = (user + system) / 1000;
        switches.currentTestId = undefined;
      })
      .on('fail', (test, error: unknown) => {
        failed ??= nameOf(test);
        because ??= error instanceof Error ? error.message.split('\n')[0] : String(error);
      });
  });
  switches.activeMutant = undefined;
  return {
    what: 'ran',
    ...(failed !== undefined && { failed }),
    ...(because !== undefined && { because }),
    took,
    coverage: mutant === undefined ? coverage : { static: {}, perTest: {} },
  };
}

/** Leaves only some tests in a suite, and those in their order. @returns the place of its first one */
function choose(suite: Mocha.Suite, wanted: ReadonlyMap<string, number> | undefined): number {
  const place = (test: Mocha.Test): number =>
    wanted === undefined ? 0 : (wanted.get(nameOf(test)) ?? Infinity);
  suite.tests = (loaded.get(suite) ?? []).filter((test) => place(test) < Infinity);
  suite.tests.sort((a, b) => place(a) - place(b));
  const inner = (suites.get(suite) ?? [])
    .map((one) => ({ one, first: choose(one, wanted) }))
    .filter(({ first }) => first < Infinity)
    .sort((a, b) => a.first - b.first);
  suite.suites = inner.map(({ one }) => one);
  const [test] = suite.tests;
  return Math.min(test === undefined ? Infinity : place(test), inner[0]?.first ?? Infinity);
}
