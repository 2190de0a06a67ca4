import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { locked } from './lock.ts';
import { cacheDir } from './paths.ts';
import type { Progress } from './progress.ts';

/** Something the lab builds once and keeps: a folder in the cache whose name tells what it was built from. */
export interface Part {
  readonly name: string;
  /** All that its content depends on: a change of any makes another part. */
  readonly inputs: readonly string[];
  /** Fills the folder. If it does not come to its end, nothing of the folder is ever used. */
  readonly make: (folder: string) => Promise<void>;
}

/** The folder of a part, built now if it is not in the cache. */
export async function provide(part: Part, progress: Progress): Promise<string> {
  const parts = join(cacheDir, 'parts');
  const folder = join(parts, `${part.name}-${digest(part.inputs)}`);
  if (existsSync(folder)) return folder;
  await mkdir(parts, { recursive: true });
  return locked(join(parts, `${part.name}.lock`), progress.say, async () => {
    if (existsSync(folder)) return folder;
    const partial = `${folder}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    await progress.step(`building ${part.name}`, () => part.make(partial));
    await rename(partial, folder);
    await discardOlder(parts, new RegExp(`^${part.name}-[0-9a-f]{12}$`), 2);
    return folder;
  });
}

/** A short digest of some texts, in their order. */
export function digest(texts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}:`).update(text);
  return hash.digest('hex').slice(0, 12);
}

/** A text that changes with any file's name, mode of execution or content in a folder. */
export async function contentOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')));
  return files.map((file, i) => `${relative(folder, file)}\n${contents[i]}`).join('\n');
}

/**
 * Removes makes of the same thing that are older than the last few, but those that a running lab stands on.
 * @param makes names of the folders that are such makes
 * @param keep how many of the newest stay
 */
export async function discardOlder(folder: string, makes: RegExp, keep: number): Promise<void> {
  const mounts = await readFile('/proc/mounts', 'utf8');
  const all = (await readdir(folder)).filter((one) => makes.test(one));
  const aged = await Promise.all(
    all.map(async (one) => ({ one, at: (await stat(join(folder, one))).mtimeMs })),
  );
  aged.sort((a, b) => b.at - a.at);
  for (const { one } of aged.slice(keep)) {
    if (!mounts.includes(one)) await rm(join(folder, one), { recursive: true, force: true });
  }
}
