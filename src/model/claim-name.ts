/**
 * The name of a claim among all that its scenario claims, or among the verdicts of a trial, in their order: where a
 * scenario claims it several times, with its place among those, as in `write-outage 2`.
 */
export function claimName(claims: readonly { readonly claim: string }[], index: number): string {
  const claim = claims[index]?.claim ?? '';
  const before = claims.slice(0, index).filter((one) => one.claim === claim).length;
  return before === 0 ? claim : `${claim} ${before + 1}`;
}
