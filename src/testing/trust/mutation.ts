import { mkdirSync, writeFileSync } from 'node:fs';
import { equivalents } from './equivalent.ts';
import { sourcesIn, testsIn } from './mutants.ts';
import type { Fate, Judged } from './fates.ts';
import { mutate } from './mutate.ts';
import type { Part, Tried } from './part.ts';

/** What judges, and what keeps a fault from going too far. */
const judging = [
  ...['quorum', 'span', 'conclude', 'outcome', 'differences', 'kept', 'duration', 'random'].map(
    (name) => `src/model/${name}.ts`,
  ),
  'src/plan/guards.ts',
  'src/stats',
  'src/claims',
  'src/histories',
];

/** Words alone: what they say of a history is in no verdict's outcome. */
const words = ['src/histories/say.ts', 'src/histories/register-words.ts'];

/** The tests that are to notice; those that need a minute for themselves are not asked. */
const noticing = ['src/model', 'src/plan', 'src/stats', 'src/claims', 'src/histories'];

/** Of each folder's mutants, so many of a hundred must be noticed. */
const enough = 90;

/** All mutants and what became of them, for whoever wants to look at one. */
const details = new URL('../../../coverage/mutation.json', import.meta.url);

/** Plants faults in the code that judges, one at a time, and sees whether the tests notice. */
export const mutation: Part = {
  summary: 'faults planted in the code that judges, one at a time: the tests notice',
  run: async (say) => {
    const paths = process.env['MUTATE']?.split(',') ?? judging;
    const sources = sourcesIn(paths).filter((file) => !words.includes(file));
    const { judged, sentences } = await mutate(
      sources,
      sourcesIn(noticing),
      testsIn(noticing),
      say,
    );
    mkdirSync(new URL('.', details), { recursive: true });
    writeFileSync(details, `${JSON.stringify(judged, null, 1)}\n`);
    return told(judged, sentences);
  },
};

function told(judged: readonly Judged[], sentences: number): Tried {
  const files = [...new Set(judged.map(({ file }) => file))];
  const folders = [...new Set(files.map(folderOf))];
  const of = (folder: string): readonly Judged[] =>
    judged.filter(({ file }) => folderOf(file) === folder);
  const survivors = judged.filter(({ fate }) => fate === 'survived');
  return {
    markdown: [
      `${judged.length} mutants of Stryker's instrumenter; ${sentences} more, which change only what a sentence says, are left out. ` +
        'The score counts those that a test noticed or that made the tests hang, of those that can be noticed.',
      '',
      '| file | mutants | killed | timed out | survived | equivalent | score |',
      '| --- | --: | --: | --: | --: | --: | --: |',
      ...files.map((file) =>
        row(
          `\`${file}\``,
          judged.filter((one) => one.file === file),
        ),
      ),
      ...folders.map((folder) => row(`**${folder}**`, of(folder))),
      row('**all**', judged),
      '',
      ...collapsed(`Equivalent mutants: ${count(judged, 'equivalent')}`, sayEquivalents()),
      ...collapsed(`Survivors: ${survivors.length}`, survivors.map(sayMutant)),
    ].join('\n'),
    broken: folders
      .filter((folder) => scoreOf(of(folder)) < enough)
      .map((folder) => `${folder}: ${scoreOf(of(folder)).toFixed(1)} % of the mutants are killed`),
  };
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf('/'));
}

function count(judged: readonly Judged[], fate: Fate): number {
  return judged.filter((one) => one.fate === fate).length;
}

/** Percent. */
function scoreOf(judged: readonly Judged[]): number {
  const noticeable = judged.length - count(judged, 'equivalent');
  return noticeable === 0
    ? 100
    : (100 * (count(judged, 'killed') + count(judged, 'timed out'))) / noticeable;
}

function row(name: string, judged: readonly Judged[]): string {
  const counts = (['killed', 'timed out', 'survived', 'equivalent'] as const).map((fate) =>
    count(judged, fate),
  );
  return `| ${[name, judged.length, ...counts, `${scoreOf(judged).toFixed(1)} %`].join(' | ')} |`;
}

function sayEquivalents(): readonly string[] {
  return equivalents.map(
    ({ file, within, original, replacement, why }) =>
      `- \`${file}\`: ${code(original ?? within ?? 'a list that is empty')}${replacement === undefined ? '' : ` → ${code(replacement)}`}: ${why}`,
  );
}

function sayMutant({ file, line, original, replacement, by }: Judged): string {
  return `- \`${file}:${line}\`: ${code(original)} → ${code(replacement)} (${by})`;
}

function code(text: string): string {
  const short = text.replaceAll(/\s+/g, ' ').slice(0, 80);
  return short.includes('`') ? `\`\` ${short} \`\`` : `\`${short}\``;
}

function collapsed(summary: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  return ['<details>', `<summary>${summary}</summary>`, '', ...lines, '', '</details>', ''];
}
