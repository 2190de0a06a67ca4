import { z } from 'zod';
import { sayFound, wrong } from '../model/fields.ts';
import { didYouMean, suggest } from '../model/nearest.ts';
import type { FileDocument } from './document.ts';
import type { Path, Problem } from './problem.ts';

type Issue = z.core.$ZodIssue;
type RawIssue = z.core.$ZodRawIssue;

export type Checked<T> = { readonly value: T } | { readonly problems: readonly Problem[] };

/** Checks the value of a file by its schema; every issue becomes a problem at its place. */
export function check<T>(schema: z.ZodType<T>, document: FileDocument): Checked<T> {
  const parsed = schema.safeParse(document.value, { reportInput: true, error: sayIssue });
  if (parsed.success) return { value: parsed.data };
  return { problems: parsed.error.issues.flatMap((issue) => placed(issue, [], document)) };
}

/** A map with exactly one key of a table, such as a step or an expectation; `what` names it in messages. */
export function oneOf<T>(
  options: Readonly<Record<string, z.ZodType<T>>>,
  what: string,
  alsoAllowed: readonly string[] = [],
): z.ZodType<T> {
  const names = Object.keys(options);
  return z.union(Object.values(options), {
    error: ({ input }) => {
      if (typeof input !== 'object' || input === null || Array.isArray(input))
        return `${sayFound(input)}; write a map with one of: ${names.join(', ')}`;
      const keys = Object.keys(input).filter((key) => !alsoAllowed.includes(key));
      const known = keys.filter((key) => names.includes(key));
      if (known.length > 1)
        return `names ${known.join(' and ')} together; write each as ${what} of its own`;
      const [key] = keys;
      return key === undefined
        ? `names nothing; write one of: ${names.join(', ')}`
        : `${JSON.stringify(key)} is not ${what}${suggest(key, names)}`;
    },
  });
}

function placed(issue: Issue, above: Path, document: FileDocument): readonly Problem[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const messages = issue.message.split('\n');
    return issue.keys.map((key, index) =>
      document.problemAt([...path, key], messages[index] ?? 'is unknown', 'key'),
    );
  }
  const meant = issue.code === 'invalid_union' ? meantOption(issue) : undefined;
  if (meant !== undefined) return meant.flatMap((inner) => placed(inner, path, document));
  return [document.problemAt(path, issue.message, issue.code === 'invalid_key' ? 'key' : 'value')];
}

/** The issues of the one alternative of a union that the writer must have meant; undefined if none stands out. */
function meantOption(issue: z.core.$ZodIssueInvalidUnion): readonly Issue[] | undefined {
  const ofRightKind = issue.errors.filter((issues) =>
    issues.every(({ path, code }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  if (ofRightKind.length === 1) return ofRightKind[0];
  const withItsKeys = ofRightKind.filter((issues) =>
    issues.every(({ path }) => path.length !== 1 || has(issue.input, path[0])),
  );
  return withItsKeys.length === 1 ? withItsKeys[0] : undefined;
}

function has(value: unknown, key: PropertyKey | undefined): boolean {
  return (
    typeof value === 'object' && value !== null && key !== undefined && Object.hasOwn(value, key)
  );
}

/** Words for what a schema has no words of its own for: what was found, and what would be right. */
function sayIssue(issue: RawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return wrong(nouns[issue.expected] ?? `a ${issue.expected}`)(issue);
    case 'invalid_value':
      return sayChoices(issue.input, issue.values.map(String));
    case 'unrecognized_keys':
      // One line for each key, in their order: `placed` puts each at its own place.
      return issue.keys.map((key) => `is unknown${suggest(key, knownKeys(issue.inst))}`).join('\n');
    case 'too_small':
      return sayTooSmall(issue);
    case 'too_big':
      return wrong(`at most ${Number(issue.maximum)}`)(issue);
    case 'invalid_key':
      return issue.issues[0]?.message;
    case 'custom':
    case 'invalid_element':
    case 'invalid_format':
    case 'invalid_union':
    case 'not_multiple_of':
      return undefined;
  }
}

function sayTooSmall(issue: z.core.$ZodRawIssue<z.core.$ZodIssueTooSmall>): string {
  if (issue.origin === 'string') return wrong('a text that is not empty')(issue);
  return issue.origin === 'number' || issue.origin === 'int'
    ? wrong(`at least ${Number(issue.minimum)}`)(issue)
    : `is empty; write at least ${Number(issue.minimum)}`;
}

const nouns: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'a map',
  record: 'a map',
  array: 'a list',
};

function sayChoices(input: unknown, values: readonly string[]): string {
  const right = values.length === 1 ? values.join() : `one of: ${values.join(', ')}`;
  const meant = typeof input === 'string' && values.length > 1 ? didYouMean(input, values) : '';
  return wrong(right)({ input }) + meant;
}

function knownKeys(schema: unknown): readonly string[] {
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
}
