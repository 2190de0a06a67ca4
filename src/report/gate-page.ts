import type { GateResult } from '../model/gate-result.ts';
import { countOf } from '../model/countof.ts';
import { leftBehind } from './campaign-page.ts';
import type { Block } from './page.ts';
import { comparisonCells } from './trials-table.ts';

function sayUnchanged({ scenarios }: GateResult): string {
  return scenarios.some(({ after }) => after > 0)
    ? 'no version and no setting was changed'
    : 'what was changed is not known, as nothing was measured after it';
}

/** What a gate says: go or stop and why in one line, what the upgrade changed, and each claim before and after. */
export function gatePage(result: GateResult): readonly Block[] {
  const { outcome, reason, changed, differs, scenarios, before, run } = result;
  return [
    { heading: `${outcome === 'pass' ? 'GO' : 'STOP'}: ${reason}` },
    { text: `${countOf(before.length, 'earlier night')} against ${run}; exit ${result.exitCode}.` },
    ...leftBehind(result),
    { items: [...differs, ...(changed.length > 0 ? changed : [sayUnchanged(result)])] },
    ...scenarios
      .filter(({ compared }) => compared.length > 0)
      .flatMap(({ scenario, outcome, ...rest }): readonly Block[] => [
        { heading: `${scenario}: ${outcome} after` },
        { table: comparisonCells(rest) },
      ]),
  ];
}
