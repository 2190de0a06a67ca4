import { execa, ExecaError } from 'execa';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { allurePage, writeAllureHistory } from './allure-history.ts';

/** The Allure site could not be made; the message says why and what to do. */
export class AllureSiteError extends Error {
  override readonly name = 'AllureSiteError';
}

export interface AllureSiteOptions {
  /** Milliseconds; two minutes if not said, which a Pi needs a quarter of. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const defaultTimeoutMs = 120_000;

/**
 * Makes one self-contained page from the Allure results of a run, a campaign or a game day:
 * `<run>/allure-report/index.html`. It goes on with the history of the page of the one before. It needs Java, and no
 * network; it asks for none.
 * @returns the path of the page
 * @throws AllureSiteError if there are no results, no Java, or the generator fails or takes too long
 */
export async function makeAllureSite(
  runFolder: string,
  { timeoutMs = defaultTimeoutMs, signal, env = process.env }: AllureSiteOptions = {},
): Promise<string> {
  const results = join(runFolder, 'allure-results');
  const site = dirname(allurePage(runFolder));
  await access(results).catch((error: unknown) => {
    throw new AllureSiteError(`no Allure results in ${results}: run the scenario first`, {
      cause: error,
    });
  });
  const from = performance.now();
  const beside = await mkdtemp(join(tmpdir(), 'holdfast-allure-'));
  try {
    await writeAllureHistory(runFolder, beside);
    const args = ['generate', results, beside, '--clean', '--single-file', '-o', site];
    await execa(generator(), args, {
      timeout: timeoutMs,
      env: { ...env, ALLURE_NO_ANALYTICS: 'true' },
      extendEnv: false,
      stdin: 'ignore',
      all: true,
      ...(signal !== undefined && { cancelSignal: signal }),
    });
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    const seconds = ((performance.now() - from) / 1000).toFixed(1);
    throw new AllureSiteError(sayFailure(error, results, seconds), { cause: error });
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
  return allurePage(runFolder);
}

/** The generator's own start script, which becomes Java itself, so that ending it ends Java. */
function generator(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('allure-commandline/package.json')), 'dist/bin/allure');
}

/** What is told of a generator that failed. */
interface Failure {
  readonly all?: unknown;
  readonly timedOut: boolean;
  readonly shortMessage: string;
}

function sayFailure(error: Failure, results: string, seconds: string): string {
  const printed = typeof error.all === 'string' ? error.all.trim() : '';
  if (printed.includes('JAVA_HOME'))
    return `the Allure site needs Java, and there is none (no JAVA_HOME, no java in PATH): install it, on Debian or Ubuntu with "sudo apt-get install -y openjdk-17-jre-headless"; report.html of the run needs none`;
  const how = error.timedOut ? 'took too long and was ended' : error.shortMessage;
  return `making the Allure site from ${results} failed after ${seconds} s: ${how}\n${printed.split('\n').slice(-8).join('\n')}`;
}
