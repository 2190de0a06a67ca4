/** Quotes a text for /bin/sh, so that it arrives as one word, whatever is in it. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
