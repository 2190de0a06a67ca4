import type { GamedayScenario } from '../model/campaign-result.ts';
import { claimName } from '../model/claim-name.ts';
import { formatMinutes } from '../model/minutes.ts';
import type { Trial } from '../model/result.ts';
import type { Verdict } from '../model/verdict.ts';
import { sayMeasured } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import { idOf, reportOf } from './scenario-told.ts';
import { section, verdictBadge } from './sections.ts';

/** A row for each trial, with a link to its own report. */
export function trialsSection(scenarios: readonly GamedayScenario[]): Markup {
  const isOne = scenarios.length === 1;
  const tables = scenarios.map((one) => {
    const inside =
      one.trials.length === 0
        ? markup`<p>None was done: ${one.reason}.</p>`
        : markup`${tableOf(one)}${failuresOf(one)}`;
    return markup`${!isOne && markup`<h3>${one.scenario}</h3>`}${inside}`;
  });
  return section('trials', 'Trials', markup`${tables}`);
}

function tableOf({ scenario, trials, runs, claims }: GamedayScenario): Markup {
  const head = ['trial', 'began', 'took', 'outcome', 'fault', ...claims.map(({ claim }) => claim)];
  const rows = trials.map((trial, index) => {
    const run = runs[index];
    const measured = claims.map(({ claim }) => cellOf(verdictOf(trial, claim)));
    const { startedAt = '', finishedAt = '' } = run ?? {};
    const took = formatMinutes(Date.parse(finishedAt) - Date.parse(startedAt));
    const faults = trial.faults.map(({ fault, target }) => `${fault} ${target}`.trim());
    return markup`<tr id="${idOf('trial', scenario, trial.number)}"><th scope="row">${linkOf(run?.run ?? '', `trial ${trial.number}`)}</th><td class="figure">${startedAt.slice(11, 19)}</td><td class="figure">${took}</td><td>${verdictBadge(trial.outcome)}</td><td${faults.length === 1 && markup` class="hit"`}>${[...new Set(faults)].join(', ')}</td>${measured}<td class="figure soft">${run?.seed}</td></tr>`;
  });
  return markup`<div class="scroll"><table class="trials"><thead><tr>${[...head, 'seed'].map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** The report of a trial; of one whose run is not known, its name alone. */
export function linkOf(run: string, text: string): Markup {
  return run === '' ? markup`${text}` : markup`<a href="${reportOf(run)}">${text}</a>`;
}

function verdictOf({ verdicts }: Trial, claim: string): Verdict | undefined {
  return verdicts.find((_, index) => claimName(verdicts, index) === claim);
}

const signs: Partial<Readonly<Record<Verdict['outcome'], readonly [string, string]>>> = {
  fail: ['fail', '✕'],
  unknown: ['warn', '?'],
  invalid: ['warn', '?'],
};

/** What was measured; what is not a pass has a sign and its word. */
function cellOf(verdict: Verdict | undefined): Markup {
  if (verdict === undefined) return markup`<td></td>`;
  if (verdict.outcome === 'not-applicable') return markup`<td class="soft">not applicable</td>`;
  const [look, sign] = signs[verdict.outcome] ?? [];
  const told = sayMeasured(verdict);
  const isLong = verdict.requests !== undefined;
  return markup`<td class="figure${isLong && ' wide'}${look !== undefined && ` ${look}`}">${told}${look !== undefined && markup`<br>${sign} ${verdict.outcome}`}</td>`;
}

/** Why each verdict that is not a pass is none. */
function failuresOf({ trials, runs }: GamedayScenario): Markup | false {
  const lines = trials.flatMap(({ number, verdicts }, index) =>
    verdicts
      .filter(({ outcome }) => outcome !== 'pass' && outcome !== 'not-applicable')
      .map(
        ({ claim, outcome, because }) =>
          markup`<li>${linkOf(runs[index]?.run ?? '', `trial ${number}`)}, ${claim}: <strong>${outcome}</strong>: ${because}</li>`,
      ),
  );
  if (lines.length === 0) return false;
  const list = markup`<ul class="plain">${lines}</ul>`;
  return markup`<details${lines.length <= mostOpen && markup` open`}><summary>What did not hold, or could not be told: ${lines.length}</summary>${list}</details>`;
}

/** A longer list is folded. */
const mostOpen = 12;
