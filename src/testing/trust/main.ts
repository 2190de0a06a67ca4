/** `npm run trust`: tries to make Holdfast say what is not true, and writes down in docs/trust.md what came of it. */
import { readFile, writeFile } from 'node:fs/promises';
import { Argument, Command } from 'commander';
import { format, resolveConfig } from 'prettier';
import { calibration } from './calibration.ts';
import { fuzz } from './fuzz.ts';
import { blinks } from './lab/blinks.ts';
import { elections } from './lab/elections.ts';
import { idle } from './lab/idle.ts';
import { observer } from './lab/observer.ts';
import { mutation } from './mutation.ts';
import type { Part } from './part.ts';
import { sabotage } from './sabotage.ts';
import { withSection } from './sections.ts';

const parts: Readonly<Record<string, Part>> = {
  sabotage,
  calibration,
  fuzz,
  mutation,
  elections,
  blinks,
  idle,
  observer,
};

const document = new URL('../../../docs/trust.md', import.meta.url).pathname;

await new Command('npm run trust --')
  .description('Try to make Holdfast say what is not true; the figures go to docs/trust.md.')
  .addArgument(
    new Argument('[part...]', 'which parts, in this order; all without').choices(
      Object.keys(parts),
    ),
  )
  .addHelpText(
    'after',
    `\nParts:\n${Object.entries(parts)
      .map(([name, { summary }]) => `  ${name.padEnd(12)} ${summary}`)
      .join('\n')}`,
  )
  .action(async (named: readonly string[]) => {
    const broken: string[] = [];
    for (const name of named.length > 0 ? named : Object.keys(parts))
      broken.push(...(await tryPart(name)));
    console.log(broken.length === 0 ? '\nTrust is deserved.' : `\n${broken.join('\n')}`);
    process.exitCode = broken.length === 0 ? 0 : 1;
  })
  .parseAsync();

/** @returns where trust is not deserved */
async function tryPart(name: string): Promise<readonly string[]> {
  const part = parts[name];
  if (part === undefined) return [];
  console.log(`\n${name}: ${part.summary}`);
  const from = performance.now();
  const { markdown, broken } = await part.run((line) => console.log(`  ${line}`));
  const tookS = Math.round((performance.now() - from) / 1000);
  const date = new Date().toISOString().slice(0, 10);
  const text = `${markdown.trim()}\n\n_${date}, \`npm run trust -- ${name}\`, ${tookS} s._`;
  const written = withSection(await readFile(document, 'utf8'), name, text);
  await writeFile(
    document,
    await format(written, { ...(await resolveConfig(document)), parser: 'markdown' }),
  );
  for (const line of broken) console.log(`  ✘ ${line}`);
  if (broken.length === 0) console.log(`  ✔ ${name}, ${tookS} s`);
  return broken.map((line) => `${name}: ${line}`);
}
