import { execa } from 'execa';

export interface Ran {
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined if it took longer than it may. */
  readonly exitCode: number | undefined;
}

/**
 * Runs a script in a process of its own, as a command does: one mocha inside another would share its runtime.
 * @param modules of this room, each with the names that the script takes from it
 */
export async function inProcess(
  modules: Readonly<Record<string, string>>,
  script: string,
  timeoutMs: number,
): Promise<Ran> {
  const imports = Object.entries(modules).map(([path, names]) => {
    const url = new URL(`../${path}`, import.meta.url).href;
    return `const { ${names} } = await import(${JSON.stringify(url)});\n`;
  });
  const args = ['--import', 'tsx', '--input-type=module', '-e', imports.join('') + script];
  const { stdout, stderr, exitCode } = await execa(process.execPath, args, {
    reject: false,
    timeout: timeoutMs,
  });
  return { stdout, stderr, exitCode };
}
