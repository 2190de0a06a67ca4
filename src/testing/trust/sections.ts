/**
 * Puts a text into a document between its marks, `<!-- trust:NAME -->` and `<!-- end:NAME -->`; everything else stays.
 * @throws Error if the document lacks one of the marks
 */
export function withSection(document: string, name: string, text: string): string {
  const begin = `<!-- trust:${name} -->`;
  const end = `<!-- end:${name} -->`;
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/trust.md has no ${begin} … ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${text.trim()}\n\n${document.slice(to)}`;
}
