import type { Verdict } from './verdict.ts';

/**
 * The name of a claim among the verdicts of its trial: where a scenario claims it several times, with its place among
 * those, as in `write-outage 2`.
 */
export function claimName(verdicts: readonly Verdict[], index: number): string {
  const claim = verdicts[index]?.claim ?? '';
  const before = verdicts.slice(0, index).filter((verdict) => verdict.claim === claim).length;
  return before === 0 ? claim : `${claim} ${before + 1}`;
}
