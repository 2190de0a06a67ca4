import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';

interface Step {
  readonly name: string;
  readonly status: string;
  readonly steps: readonly Step[];
  /** Each is a step of its own. */
  readonly attachments: readonly { readonly name: string; readonly source: string }[];
}

/** Of a result as Allure writes it, what tests read. */
export interface AllureResult extends Step {
  readonly description?: string;
  readonly statusDetails: { readonly message?: string };
  readonly testCaseId: string;
  readonly historyId: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly value: string;
    readonly excluded?: boolean;
  }[];
}

/** By their names. */
export async function allureResults(resultsDir: string): Promise<readonly AllureResult[]> {
  const files = (await readdir(resultsDir)).filter((name) => name.endsWith('-result.json'));
  const results = await Promise.all(
    files.map(async (name) => {
      const text = await readFile(join(resultsDir, name), 'utf8');
      return JSON.parse(text) as AllureResult;
    }),
  );
  return results.sort((a, b) => a.name.localeCompare(b.name));
}

/** How each test of a page ended in the runs before and in its own, the newest first. */
export function historiesIn(page: string): readonly (readonly string[])[] {
  const data = /d\('history\/history\.json','([^']*)'\)/.exec(page)?.[1] ?? '';
  const history = JSON.parse(Buffer.from(data, 'base64').toString()) as Record<
    string,
    { readonly items: readonly { readonly status: string }[] }
  >;
  return Object.values(history).map(({ items }) => items.map(({ status }) => status));
}

/** The generator of sites needs it. */
export async function hasJava(): Promise<boolean> {
  const { failed } = await execa('java', ['-version'], { reject: false });
  return !failed;
}
