import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { Concluded } from '../model/result.ts';

/** Where the Allure site of a run is: one page, with all of its data inside. */
export function allurePage(runFolder: string): string {
  return join(runFolder, 'allure-report', 'index.html');
}

/** What a site tells of its run besides its tests. */
interface Told {
  readonly run: string;
  /** Whose sites go on with each other's history. */
  readonly key: string;
  readonly title: string;
  readonly finishedAt: string;
}

/**
 * Writes what the generator takes from a folder beside the results: which run it is, and the history of the site that was
 * made last for an earlier run, campaign or game day of the same name on the same cluster, if there is one beside it. As
 * it is taken from an earlier one and never from this one, making a site again counts nothing twice.
 * @param into an empty folder
 */
export async function writeAllureHistory(runFolder: string, into: string): Promise<void> {
  const told = await toldBy(runFolder);
  if (told === undefined) return;
  const { run, title, finishedAt } = told;
  const buildOrder = Math.floor(Date.parse(finishedAt) / 1000);
  const executor = {
    name: 'Holdfast',
    type: 'holdfast',
    buildName: run,
    buildOrder,
    reportName: title,
  };
  await writeFile(join(into, 'executor.json'), JSON.stringify(executor));
  const page = await earlierPage(runFolder, told.key);
  if (page === undefined) return;
  await mkdir(join(into, 'history'));
  for (const [name, data] of historyIn(page)) await writeFile(join(into, 'history', name), data);
}

/** The newest page of an earlier run with the same key. */
async function earlierPage(runFolder: string, key: string): Promise<string | undefined> {
  const path = resolve(runFolder);
  const runs = await readdir(dirname(path));
  // Their names begin with the instant of their start.
  const earlier = runs.filter((name) => /^\d{4}-/.test(name) && name < basename(path));
  for (const name of earlier.sort().reverse()) {
    const folder = join(dirname(path), name);
    if ((await toldBy(folder))?.key !== key) continue;
    const page = await readFile(allurePage(folder), 'utf8').catch(() => undefined);
    if (page !== undefined) return page;
  }
  return undefined;
}

async function toldBy(runFolder: string): Promise<Told | undefined> {
  const text = await readFile(join(runFolder, 'result.json'), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { kind, run, scenario, cluster, finishedAt } = JSON.parse(text) as Pick<
    Concluded,
    'run' | 'scenario' | 'cluster' | 'finishedAt'
  > & { readonly kind: string };
  return {
    run,
    // What one run shows, and what many do, is the same claim and another measurement.
    key: JSON.stringify([kind, scenario, cluster?.id]),
    title: cluster === undefined ? scenario : `${scenario} on ${cluster.name}`,
    finishedAt,
  };
}

/** A page of one file holds its data as calls of `d('history/history.json','<base64>')`. */
function historyIn(page: string): readonly (readonly [string, Buffer])[] {
  const calls = page.matchAll(/d\('history\/([a-z-]+\.json)','([A-Za-z0-9+/=]*)'\)/g);
  return [...calls].map(([, name = '', data = '']) => [name, Buffer.from(data, 'base64')] as const);
}
