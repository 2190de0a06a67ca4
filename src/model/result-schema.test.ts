import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { z } from 'zod';
import type { Result } from './result.ts';
import {
  anyResultSchema,
  resultJsonSchema,
  type campaignSchema,
  type fleetSchema,
  type gamedaySchema,
  type gateSchema,
} from './any-result-schema.ts';
import type { CampaignResult, GamedayResult } from './campaign-result.ts';
import type { FleetResult } from './fleet-result.ts';
import type { GateResult } from './gate-result.ts';
import { resultSchema } from './result-schema.ts';

/** Compiles only if each is assignable to the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: readonly [
  Same<Result, z.output<typeof resultSchema>>,
  Same<CampaignResult, z.output<typeof campaignSchema>>,
  Same<GamedayResult, z.output<typeof gamedaySchema>>,
  Same<GateResult, z.output<typeof gateSchema>>,
  Same<FleetResult, z.output<typeof fleetSchema>>,
] = [true, true, true, true, true];

describe('the schema of result.json', () => {
  it('says the same as the types', () => {
    expect(same).to.deep.equal([true, true, true, true, true]);
    const kinds = anyResultSchema.options.map(({ shape }) => shape.kind.value);
    expect(kinds).to.deep.equal(['run', 'campaign', 'gameday', 'gate', 'fleet']);
  });

  it('is committed as it is', async () => {
    const file = new URL('../../docs/schema/result.json', import.meta.url);
    const committed: unknown = JSON.parse(await readFile(file, 'utf8'));
    expect(committed, 'docs/schema/result.json is out of date').to.deep.equal(resultJsonSchema());
  });

  it('refuses what is not in it', () => {
    const { error } = resultSchema.safeParse({ schema: 'holdfast.dev/result/v1', surprise: 1 });
    expect(error?.issues.map(({ path }) => path.join('.'))).to.include('run');
    expect(error?.issues.some(({ code }) => code === 'unrecognized_keys')).to.equal(true);
  });
});
