import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import type { z } from 'zod';
import type { Result } from './result.ts';
import { resultJsonSchema, resultSchema } from './result-schema.ts';

/** Compiles only if each is assignable to the other. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : never) : never;
const same: Same<Result, z.output<typeof resultSchema>> = true;

describe('the schema of result.json', () => {
  it('says the same as the type Result', () => {
    expect(same).to.equal(true);
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
