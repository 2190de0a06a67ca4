import { z } from 'zod';
import { duration, wrong } from '../model/fields.ts';

const text = z.string().min(1);

const dayAsText = { error: wrong('a day such as 2026-12-31') };
const day = z
  .string(dayAsText)
  .regex(/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/, dayAsText)
  .describe('The last day on which it is tolerated');

const slugAsText = {
  error: wrong('a name of small letters, digits and hyphens, at most 31 in all'),
};

/** The schema of a game day's file; that its scenarios exist is checked when it is run. */
export const gamedayFile = z
  .strictObject({
    apiVersion: z.literal('holdfast.dev/v1'),
    kind: z.literal('GameDay'),
    name: z
      .string(slugAsText)
      .regex(/^[a-z][a-z0-9-]{0,30}$/, slugAsText)
      .describe('What it is called in reports and in the history'),
    title: text.describe('One line'),
    scenarios: z
      .array(
        z.strictObject({
          scenario: text.describe("Name of one of the package's scenarios, or a path from here"),
          trials: z.int().min(1).max(1000).default(1),
        }),
      )
      .min(1),
    order: z
      .enum(['shuffled', 'as-written'])
      .default('shuffled')
      .describe('Shuffled by the seed, in rounds of one trial of each scenario'),
    budget: duration
      .optional()
      .describe('How long all of it may take, compared with an estimate first'),
    'stop-after': z
      .int()
      .min(1)
      .optional()
      .describe('No more trials once so many have failed; residue and lost writes always end it'),
    'recover-within': duration
      .default(300_000)
      .describe('How long the cluster may take to be well again between two trials'),
    known: z
      .array(
        z.strictObject({
          scenario: text.describe('Name of the scenario'),
          claim: text.describe('Name of the claim, as the report has it'),
          reason: text.describe('Why it fails, or where that is written'),
          until: day,
        }),
      )
      .default([])
      .describe('Failures that are tolerated up to a day if they get no worse'),
  })
  .describe('A Holdfast game day');

export type WrittenGameday = z.output<typeof gamedayFile>;
