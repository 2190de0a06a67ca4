/** Text that is HTML, SVG or XML already. Only `markup` makes it, so nothing gets into a page unescaped. */
export interface Markup {
  readonly markup: string;
}

type Piece = string | number | Part | readonly Part[];
type Part = Markup | false | undefined;

/** Builds markup from a template: strings and numbers in it are escaped, markup is not, `false` and `undefined` vanish. */
export function markup(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  const parts = strings.map((string, index) => string + write(pieces[index]));
  return { markup: parts.join('') };
}

/** Marks our own style sheet or script as markup; never for text that came from outside. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** Escapes text for content and for quoted attributes; what XML 1.0 forbids becomes U+FFFD. */
export function escape(text: string): string {
  return text.replace(forbidden, '\uFFFD').replace(/[&<>"']/g, (char) => entities[char] ?? char);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

// Control characters, half surrogate pairs and the two non-characters.
const forbidden = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

function write(piece: Piece): string {
  if (piece === undefined || piece === false) return '';
  if (typeof piece === 'string') return escape(piece);
  if (typeof piece === 'number') return String(piece);
  return 'markup' in piece ? piece.markup : piece.map(write).join('');
}
