import { counts } from '../model/claim-verdicts.ts';
import { countOf } from '../model/countof.ts';
import type { Trial } from '../model/result.ts';
import { isSeen, longest, sayDuration, type Measured } from '../model/span.ts';
import { classes, downtimeOf, periods, yearMs, type Availability } from './availability.ts';
import {
  availabilityIn,
  sayDowntime,
  sayInterval,
  sayProof,
  saySeen,
  sayShare,
} from './availability-words.ts';
import { none } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import { section } from './sections.ts';

/** The trials of one scenario. */
export interface ScenarioOfTrials {
  readonly scenario: string;
  readonly trials: readonly Trial[];
}

/** Availability in one run, with what that proves and as downtime; undefined where no request was counted. */
export function availabilitySection(trials: readonly Trial[]): Markup | undefined {
  return availabilitySections([{ scenario: '', trials }]);
}

/** The same for each of several scenarios, a row each. */
export function availabilitySections(scenarios: readonly ScenarioOfTrials[]): Markup | undefined {
  const told = scenarios.flatMap(usageOf);
  if (told.length === 0) return undefined;
  const isNamed = told.length > 1;
  const name = (one: Usage): Markup | false =>
    isNamed && markup`<th scope="row">${one.scenario}</th>`;
  const shares = told.map(
    (one) =>
      markup`<tr>${name(one)}<td class="figure">${one.requests}</td><td class="figure">${one.failed}</td><td class="figure">${saySeen(one)}</td><td class="figure">${sayInterval(one)}</td><td class="figure">${sayClass(one)}</td></tr>`,
  );
  const isOf = (one: Usage): string => (isNamed ? ` by ${one.scenario}` : '');
  const downtimes = [
    ...told.flatMap((one) => [
      downtimeRow(`measured${isOf(one)}, ${saySeen(one)}`, one.share),
      downtimeRow(`at the worst${isOf(one)}, 95 % confidence`, one.interval.lo),
    ]),
    ...classes.map((share) => downtimeRow(`${sayShare(share)} allows`, share)),
  ];
  const proofs = told.map(
    (one) => markup`<p>${isNamed && `${one.scenario}: `}${sayProof(one)}</p>`,
  );
  const room = told.map(
    (one) =>
      markup`<tr>${name(one)}<td class="figure">${one.faults}</td><td class="figure">${sayOutage(one.outage)}</td>${roomy.map((share) => markup`<td class="figure">${sayRoom(one.outage, share)}</td>`)}</tr>`,
  );
  const head = isNamed && markup`<th scope="col">scenario</th>`;
  return section(
    'availability',
    'Availability under faults',
    markup`<p>Of the faulted time alone: all requests to the workload from the fault to the end of settling. <strong>It is not the availability of the cluster</strong>, which has no fault most of the year.</p>
<div class="scroll"><table><thead><tr>${head}<th scope="col">requests</th><th scope="col">failed</th><th scope="col">available</th><th scope="col">with 95 % confidence</th><th scope="col">class of nines</th></tr></thead><tbody>${shares}</tbody></table></div>
${proofs}
<h3>As downtime, if such faults never ceased</h3>
<div class="scroll"><table><thead><tr><th scope="col"></th>${Object.keys(periods).map((period) => markup`<th scope="col">${period}</th>`)}</tr></thead><tbody>${downtimes}</tbody></table></div>
<h3>How many such faults a year has room for</h3>
<div class="scroll"><table><thead><tr>${head}<th scope="col">trials</th><th scope="col">longest outage</th>${roomy.map((share) => markup`<th scope="col">${sayShare(share)} (${sayDowntime(downtimeOf(share, yearMs))} a year)</th>`)}</tr></thead><tbody>${room}</tbody></table></div>
<details><summary>How this is computed</summary><ul class="plain"><li>Available: one minus the share of requests that failed, over all paths and trials. A request counts at its intended time. One that this machine missed counts, and not as a failure: how many there were is told under <em>Harness self-check</em>.</li><li>Class of nines: the whole part of −log₁₀ of that share (Gray and Siewiorek, 1991). Of n requests without a failure, no more can be told than the whole part of log₁₀ n.</li><li>With 95 % confidence: the exact interval of Clopper and Pearson (1934), as if each request failed or not by itself. Requests of one outage fail together, so it is the best that so many can prove. One that this machine missed counts as failed at its lower end.</li><li>A class is proved if all of the interval is within it, and ruled out if none of it is.</li><li>Downtime: the share that failed of 365.25 days, of a twelfth of them, and of a day, as if such faults never ceased.</li><li>Room: the downtime a year of that class, divided by the longest outage of the worst path, at its longest. Nothing else may fail in that year.</li></ul></details>`,
  );
}

/** Of these it is told how many faults a year has room for. */
const roomy = [0.999, 0.9999, 0.99999] as const;

function downtimeRow(what: string, share: number): Markup {
  return markup`<tr><th scope="row">${what}</th>${Object.values(periods).map((ms) => markup`<td class="figure">${sayDowntime(downtimeOf(share, ms))}</td>`)}</tr>`;
}

/** What users noticed of the faults of some trials. */
interface Usage extends Availability {
  readonly scenario: string;
  /** Trials in which requests were counted. */
  readonly faults: number;
  /** The longest of them all. */
  readonly outage: Measured;
}

function usageOf({ scenario, trials }: ScenarioOfTrials): readonly Usage[] {
  const availability = availabilityIn(trials);
  if (availability === undefined) return [];
  const counted = trials.flatMap(({ verdicts }) =>
    verdicts.filter((one) => (one.requests ?? 0) > 0 && counts(one)),
  );
  const outages = counted.flatMap(({ longestOutageMs }) => longestOutageMs ?? []);
  return [{ scenario, ...availability, faults: counted.length, outage: longest(outages) }];
}

function sayClass({ nines, isBound, requests }: Availability): string {
  if (!isBound) return countOf(nines, 'nine');
  return `${countOf(nines, 'nine')} or more, as far as ${requests} can tell`;
}

function sayOutage(outage: Measured): string {
  return isSeen(outage) && outage.hi === 0 ? 'none seen' : sayDuration(outage);
}

/** How many outages of that length a class allows; a figure needs an end that was seen. */
function sayRoom(outage: Measured, share: number): string {
  if (!isSeen(outage) || outage.hi === 0) return none;
  const faults = Math.floor(downtimeOf(share, yearMs) / outage.hi + 1e-6);
  return faults >= 10_000 ? 'over 10 000' : String(faults);
}
