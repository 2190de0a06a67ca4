/**
 * What no run may leave changed, by node: sorted lines `section<TAB>text`, such as `nft<TAB>table inet filter`.
 * What Kubernetes changes by itself is not in it.
 */
export type Fingerprint = Readonly<Record<string, readonly string[]>>;

/** What differs, a line each: `pi2: nft: + table inet holdfast_3f9a1c`; empty if nothing does. Order does not matter. */
export function fingerprintDifferences(before: Fingerprint, now: Fingerprint): readonly string[] {
  return Object.entries(before).flatMap(([node, was]) => {
    const is = now[node];
    if (is === undefined) return [`${node}: not known: it was not asked again`];
    const say = (sign: '+' | '-', lines: readonly string[]): string[] =>
      lines.map((line) => {
        const [section = '', ...rest] = line.split('\t');
        return `${node}: ${section}: ${sign} ${rest.join(' ')}`;
      });
    return [...say('-', without(was, is)), ...say('+', without(is, was))];
  });
}

function without(some: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return [...new Set(some)].filter((line) => !known.has(line));
}
