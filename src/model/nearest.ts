/** The name that was probably meant: the one few letters away from what was written, or undefined. */
export function nearest(written: string, names: readonly string[]): string | undefined {
  const reach = Math.max(1, Math.floor(written.length / 3));
  const near = names
    .map((name) => ({ name, away: lettersApart(written.toLowerCase(), name.toLowerCase()) }))
    .filter(({ away }) => away <= reach)
    .sort((a, b) => a.away - b.away);
  return near[0]?.name;
}

/** Ends a sentence about a wrong name: `; did you mean "kill"?`, or nothing if no name is near. */
export function didYouMean(written: string, names: readonly string[]): string {
  const meant = nearest(written, names);
  return meant === undefined ? '' : `; did you mean ${JSON.stringify(meant)}?`;
}

/** Ends a sentence about an unknown name: the name that was probably meant, else all the names there are. */
export function suggest(written: string, names: readonly string[]): string {
  const known = names.length > 0 ? `; known: ${names.join(', ')}` : '';
  return didYouMean(written, names) || known;
}

/** Levenshtein distance, one row of the table at a time. */
function lettersApart(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (const [row, letter] of Array.from(a).entries()) {
    const current = [row + 1];
    for (let column = 1; column <= b.length; column++) {
      const replaced = (above[column - 1] ?? 0) + (letter === b[column - 1] ? 0 : 1);
      const dropped = (above[column] ?? 0) + 1;
      const added = (current[column - 1] ?? 0) + 1;
      current.push(Math.min(replaced, dropped, added));
    }
    above = current;
  }
  return above[b.length] ?? 0;
}
