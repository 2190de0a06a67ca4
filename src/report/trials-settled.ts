import type { GamedayScenario } from '../model/campaign-result.ts';
import type { Settled } from '../model/line.ts';
import type { ClaimStatistics } from '../model/statistics.ts';

/** One scenario of a campaign or a game day, as a suite of tests. */
export type Suite = Pick<
  GamedayScenario,
  'scenario' | 'asked' | 'trials' | 'runs' | 'claims' | 'outcome' | 'reason' | 'tolerated'
>;

/** What the last line of a suite says if it is ok. */
export const verdictTitle = 'all trials come to a verdict';

/** How a claim settles over all trials; a failure that is known is none. */
export function settledClaim(
  claim: ClaimStatistics,
  { tolerated }: Pick<Suite, 'tolerated'>,
): Settled {
  const isKnown = tolerated.some((known) => known.claim === claim.claim);
  const because = claim.sentence;
  if (claim.failed > 0 && !isKnown) return { kind: 'failed', because };
  if (claim.unknown > 0 || (claim.invalid > 0 && claim.passed === 0))
    return { kind: 'broken', because };
  return claim.passed > 0 || isKnown ? { kind: 'ok' } : { kind: 'skipped', because };
}

/** How all trials of a scenario settle, or all scenarios of a game day. */
export function settledTrials({ outcome, reason }: Pick<Suite, 'outcome' | 'reason'>): Settled {
  // A failed claim has a case of its own, and what stopped the trials may be a failure, too.
  if (outcome === 'pass') return { kind: 'ok' };
  if (outcome === 'skipped') return { kind: 'skipped', because: reason };
  return { kind: outcome === 'fail' ? 'failed' : 'broken', because: reason };
}
