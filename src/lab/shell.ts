import { execa, ExecaError, type Options } from 'execa';
import { LabError } from './error.ts';

/** How a program may be run: its input, its folder, its environment, and how long it may take. */
export interface ShellOptions {
  readonly input?: string;
  /** A file to be its input. */
  readonly inputFile?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds; two minutes if not said. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** A file that gets all it prints, for long programs. */
  readonly logTo?: string;
}

const defaultTimeoutMs = 120_000;

/**
 * Runs a program to its end and returns what it printed on its standard output, without the last line's end.
 * @throws LabError if it cannot start, ends with another status than 0, or takes too long
 */
export async function run(
  program: string,
  args: readonly string[],
  options: ShellOptions = {},
): Promise<string> {
  const settings: Options = {
    timeout: options.timeoutMs ?? defaultTimeoutMs,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    ...(options.inputFile !== undefined && { stdin: { file: options.inputFile } }),
    ...(options.input !== undefined && { input: options.input }),
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    ...(options.env !== undefined && { env: options.env }),
    ...(options.signal !== undefined && { cancelSignal: options.signal }),
    ...(options.logTo !== undefined && {
      stdout: ['pipe', { file: options.logTo }],
      stderr: ['pipe', { file: options.logTo }],
    }),
  };
  try {
    const { stdout } = await execa(program, args, settings);
    return String(stdout);
  } catch (error) {
    if (!(error instanceof ExecaError)) throw error;
    throw new LabError(sayFailure(error as ExecaError, options.logTo), { cause: error });
  }
}

/** Does the program end with status 0? */
export async function succeeds(
  program: string,
  args: readonly string[],
  options: ShellOptions = {},
): Promise<boolean> {
  try {
    await run(program, args, options);
    return true;
  } catch (error) {
    if (error instanceof LabError) return false;
    throw error;
  }
}

function sayFailure(error: ExecaError, logTo: string | undefined): string {
  const printed = `${String(error.stderr ?? '')}\n${String(error.stdout ?? '')}`.trim();
  const tail = printed.split('\n').slice(-8).join('\n');
  const rest = logTo === undefined ? '' : `\nall it printed: ${logTo}`;
  return `${error.shortMessage} (after ${(error.durationMs / 1000).toFixed(1)} s)\n${tail}${rest}`;
}
