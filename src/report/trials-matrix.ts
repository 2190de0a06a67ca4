import type { GamedayScenario } from '../model/campaign-result.ts';
import { claimName } from '../model/claim-name.ts';
import { countOf } from '../model/countof.ts';
import type { ClaimStatistics } from '../model/statistics.ts';
import type { ClaimOutcome } from '../model/verdict.ts';
import { none, sayPredicted } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import type { MatrixGroup, MatrixRow } from './matrix.ts';
import { pointsOf } from './points.ts';
import { expectedOf } from './run-matrix.ts';
import { idOf, type TrialsBeside } from './scenario-told.ts';
import { sayShare } from './sentence.ts';
import { linkOf } from './trials-section.ts';
import { sayPoint } from './trials-table.ts';

/** So many trials are named, each with a link; all are in the table of trials. */
const mostNamed = 12;

/** The failure matrix of many trials: each scenario against each of its claims. */
export function trialsMatrix(
  scenarios: readonly GamedayScenario[],
  { words }: TrialsBeside,
): readonly MatrixGroup[] {
  return scenarios.map((one) => ({
    failure: markup`${words.get(one.scenario)?.title ?? one.scenario}<br><code class="soft">${one.scenario}</code>`,
    induced: inducedOf(one),
    rows:
      one.claims.length > 0
        ? one.claims.map((claim) => rowOf(claim, one))
        : [{ expected: markup`${none}`, observed: markup`${one.reason}`, result: one.outcome }],
  }));
}

/** What was done to what, in how many trials it was proved, and the trials themselves. */
function inducedOf({ trials, runs, asked, scenario }: GamedayScenario): Markup {
  if (trials.length === 0) return markup`nothing: none of ${countOf(asked, 'trial')} was done`;
  const faults = trials.flatMap((trial) => trial.faults);
  const kinds = countBy(faults.map(({ fault, target }) => `${fault} ${target}`.trim()));
  const did = [...kinds].map(
    ([kind, times]) => markup`<li>${kind}${times > 1 && ` ×${times}`}</li>`,
  );
  const bit = trials.filter(({ faults }) => faults.length > 0 && faults.every(({ bit }) => bit));
  const gone = trials.filter(({ faults }) => faults.every(({ gone }) => gone));
  const proved = `proved in ${bit.length} of ${trials.length}`;
  const left = trials.length - gone.length;
  const named =
    trials.length > mostNamed
      ? markup`<a href="#${idOf('trial', scenario, trials[0]?.number ?? 1)}">all trials</a>`
      : markup`trials ${trials.map(({ number }, index) => markup`${index > 0 && ', '}${linkOf(runs[index]?.run ?? '', String(number))}`)}`;
  return markup`<ul class="bare">${did}</ul>${proved}, ${left === 0 ? 'gone in all' : markup`<strong class="fail">not seen to be gone in ${left}</strong>`}<br><span class="soft beside">${named}</span>`;
}

function countBy(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names.toSorted()) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

function rowOf(claim: ClaimStatistics, one: GamedayScenario): MatrixRow {
  const { limitMs, title } = claim;
  const limit = limitMs === undefined ? none : `≤ ${limitMs / 1000} s`;
  const known = one.tolerated.find((failure) => failure.claim === claim.claim);
  return {
    expected: expectedOf(title, claim.claim, limit, sayPredicted(claim.claim, one.predicted)),
    observed: observedOf(claim, one),
    result: outcomeOf(claim),
    ...(known !== undefined && { note: `known until ${known.until}: ${known.reason}` }),
  };
}

/** The worst that some trial says of a claim; an invalid one counts if no other does. */
function outcomeOf({ failed, unknown, passed, invalid }: ClaimStatistics): ClaimOutcome {
  if (failed > 0) return 'fail';
  if (unknown > 0) return 'unknown';
  if (passed > 0) return 'pass';
  return invalid > 0 ? 'invalid' : 'not-applicable';
}

function observedOf(claim: ClaimStatistics, one: GamedayScenario): Markup {
  const { passed, failed, unknown, invalid } = claim;
  const judged = passed + failed + unknown;
  const held =
    judged > 0
      ? markup`<strong>held in ${passed} of ${judged}</strong>`
      : markup`applied to no trial`;
  const figures = figuresOf(claim, one).map(
    (figure) => markup`<br><span class="figure">${figure}</span>`,
  );
  const misses = missesOf(claim.claim, one);
  const shown = misses.slice(0, mostNamed);
  const more = misses.length - shown.length;
  return markup`${held}${invalid > 0 && `, ${invalid} invalid`}${figures}${misses.length > 0 && markup`<br>not in ${shown.map((link, index) => markup`${index > 0 && ', '}${link}`)}${more > 0 && `, and ${more} more`}`}`;
}

/** Its durations in short; of one about requests, how many failed, too. */
function figuresOf(
  { claim, summary }: ClaimStatistics,
  { trials }: GamedayScenario,
): readonly string[] {
  if (summary === undefined) return [];
  const durations = `median ${sayPoint(summary.quantiles[0]?.ms)}, longest of ${summary.n}: ${sayPoint(summary.max)}`;
  const counted = trials.flatMap(({ verdicts }) =>
    verdicts.flatMap(({ requests, failed = 0 }, index) =>
      requests !== undefined && claimName(verdicts, index) === claim ? [{ requests, failed }] : [],
    ),
  );
  if (counted.length === 0) return [durations];
  const requests = counted.reduce((sum, one) => sum + one.requests, 0);
  const failed = counted.reduce((sum, one) => sum + one.failed, 0);
  return [
    `${failed}/${requests} requests failed (${sayShare(failed, requests)})`,
    `outage ${durations}`,
  ];
}

/** Links to the trials in which a claim did not hold. */
function missesOf(claim: string, one: GamedayScenario): readonly Markup[] {
  return pointsOf(one, claim)
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ run, trial }) => linkOf(run, `trial ${trial}`));
}
