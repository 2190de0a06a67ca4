import type { RegisterOperation } from '../operation.ts';

/**
 * Tries every order of the operations on one register that real time allows, with each choice of indeterminate ones, and
 * knows no shortcut: what the search is compared with.
 */
export function hasOrder(operations: readonly RegisterOperation[]): boolean {
  const all = operations.filter(
    ({ kind, outcome }) =>
      kind !== 'cached-read' &&
      outcome !== 'refused' &&
      !(kind === 'read' && outcome === 'indeterminate'),
  );
  const versions = new Map<string, string>();
  for (const one of all)
    if (
      'value' in one &&
      one.outcome === 'done' &&
      one.value !== undefined &&
      one.version !== undefined
    )
      versions.set(one.value, one.version);
  const known = new Set(versions.values());

  /** Whether the condition of a write is met: a value of unknown version may have any that is not another's. */
  const isMet = (state: string | undefined, version: string): boolean | undefined => {
    if (state === undefined) return false;
    const its = versions.get(state);
    if (its !== undefined) return its === version;
    return known.has(version) ? false : undefined;
  };
  const next = (
    state: string | undefined,
    one: RegisterOperation,
  ): { readonly state: string | undefined } | undefined => {
    if (one.kind === 'read' || one.kind === 'cached-read')
      return one.value === state ? { state } : undefined;
    let met: boolean | undefined = true;
    if (one.on !== undefined)
      met = 'absent' in one.on ? state === undefined : isMet(state, one.on.version);
    else if (one.kind === 'delete' && one.outcome === 'conflict') met = state !== undefined;
    else if (one.outcome === 'conflict') return { state };
    if (one.outcome === 'conflict') return met === true ? undefined : { state };
    if (met === false) return undefined;
    return { state: one.kind === 'delete' ? undefined : one.value };
  };
  const isCertain = ({ outcome }: RegisterOperation): boolean => outcome !== 'indeterminate';
  const goesOn = (left: readonly RegisterOperation[], state: string | undefined): boolean =>
    !left.some(isCertain) ||
    left.some((one) => {
      if (left.some((other) => isCertain(other) && other.returned < one.called)) return false;
      const after = next(state, one);
      return (
        after !== undefined &&
        goesOn(
          left.filter((other) => other !== one),
          after.state,
        )
      );
    });
  return goesOn(all, undefined);
}
