/** YAML that is nearly right: documents near to a schema, and texts near to real files. */
import fc from 'fast-check';
import { stringify } from 'yaml';

/** Values that stand where another was expected. */
const strange: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom(
    ...[null, true, false, 0, -1, 1, 1e308, -1e308, 2 ** 53, 1.5, NaN, Infinity, '', ' ', '5'],
    ...['5s', '-5s', '99999999h', '1e9s', '0s', '٣s', '5 s', 'all', 'heal', 'it', 'leader', 'kill'],
    ...[
      '__proto__',
      'constructor',
      'toString',
      'hasOwnProperty',
      '🦀',
      '\u0000',
      '\ud800',
      'é\u0301',
    ],
    ...['2026-11-21', '0x10', '0o17', '~', '<<', '*a', '&a', '!!js/function', '%', '@', '`', '\t'],
    [],
    {},
    [[]],
    [null],
    'x'.repeat(5000),
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.jsonValue({ maxDepth: 4 }),
);

/** A change of one place in a value: which, and to what. */
interface Change {
  readonly at: number;
  readonly how: 'replace' | 'remove' | 'add' | 'rename' | 'wrap' | 'swap';
  readonly with: unknown;
  readonly name: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  at: fc.nat(200),
  how: fc.constantFrom('replace', 'replace', 'remove', 'add', 'rename', 'wrap', 'swap'),
  with: strange,
  name: fc.oneof(
    fc.constantFrom('target', 'within', 'after', 'id', 'on', 'do', 'nodes', '__proto__', '<<', ''),
    fc.string({ unit: 'binary', maxLength: 10 }),
  ),
});

type Holder = Record<string, unknown> | unknown[];

/** A value with some of its places changed. @param base what JSON can hold */
export function near(bases: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc
    .tuple(fc.constantFrom(...bases), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([base, changes]) => {
      const root = { value: structuredClone(base) };
      for (const one of changes) apply(root, one);
      return root.value;
    });
}

/** Every place in a value that holds another one. */
function placesIn(value: Holder): { readonly holder: Holder; readonly key: string }[] {
  return Object.entries(value).flatMap(([key, inner]) => [
    { holder: value, key },
    ...(typeof inner === 'object' && inner !== null ? placesIn(inner as Holder) : []),
  ]);
}

