import { z } from 'zod';
import { durationPattern, parseDuration } from './duration.ts';
import { didYouMean } from './nearest.ts';
import { selectorWords, type Count, type EachOf, type Selector } from './scenario.ts';

const durationAsText = {
  abort: true,
  error: wrong('a duration of at most 24h with its unit, such as 500ms, 5s, 2m or 1h'),
};

/** A duration: `500ms`, `5s`, `2m`, `1h` in the file, milliseconds out; at most a day. */
export const duration = z
  .string(durationAsText)
  .regex(durationPattern, durationAsText)
  .refine((text) => parseDuration(text) !== undefined, durationAsText)
  .transform((text) => parseDuration(text) ?? 0)
  .describe('A duration with its unit, such as 500ms, 5s, 2m or 1h');

const limitAsText = {
  abort: true,
  error: wrong('a duration with its unit, such as 500ms or 5s, or the word predicted'),
};

/** A limit: a duration (milliseconds out), or `predicted`: what the cluster's own settings say. */
export const limit = z
  .string(limitAsText)
  .regex(new RegExp(`${durationPattern.source}|^predicted$`), limitAsText)
  .refine((text) => text === 'predicted' || parseDuration(text) !== undefined, limitAsText)
  .transform((text) => (text === 'predicted' ? text : (parseDuration(text) ?? 0)))
  .describe('A duration with its unit, or predicted: what the settings of the cluster say');

/** What `limit` gives. */
export type Limit = z.output<typeof limit>;

const shareAsText = { error: wrong('a percentage from 0% to 100%, such as 0.1%') };

/** A share of a whole: `0.1%` in the file, 0.001 out; from 0 to 1. */
export const share = z
  .string(shareAsText)
  .regex(/^(?:100(?:\.0+)?|\d{1,2}(?:\.\d{1,6})?)%$/, shareAsText)
  .transform((text) => Number(text.slice(0, -1)) / 100)
  .describe('A percentage from 0% to 100%, such as 0.1%');

const sizeUnits = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 } as const;

const sizeAsText = { error: wrong('a whole number with its unit, such as 512MiB or 2GiB') };

/** An amount of memory or of disk: `512MiB` in the file, bytes out. */
export const size = z
  .string(sizeAsText)
  .regex(/^\d{1,6}(?:KiB|MiB|GiB|TiB)$/, sizeAsText)
  .transform((text) => parseInt(text, 10) * sizeUnits[text.slice(-3) as keyof typeof sizeUnits])
  .describe('An amount with its unit: KiB, MiB, GiB or TiB');

/** Writes bytes as a file would: in the largest unit that needs no decimals. */
export function formatSize(bytes: number): string {
  for (const unit of ['TiB', 'GiB', 'MiB', 'KiB'] as const)
    if (bytes > 0 && bytes % sizeUnits[unit] === 0) return `${bytes / sizeUnits[unit]}${unit}`;
  return `${bytes} B`;
}

const selectorForms = `${selectorWords.join(', ')}, it, { node: NAME }, { nodes: [NAME, …] }, { holder-of: LEASE }, { runs: { namespace: NAME, labels: { … } } } or { hit-by: STEP }`;
const nodeName = z.string().min(1);

/** Labels of pods, in a selector or of a fault. */
export const podLabels = z
  .record(z.string().min(1), z.string())
  .refine(
    (labels) => Object.keys(labels).length > 0,
    'needs at least one label, such as { app: web }',
  )
  .describe('Labels that the pods have, all of them, such as { app: web }');

const objectAsText = {
  error: wrong('a namespace and a name with a slash between them, such as shop/web'),
};

/** An object of Kubernetes by its namespace and name. */
export const objectName = z
  .string(objectAsText)
  .regex(/^[a-z0-9][a-z0-9-]{0,62}\/[a-z0-9][a-z0-9.-]{0,252}$/, objectAsText)
  .describe('Namespace and name, such as shop/web');

/** Which nodes a fault aims at. */
export const selector: z.ZodType<Selector> = z
  .union(
    [
      z.enum([...selectorWords, 'it']),
      z.strictObject({ node: nodeName }),
      z.strictObject({ nodes: z.array(nodeName).min(1) }),
      z.strictObject({ 'holder-of': nodeName }),
      z.strictObject({
        runs: z.strictObject({ namespace: z.string().min(1), labels: podLabels }),
      }),
      z.strictObject({ 'hit-by': nodeName }),
    ],
    {
      error: (issue) => {
        const { input } = issue;
        const right = wrong(selectorForms)(issue);
        if (typeof input === 'string') return right + didYouMean(input, selectorWords);
        if (typeof input !== 'object' || input === null) return right;
        const [key = ''] = Object.keys(input);
        return right + didYouMean(key, ['node', 'nodes', 'holder-of', 'runs', 'hit-by']);
      },
    },
  )
  .describe(
    'Which node: leader, follower (a voter that does not lead), voter, stand-by, control-plane, worker, endpoint-holder (who has the address of the kubeconfig), { node: NAME }, ' +
      '{ nodes: [NAME, …] }, { holder-of: LEASE } (a Lease of kube-system), { runs: { namespace: NAME, labels: { … } } } (a pod with these labels), it (whose turn it is, within an each), or { hit-by: STEP } (what an earlier fault, still standing, was aimed at)',
  );

const eachWords = ['node', ...selectorWords] as const;

/** The nodes for each of which some steps are done. */
export const eachOf: z.ZodType<EachOf> = z
  .union([z.enum(eachWords), z.strictObject({ nodes: z.array(nodeName).min(1) })], {
    error: (issue) => {
      const right = wrong(`${eachWords.join(', ')} or { nodes: [NAME, …] }`)(issue);
      return typeof issue.input === 'string' ? right + didYouMean(issue.input, eachWords) : right;
    },
  })
  .describe('Each node that this fits as the run begins, in an order that the seed gives');

const countWords = ['one', 'minority', 'majority', 'all'] as const;

/** How many of those that the target fits. */
export const count: z.ZodType<Count> = z
  .union([z.enum(countWords), z.int().min(1).max(1000)], {
    error: wrong(`${countWords.join(', ')} or a number`),
  })
  .describe(
    'How many of those that the target fits, chosen by the seed: one (the default), minority, majority, all, or a number',
  );

/**
 * Makes the message of a field: what was found there, then what would be right.
 * @param right completes "write …", such as "a duration such as 5s"
 */
export function wrong(right: string): (issue: { readonly input?: unknown }) => string {
  return (issue) => `${sayFound(issue.input)}; write ${right}`;
}

/** Says what a file has in a place, in a few words: `is "5"`, `is a list`, `is missing`. */
export function sayFound(value: unknown): string {
  if (value === undefined) return 'is missing';
  if (value === null) return 'is empty';
  if (Array.isArray(value)) return 'is a list';
  if (typeof value === 'object') return 'is a map';
  return `is ${JSON.stringify(value)}`;
}
