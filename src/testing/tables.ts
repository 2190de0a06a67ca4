import { z } from 'zod';
import { faults } from '../faults/table.ts';
import { duration, limit, share } from '../model/fields.ts';
import type { ClaimKind, Tables } from '../model/tables.ts';

const within = z.strictObject({ within: limit, after: z.string().optional() });

/** The real faults, and claims that stand for the real ones where judging does not matter. */
export const testTables: Tables = {
  faults,
  claims: {
    'leader-elected': claim(within, ['leader']),
    'voters-restored': claim(within, ['roles', 'leader']),
    'workload-available': claim(z.strictObject({ failed: share, 'longest-outage': duration }), [
      'web-new',
      'web-reused',
    ]),
    'write-outage': claim(z.strictObject({ longest: duration }), ['write']),
    'acknowledged-writes-survive': claim(z.strictObject({}), ['write', 'read', 'history']),
    'cluster-recovers': claim(
      z.strictObject({ within: limit, after: z.literal('heal').default('heal') }),
      ['nodes'],
    ),
  },
};

function claim(schema: z.ZodType<object>, probes: readonly string[]): ClaimKind {
  return { summary: 'a claim of tests', schema, probes, title: (params) => JSON.stringify(params) };
}