function apply(root: { value: unknown }, { at, how, with: given, name }: Change): void {
  // Many changes are given the same object: what is put in twice must not hold itself.
  const other = structuredClone(given);
  const all = placesIn(root);
  const place = all[at % all.length];
  if (place === undefined) return;
  const { holder, key } = place;
  const here = holder as Record<string, unknown>;
  const set = (to: string, value: unknown): void => {
    Object.defineProperty(here, to, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  };
  const another = all[(at * 7 + 3) % all.length];
  if (how === 'replace') set(key, other);
  else if (how === 'wrap') set(key, at % 2 === 0 ? [here[key]] : { [name]: here[key] });
  else if (how === 'swap' && another !== undefined)
    set(key, structuredClone((another.holder as Record<string, unknown>)[another.key]));
  else if (Array.isArray(holder)) {
    if (how === 'remove') holder.splice(Number(key), 1);
    else holder.push(structuredClone(holder[Number(key)]), other);
  } else if (how === 'add') set(name, other);
  else if (holder !== root) {
    if (how === 'rename') set(name, here[key]);
    Reflect.deleteProperty(here, key);
  }
}

/** A value as JSON; a number that JSON has no word for is what it makes of it. */
export function jsonOf(value: unknown): string {
  const plain = (_: string, inner: unknown): unknown =>
    typeof inner === 'bigint' ? Number(inner) : inner;
  return value === undefined ? '' : JSON.stringify(value, plain);
}

/** A value as YAML, written one way or another. */
export function asYaml(values: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  return fc
    .tuple(
      values,
      fc.record({
        collectionStyle: fc.constantFrom('any', 'block', 'flow'),
        defaultStringType: fc.constantFrom('PLAIN', 'QUOTE_DOUBLE', 'BLOCK_LITERAL'),
        indent: fc.constantFrom(1, 2, 7),
      }),
    )
    .map(([value, how]) => {
      try {
        return stringify(value, { ...how, lineWidth: 0 });
      } catch {
        // Some values have no YAML; they have JSON, which is some of it.
        return JSON.stringify(value, (_, inner: unknown) =>
          typeof inner === 'bigint' ? inner.toString() : inner,
        );
      }
    });
}

/** Lines that stand for trouble of their own: aliases, bombs, depths, tags, directives. */
const tricks = [
  '&a [*a]',
  '&a {a: *a}',
  '- &a {b: [*a, *a]}\n- *a',
  `&a0 [x]\n${Array.from({ length: 12 }, (_, i) => `? &a${i + 1} [${`*a${i},`.repeat(9)}]\n`).join('')}`,
  `a0: &a0 [lol]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array.from({ length: 9 }, () => `*a${i}`).join(', ')}]`).join('\n')}`,
  'base: &base {name: x}\n<<: *base',
  '<<: [1, 2]',
  '<<: &m {<<: *m}',
  '!!map [1]',
  '!!binary "%%%"',
  '!!set {a, b}',
  '!!omap [a: 1]',
  '!!timestamp x',
  '!!js/function "x"',
  '!<tag:yaml.org,2002:int> abc',
  '? {a: 1}\n: b',
  '? [a, b]\n: c',
  '? |\n  long\n: x',
  '%YAML 9.9\n---\na: 1',
  '%TAG ! tag:x,2000:\n---\n!x a',
  '---\na: 1\n---\nb: 2',
  '...\n...',
  '"\\ud800"',
  "'",
  '"',
  '{',
  '[',
  '- - - -',
  'a: b: c',
  'a:\n\t- b',
  '\ufeffname: x',
  'name: x\r\ntitle: y\r',
  '[['.repeat(400),
  `${'['.repeat(200)}${']'.repeat(200)}`,
  `${'{a: '.repeat(3000)}1${'}'.repeat(3000)}`,
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  Array.from({ length: 500 }, (_, i) => `${' '.repeat(i)}a:`).join('\n'),
  '- '.repeat(3000),
  `a: ${'&x '.repeat(2000)}1`,
  '!a '.repeat(2000),
  `k: ${'9'.repeat(5000)}`,
];

/** Texts that are real ones with some of their bytes changed, lost, doubled or moved, and tricks among their lines. */
export function mutated(texts: readonly string[]): fc.Arbitrary<string> {
  const edit = fc.record({
    how: fc.constantFrom('cut', 'drop', 'double', 'byte', 'insert', 'swap', 'indent', 'alias'),
    at: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    to: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
    text: fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom(
        ...tricks,
        ':',
        '- ',
        '  ',
        '\t',
        '#',
        '|',
        '>',
        '{',
        '}',
        '*',
        '&',
        '!',
        '%',
      ),
    ),
  });
  return fc
    .tuple(fc.constantFrom(...texts, ''), fc.array(edit, { minLength: 1, maxLength: 5 }))
    .map(([text, edits]) => edits.reduce(edited, text));
}

interface Edit {
  readonly how: string;
  readonly at: number;
  readonly to: number;
  readonly text: string;
}

function edited(text: string, { how, at, to, text: other }: Edit): string {
  const lines = text.split('\n');
  const line = Math.floor(at * lines.length);
  const offset = Math.floor(at * text.length);
  switch (how) {
    case 'cut':
      return text.slice(0, offset);
    case 'drop':
      return lines.toSpliced(line, 1).join('\n');
    case 'double':
      return lines.toSpliced(line, 0, lines[line] ?? '').join('\n');
    case 'byte':
      return text.slice(0, offset) + other + text.slice(offset + other.length);
    case 'insert':
      return lines.toSpliced(line, 0, other).join('\n');
    case 'swap': {
      const second = Math.floor(to * lines.length);
      return lines
        .with(line, lines[second] ?? '')
        .with(second, lines[line] ?? '')
        .join('\n');
    }
    case 'indent':
      return lines.with(line, `  ${lines[line] ?? ''}`).join('\n');
    default: {
      // The value of one line becomes an anchor, that of another an alias of it.
      const second = Math.floor(to * lines.length);
      return lines
        .map((one, index) =>
          index === line
            ? one.replace(/: (?=\S)/, ': &a ')
            : index === second
              ? one.replace(/: .*/, ': *a')
              : one,
        )
        .join('\n');
    }
  }
}

/** Bytes that nobody meant, read as UTF-8. */
export const bytes: fc.Arbitrary<string> = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((raw) => Buffer.from(raw).toString('utf8')),
  fc.string({
    unit: fc.constantFrom(...'-:?[]{}&*!|>\'"%@`#,\n \tab1~<='.split(/(?:)/u)),
    maxLength: 60,
  }),
  fc.constantFrom(...tricks),
);
