import { isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import { inOrder, sayPath } from './problem.ts';
import type { Document, YAMLError } from 'yaml';
import type { Path, Problem } from './problem.ts';

/** A YAML file as a plain value, and where each part of it was written. */
export interface FileDocument {
  readonly value: unknown;
  /** What YAML itself found wrong while the rest could still be read: duplicate keys, unknown tags. */
  readonly problems: readonly Problem[];
  /** Makes a problem at a place: at the value, or at its key, or at what encloses it if neither is there. */
  readonly problemAt: (path: Path, message: string, at?: 'value' | 'key') => Problem;
}

/** More aliases than any honest file has: beyond, a file of a few lines could fill the memory. */
const maxAliases = 100;

/** More than any honest file has: bytes that are parsed for seconds are no scenario. In characters. */
const longestText = 256 << 10;

/** So many brackets, one in the other, are in no honest file, and take the parser time that grows with their square. */
const deepestBrackets = 200;

/** Reads YAML 1.2; what cannot be read at all gives problems only. */
export function readDocument(
  text: string,
  file: string,
): FileDocument | { problems: readonly Problem[] } {
  const lines = new LineCounter();
  const unreadable = (message: string): { problems: readonly Problem[] } => ({
    problems: [{ file, line: 1, column: 1, path: '', message }],
  });
  if (text.length > longestText)
    return unreadable(`has ${text.length} characters; at most ${longestText} are read`);
  const document = isDeep(text) ? undefined : parsed(text, lines);
  if (document === undefined) return unreadable('is nested too deeply to be read');
  const problem = (offset: number, path: Path, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return {
      file,
      line: Math.max(1, line),
      column: Math.max(1, col),
      path: sayPath(path),
      message,
    };
  };
  const found = [...document.errors, ...document.warnings].map((error) =>
    problem(error.pos[0], [], sayError(error)),
  );
  if (document.errors.some((error) => error.code !== 'DUPLICATE_KEY'))
    return { problems: inOrder(found) };
  const plain = toPlain(document);
  if ('because' in plain) return { problems: inOrder([...found, problem(0, [], plain.because)]) };
  return {
    value: plain.value,
    problems: found,
    problemAt: (path, message, at = 'value') =>
      problem(offsetOf(document, path, at), path, message),
  };
}

function isDeep(text: string): boolean {
  let open = 0;
  for (const character of text) {
    if (character === '[' || character === '{') open += 1;
    else if (character === ']' || character === '}') open = Math.max(0, open - 1);
    if (open > deepestBrackets) return true;
  }
  return false;
}

/** @returns undefined where one thing stands in another so often that the parser has no room for it */
function parsed(text: string, lineCounter: LineCounter): Document.Parsed | undefined {
  try {
    return parseDocument(text, {
      lineCounter,
      strict: true,
      uniqueKeys: true,
      version: '1.2',
      prettyErrors: false,
      // What it has to say is among its errors; on standard error it would say some of it again.
      logLevel: 'error',
    });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function toPlain(document: Document.Parsed): { value: unknown } | { because: string } {
  try {
    return { value: document.toJS({ maxAliasCount: maxAliases }) as unknown };
  } catch (error) {
    // The library throws a ReferenceError for an alias without an anchor and for too many of them.
    if (error instanceof ReferenceError)
      return { because: `${error.message}; write the values themselves` };
    throw error;
  }
}

function sayError({ code, message }: YAMLError): string {
  if (code === 'DUPLICATE_KEY') return 'this key is written twice in one map; keep one';
  if (code === 'TAG_RESOLVE_FAILED') return `${message}; write the value without a tag`;
  return `is not YAML: ${message}`;
}

function offsetOf(document: Document.Parsed, path: Path, at: 'value' | 'key'): number {
  const key = path.at(-1);
  const parent = path.slice(0, -1);
  const enclosing: unknown = path.length > 0 ? document.getIn(parent, true) : undefined;
  if (at === 'key' && isMap(enclosing)) {
    const pair = enclosing.items.find(
      (item) => isScalar(item.key) && String(item.key.value) === key,
    );
    if (isScalar(pair?.key)) return pair.key.range?.[0] ?? 0;
  }
  const node: unknown = document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length > 0 ? offsetOf(document, parent, 'value') : 0;
}
