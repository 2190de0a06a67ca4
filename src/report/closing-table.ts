import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import type { ClaimOutcome, Verdict } from '../model/verdict.ts';
import { sayClocks, sayLimit, sayMeasured, sayPredicted } from './figures.ts';
import { verdictSentence } from './sentence.ts';
import { plain, type Colors } from './terminal.ts';
import { pad, width, wrap } from './width.ts';

export interface ClosingOptions {
  readonly colors?: Colors;
  /** Of the terminal; 100 if not said. */
  readonly columns?: number;
  /** Where the reports are, as a person would type it. */
  readonly folder?: string;
}

/** What a run ends with on a terminal: the verdict as a sentence, a row for each claim, where the reports are. */
export function closingTable(
  result: Result,
  timeline: Timeline | undefined,
  { colors = plain, columns = 100, folder }: ClosingOptions = {},
): string {
  const verdicts = result.trials.flatMap((trial) => trial.verdicts);
  const paint = result.outcome === 'pass' ? colors.green : colors.red;
  const headline = wrap(verdictSentence(result, timeline), columns - width(result.outcome) - 2);
  const lines = [
    '',
    `${paint(colors.bold(result.outcome.toUpperCase()))}  ${headline.join(`\n${' '.repeat(width(result.outcome) + 2)}`)}`,
    '',
    ...tableOf(verdicts, result, colors),
    ...verdicts.flatMap(besideIt(colors, columns)),
    ...verdicts.filter(({ outcome }) => outcome !== 'pass').flatMap(reasonOf(columns)),
    ...result.trials.flatMap((trial) => trial.findings).flatMap(findingOf(colors, columns)),
    ...result.residue.map((line) => colors.red(`left behind: ${line}`)),
    folder && `report: ${folder}/report.html   exit ${result.exitCode}`,
  ];
  return `${lines.filter((line) => line !== undefined).join('\n')}\n`;
}

const header = ['claim', 'limit', 'measured', 'predicted', 'outcome'];

function tableOf(verdicts: readonly Verdict[], result: Result, colors: Colors): readonly string[] {
  if (verdicts.length === 0) return [];
  const rows = verdicts.map((verdict) => [
    verdict.claim,
    sayLimit(verdict),
    sayMeasured(verdict),
    sayPredicted(verdict.claim, result.predicted),
    verdict.outcome,
  ]);
  const widths = header.map((_, column) =>
    Math.max(...[header, ...rows].map((row) => width(row[column] ?? ''))),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  const painted = rows.map((row, index) => {
    const outcome = verdicts[index]?.outcome ?? 'unknown';
    const text = line(row);
    return text.slice(0, text.length - outcome.length) + paintOf(outcome, colors)(outcome);
  });
  return [colors.dim(line(header)), ...painted, ''];
}

function paintOf(outcome: ClaimOutcome, colors: Colors): (text: string) => string {
  const paints = {
    pass: colors.green,
    fail: colors.red,
    unknown: colors.yellow,
    invalid: colors.yellow,
    'not-applicable': colors.dim,
  };
  return paints[outcome];
}

/** Clocks that judge nothing, such as the new leader's own word. */
function besideIt(colors: Colors, columns: number): (verdict: Verdict) => readonly string[] {
  return (verdict) => {
    const clocks = sayClocks(verdict);
    if (clocks === undefined) return [];
    const lines = wrap(`${verdict.claim}, beside it: ${clocks}`, columns - 2);
    return [...lines.map((line, index) => colors.dim(index === 0 ? line : `  ${line}`)), ''];
  };
}

/** Something that was measured far from what was predicted. */
function findingOf(colors: Colors, columns: number): (finding: string) => readonly string[] {
  return (finding) => {
    const lines = wrap(`finding: ${finding}`, columns - 2);
    return [...lines.map((line, index) => colors.yellow(index === 0 ? line : `  ${line}`)), ''];
  };
}

/** A claim that did not pass says why. */
function reasonOf(columns: number): (verdict: Verdict) => readonly string[] {
  return ({ claim, because }) => {
    const [first = '', ...rest] = wrap(`${claim}: ${because}`, columns - 2);
    return [first, ...rest.map((line) => `  ${line}`), ''];
  };
}
