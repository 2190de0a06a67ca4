import type { CampaignResult, GamedayResult, GamedayScenario } from '../model/campaign-result.ts';
import { countOf } from '../model/countof.ts';
import type { ClaimStatistics } from '../model/statistics.ts';
import { openings } from './sentence.ts';
import { scenariosIn } from './scenario-told.ts';
import { sayPoint } from './trials-table.ts';

/**
 * What many trials came to, in one sentence for people: "A new leader within 5 s in 59 of 59 trials, 2.46 s in the middle
 * and 2.91 s the longest; all else held, too".
 */
export function trialsSentence(result: CampaignResult | GamedayResult): string {
  const sentence = sayOutcome(result);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

function sayOutcome(result: CampaignResult | GamedayResult): string {
  const { outcome, reason, healed, residue } = result;
  const opening = openings[outcome];
  if (opening !== undefined) return `${opening}: ${reason}`;
  if (outcome === 'residue') {
    const more = residue.length > 1 ? ` (and ${residue.length - 1} more)` : '';
    return `something could not be put back: ${residue[0] ?? reason}${more}`;
  }
  if (outcome === 'interrupted')
    return healed
      ? 'interrupted; everything has been put back'
      : `interrupted, and not everything has been seen to be back: ${reason}`;
  if (outcome === 'invalid') return `no verdict: ${reason}`;
  return [sayScenarios(result), sayChange(scenariosIn(result))]
    .filter((part) => part !== undefined)
    .join('; ');
}

/** Of those that remain: fail, unknown, pass. */
function sayScenarios(result: CampaignResult | GamedayResult): string {
  if (result.kind === 'campaign') return sayCampaign(result);
  const { scenarios } = result;
  const run = scenarios.filter(({ outcome }) => outcome !== 'skipped');
  const such = run.filter(({ outcome }) => outcome === result.outcome);
  const trials = countOf(
    run.reduce((sum, one) => sum + one.trials.length, 0),
    'trial',
  );
  const skipped = scenarios.length - run.length;
  const rest = skipped === 0 ? '' : `; ${skipped} skipped`;
  if (result.outcome === 'pass') {
    const known = run.filter(({ tolerated }) => tolerated.length > 0).length;
    const but = known === 0 ? '' : `, but for failures that are known in ${known}`;
    return `${countOf(run.length, 'scenario')} held in ${trials}${but}${rest}`;
  }
  const verb = result.outcome === 'fail' ? 'failed' : 'could not be told';
  const named = such.slice(0, mostNamed);
  const why = named.map((one) => `${one.scenario} (${missedClaims(one) || one.reason})`);
  const more = such.length > named.length ? ` and ${such.length - named.length} more` : '';
  return such.length === 0
    ? result.reason
    : `${such.length} of ${countOf(run.length, 'scenario')} ${verb}: ${why.join(', ')}${more}${rest}`;
}

/** Scenarios that a sentence names; the others are counted. */
const mostNamed = 3;

function missedClaims({ claims }: GamedayScenario): string {
  return claims
    .filter(({ failed, unknown }) => failed + unknown > 0)
    .map(({ claim }) => claim)
    .join(', ');
}

function sayCampaign(result: CampaignResult): string {
  const { claims, reason, trials, asked, outcome } = result;
  const failed = claims.filter((claim) => claim.failed > 0);
  if (outcome === 'fail' && failed.length > 0)
    return failed.map((one) => sayMissed(one, 'was not kept')).join('; ');
  const unknown = claims.filter((claim) => claim.unknown > 0);
  if (outcome === 'unknown' && unknown.length > 0 && trials.length === asked)
    return unknown.map((one) => sayMissed(one, 'could not be told')).join('; ');
  return outcome === 'pass' ? sayHeld(result) : reason;
}

function sayHeld({ claims, reason, trials }: CampaignResult): string {
  const held = claims.filter(({ passed }) => passed > 0);
  const first = held.find(({ claim }) => claim === 'leader-elected') ?? held[0];
  if (first === undefined) return reason;
  const { summary, title, passed } = first;
  const figures =
    summary === undefined
      ? ''
      : `, ${sayPoint(summary.quantiles[0]?.ms)} in the middle and ${sayPoint(summary.max)} the longest`;
  const others = held.length > 1 ? '; all else held, too' : '';
  return `${title} in ${passed} of ${countOf(trials.length, 'trial')}${figures}${others}`;
}

/** `a new leader within 5 s was not kept in 1 of 59 trials` */
function sayMissed({ title, passed, failed, unknown }: ClaimStatistics, verb: string): string {
  const of = countOf(passed + failed + unknown, 'trial');
  return `${title} ${verb} in ${failed > 0 ? failed : unknown} of ${of}`;
}

/** What the radar says of the claims, if it says that something changed. */
function sayChange(scenarios: readonly GamedayScenario[]): string | undefined {
  const worse = scenarios.flatMap(({ compared, scenario }) =>
    compared
      .filter(({ change }) => change === 'regressed')
      .map(({ claim }) => (scenarios.length > 1 ? `${scenario} ${claim}` : claim)),
  );
  return worse.length === 0 ? undefined : `regressed against earlier nights: ${worse.join(', ')}`;
}
