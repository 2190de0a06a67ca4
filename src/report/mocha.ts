import { createHash } from 'node:crypto';
import type Mocha from 'mocha';
import type { Line, LineStep, Settled } from '../model/line.ts';

/** What the last line carries in the Allure report: a file, or a text of ours. */
export type Attachment = { readonly name: string; readonly contentType: string } & (
  { readonly path: string } | { readonly content: string }
);

/** By what Allure knows a line again in later runs, wherever and from whichever folder they are run. */
export interface Identity {
  readonly scenario: string;
  /** Its id. */
  readonly cluster: string;
  /** Told of each line and no part of its identity: the run, its seed. */
  readonly parameters: Readonly<Record<string, string>>;
}

export interface ShowOptions {
  /** Of the suite. */
  readonly title: string;
  readonly identity: Identity;
  /** Absolute path of the folder that gets the Allure results; made if it is not there. */
  readonly resultsDir: string;
  /** What the report's page about the environment says. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Asked for once the last line has settled, and attached to it; files that cannot be read are left out. */
  readonly attachments?: () => Promise<readonly Attachment[]>;
}

export interface Shown {
  readonly passed: number;
  readonly failed: number;
  readonly pending: number;
}

/**
 * Shows lines as a mocha suite, one test a line, and leaves Allure results. It only looks on: it prints nothing, sets
 * no exit code, takes no signal, and an error that nobody caught stays one of the process.
 * Loads mocha and Allure when it is called, so that runs without this view do not pay for them.
 */
export async function showLines(
  lines: Iterable<Line> | AsyncIterable<Line>,
  options: ShowOptions,
): Promise<Shown> {
  const { default: MochaRunner } = await import('mocha');
  const { default: AllureReporter } = await import('allure-mocha');
  const mocha = new MochaRunner({
    // Its types describe its CommonJS build; what an import gets is the class itself.
    reporter: AllureReporter as unknown as NonNullable<Mocha.MochaOptions['reporter']>,
    reporterOptions: {
      resultsDir: options.resultsDir,
      environmentInfo: options.environment ?? {},
    },
    timeout: 0,
    retries: 0,
  });
  const suite = MochaRunner.Suite.create(mocha.suite, options.title);
  const tests: Mocha.Test[] = [];
  for await (const line of lines) {
    const test = new MochaRunner.Test(line.title, async function (this: Mocha.Context) {
      await showLine(this, line, options, test === tests.at(-1));
    });
    // The reporter throws inside mocha, which then stands still, if a test has no file.
    suite.file = test.file = line.file;
    suite.addTest(test);
    tests.push(test);
  }
  await runQuietly(mocha);
  const count = (state: string): number => tests.filter((test) => stateOf(test) === state).length;
  return { passed: count('passed'), failed: count('failed'), pending: count('pending') };
}

async function showLine(
  context: Mocha.Context,
  line: Line,
  { identity, attachments }: ShowOptions,
  isLast: boolean,
): Promise<void> {
  const { expect } = await import('chai');
  await identify(line, identity);
  const settled: Settled = await line.settled;
  await tellSteps(line.steps?.() ?? []);
  if (isLast && attachments) await attach(await attachments());
  switch (settled.kind) {
    case 'ok':
      return;
    case 'failed':
      expect.fail(settled.because);
      break;
    case 'broken': {
      const error = new Error(settled.because);
      // Where this view threw it says nothing about the run.
      error.stack = `${error.name}: ${error.message}`;
      throw error;
    }
    case 'skipped': {
      const { description } = await import('allure-js-commons');
      await description(settled.because);
      context.skip();
    }
  }
}

/** Allure pools the runs of one scenario's line on one cluster, and of nothing else. */
async function identify(
  { key, title }: Line,
  { scenario, cluster, parameters }: Identity,
): Promise<void> {
  const { parameter, testCaseId } = await import('allure-js-commons');
  // The generator makes the id of a history of this one and of the parameters that are not excluded.
  await testCaseId(digest([cluster, scenario, key ?? title]));
  for (const [name, value] of Object.entries(parameters))
    await parameter(name, value, { excluded: true });
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

async function tellSteps(steps: readonly LineStep[]): Promise<void> {
  const { logStep, step, Status } = await import('allure-js-commons');
  for (const { title, ok, steps: inner = [] } of steps) {
    if (inner.length === 0) await logStep(title, ok ? Status.PASSED : Status.BROKEN);
    else
      await step(title, async () => {
        await tellSteps(inner);
        if (!ok) throw new NotOk(title);
      }).then(undefined, (error: unknown) => {
        if (!(error instanceof NotOk)) throw error;
      });
  }
}

/** A step that has steps is told as broken by an error, and in no other way. */
class NotOk extends Error {
  // Where this view threw it says nothing about the run.
  override readonly stack = '';
}

async function attach(attachments: readonly Attachment[]): Promise<void> {
  const { readFile } = await import('node:fs/promises');
  const { attachment } = await import('allure-js-commons');
  for (const one of attachments) {
    const content =
      'content' in one ? one.content : await readFile(one.path).catch(() => undefined);
    if (content !== undefined) await attachment(one.name, content, one.contentType);
  }
}

/**
 * Runs mocha without its hold on the process: it would take uncaught errors and unhandled rejections for its own, and
 * a defect of the harness would look like a failed test. Our tests are promises, so it needs neither.
 */
async function runQuietly(mocha: Mocha): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'] as const;
  const before = new Map(events.map((event) => [event, process.listeners(event as 'exit')]));
  await new Promise<void>((resolve) => {
    const runner = mocha.run(() => {
      resolve();
    });
    runner.once('start', () => {
      for (const event of events)
        for (const listener of process.listeners(event as 'exit'))
          if (before.get(event)?.includes(listener) !== true) process.off(event, listener);
    });
  });
  mocha.dispose();
}

function stateOf(test: Mocha.Test): string {
  return test.isPending() ? 'pending' : (test.state ?? 'not run');
}
