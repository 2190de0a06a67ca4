/** Runs tests against mutants, in a process that is ended when a mutant makes it hang. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answer, Order } from './mutation-child.ts';

/** What became of a run: an answer, or none within its time. */
export type Ran = Extract<Answer, { what: 'ran' | 'broken' }> | { readonly what: 'hung' };

/** How long there may be no word after a test has begun, or before the first; milliseconds. */
export type Patience = (test: string | undefined) => number;

type Final = Exclude<Answer, { what: 'began' }>;

const child = fileURLToPath(new URL('./mutation-child.ts', import.meta.url));

/** Until a process has loaded all tests; milliseconds. */
const loadMs = 120_000;

/** A process with tests in it, of which there is another when one hung. */
export class MutationRunner {
  readonly #folder: string;
  readonly #files: readonly string[];
  #process: ChildProcess | undefined;
  #names: readonly string[] = [];

  /**
   * @param folder that of the copy with mutants in it
   * @param files of tests, below it
   */
  constructor(folder: string, files: readonly string[]) {
    this.#folder = folder;
    this.#files = files;
  }

  /**
   * Runs tests until one fails.
   * @param patience no word in so long, and it hangs
   */
  async run(
    order: Omit<Extract<Order, { what: 'run' }>, 'what'>,
    patience: Patience,
  ): Promise<Ran> {
    this.#process ??= await this.#started();
    const answer = await this.#ask(this.#process, { what: 'run', ...order }, patience);
    if (answer === 'hung') return { what: 'hung' };
    if (answer.what === 'loaded') throw new Error('a run was answered by a loading');
    return answer;
  }

  /**
   * The same in a process of its own, in which the mutant was there already when the code was loaded. The one that has
   * all loaded without it goes on.
   */
  async runFromTheStart(
    mutant: string,
    tests: readonly string[],
    patience: Patience,
  ): Promise<Ran> {
    const own = new MutationRunner(this.#folder, this.#files);
    try {
      own.#process = await own.#started(mutant);
    } catch (error) {
      return { what: 'broken', because: String(error) };
    }
    const ran = await own.run({ mutant, tests }, patience);
    await own.close();
    return ran;
  }

  /** The names of all tests. @throws Error if they cannot be loaded */
  async names(): Promise<readonly string[]> {
    this.#process ??= await this.#started();
    return this.#names;
  }

  async close(): Promise<void> {
    const running = this.#process;
    this.#process = undefined;
    if (running === undefined || hasEnded(running)) return;
    running.kill('SIGKILL');
    await once(running, 'exit');
  }

  async #started(mutant?: string): Promise<ChildProcess> {
    const started = fork(child, [], {
      cwd: this.#folder,
      execArgv: ['--import', 'tsx', '--enable-source-maps'],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#process = started;
    await once(started, 'message');
    const load = {
      what: 'load',
      files: this.#files,
      ...(mutant !== undefined && { mutant }),
    } as const;
    const answer = await this.#ask(started, load, () => loadMs);
    if (answer === 'hung' || answer.what === 'broken') {
      await this.close();
      throw new Error(answer === 'hung' ? 'the tests did not load' : answer.because);
    }
    if (answer.what === 'loaded') this.#names = answer.tests;
    return started;
  }

  async #ask(process: ChildProcess, order: Order, patience: Patience): Promise<Final | 'hung'> {
    const answer = await new Promise<Final | 'hung'>((resolve) => {
      const settle = (settled: Final | 'hung'): void => {
        clearTimeout(timer);
        process.off('message', answered).off('exit', ended);
        resolve(settled);
      };
      const answered = (message: unknown): void => {
        const said = message as Answer;
        if (said.what !== 'began') {
          settle(said);
          return;
        }
        clearTimeout(timer);
        timer = setTimeout(() => settle('hung'), patience(said.test));
      };
      const ended = (): void => settle({ what: 'broken', because: 'the process ended' });
      let timer = setTimeout(() => settle('hung'), patience(undefined));
      process.on('message', answered).on('exit', ended);
      process.send(order);
    });
    if (answer === 'hung') await this.close();
    else if (hasEnded(process)) this.#process = undefined;
    return answer;
  }
}

/** By itself, or by a signal: so it ends where a mutant asks for more memory than there may be. */
function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}
