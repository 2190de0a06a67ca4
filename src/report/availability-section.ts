import { counts } from '../model/claim-verdicts.ts';
import { countOf } from '../model/countof.ts';
import { formatMinutes } from '../model/minutes.ts';
import type { Trial } from '../model/result.ts';
import { isSeen, longest, sayDuration, type Measured } from '../model/span.ts';
import { allowedMs, availabilityOf, type Availability } from './availability.ts';
import { none } from './figures.ts';
import { markup, type Markup } from './markup.ts';
import { section } from './sections.ts';

/** The trials of one scenario. */
export interface ScenarioOfTrials {
  readonly scenario: string;
  readonly trials: readonly Trial[];
}

/** Availability in one run, as downtime a year; undefined where no request was counted. */
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
      markup`<tr>${name(one)}<td class="figure">${one.requests}</td><td class="figure">${one.failed}</td><td class="figure">${sayAvailable(one)}</td><td class="figure">${sayClass(one)}</td><td class="figure">${sayYearly(one)}</td></tr>`,
  );
  const room = told.map(
    (one) =>
      markup`<tr>${name(one)}<td class="figure">${one.faults}</td><td class="figure">${sayOutage(one.outage)}</td>${classes.map((nines) => markup`<td class="figure">${sayRoom(one.outage, nines)}</td>`)}</tr>`,
  );
  const head = isNamed && markup`<th scope="col">scenario</th>`;
  return section(
    'availability',
    'Availability under faults',
    markup`<p>Of the faulted time alone: all requests to the workload from the fault to the end of settling. <strong>It is not the availability of the cluster</strong>, which has no fault most of the year.</p>
<div class="scroll"><table><thead><tr>${head}<th scope="col">requests</th><th scope="col">failed</th><th scope="col">available</th><th scope="col">class of nines</th><th scope="col">downtime of a year under such faults</th></tr></thead><tbody>${shares}</tbody></table></div>
<h3>How many such faults a year has room for</h3>
<div class="scroll"><table><thead><tr>${head}<th scope="col">trials</th><th scope="col">longest outage</th>${classes.map((nines) => markup`<th scope="col">${sayNines(nines)} (${sayLong(allowedMs(nines))} a year)</th>`)}</tr></thead><tbody>${room}</tbody></table></div>
<details><summary>How this is computed</summary><ul class="plain"><li>Available: one minus the share of requests that failed, over all paths and trials. A request counts at its intended time. One that this machine missed counts, and not as a failure: how many there were is told under <em>Harness self-check</em>.</li><li>Class of nines: the whole part of −log₁₀ of that share (Gray and Siewiorek, 1991). Of n requests without a failure, no more can be told than the whole part of log₁₀ n.</li><li>Downtime of a year: that share of 365.25 days, as if such faults never ceased.</li><li>Room: the downtime a year of that class, divided by the longest outage of the worst path, at its longest. Nothing else may fail in that year.</li><li>Requests of one outage fail together, so no interval of confidence is given.</li></ul></details>`,
  );
}

const classes = [3, 4, 5] as const;

/** What users noticed of the faults of some trials. */
interface Usage extends Availability {
  readonly scenario: string;
  /** Trials in which requests were counted. */
  readonly faults: number;
  /** The longest of them all. */
  readonly outage: Measured;
}

function usageOf({ scenario, trials }: ScenarioOfTrials): readonly Usage[] {
  const counted = trials.flatMap(({ verdicts }) =>
    verdicts.filter((one) => (one.requests ?? 0) > 0 && counts(one)),
  );
  if (counted.length === 0) return [];
  const sum = (pick: (one: (typeof counted)[number]) => number | undefined): number =>
    counted.reduce((total, one) => total + (pick(one) ?? 0), 0);
  const outages = counted.flatMap(({ longestOutageMs }) => longestOutageMs ?? []);
  return [
    {
      scenario,
      ...availabilityOf(
        sum(({ failed }) => failed),
        sum(({ requests }) => requests),
      ),
      faults: counted.length,
      outage: longest(outages),
    },
  ];
}

/** Rounded down, as more was not seen. */
function sayAvailable({ failed, requests, nines }: Availability): string {
  if (failed === 0) return '100 %';
  const digits = Math.max(1, nines);
  const unit = 10 ** (digits + 2);
  return `${(Math.floor((1 - failed / requests) * unit + 1e-6) / (unit / 100)).toFixed(digits)} %`;
}

function sayClass({ nines, isBound, requests }: Availability): string {
  if (!isBound) return countOf(nines, 'nine');
  return `${countOf(nines, 'nine')} or more, as far as ${requests} can tell`;
}

function sayYearly({ isBound, downtimeMs, requests }: Availability): string {
  if (!isBound) return sayLong(downtimeMs);
  return `none seen; one failure would be ${sayLong(availabilityOf(1, requests).downtimeMs)}`;
}

function sayNines(nines: number): string {
  return `99.${'9'.repeat(nines - 2)} %`;
}

function sayOutage(outage: Measured): string {
  return isSeen(outage) && outage.hi === 0 ? 'none seen' : sayDuration(outage);
}

/** How many outages of that length a class allows; a figure needs an end that was seen. */
function sayRoom(outage: Measured, nines: number): string {
  if (!isSeen(outage) || outage.hi === 0) return none;
  const faults = Math.floor(allowedMs(nines) / outage.hi);
  return faults >= 10_000 ? 'over 10 000' : String(faults);
}

/** As `formatMinutes`, and days from two on. */
function sayLong(ms: number): string {
  const days = ms / 86_400_000;
  return days < 2 ? formatMinutes(ms) : `${days.toFixed(days < 10 ? 1 : 0)} days`;
}
