import { expect } from 'chai';
import { faults } from './table.ts';
import type { FaultTable } from '../model/tables.ts';

describe('the table of faults', () => {
  for (const [name, { example, schema }] of Object.entries<FaultTable[string]>(faults))
    it(`shows how ${name} is written by an example that can be read`, () => {
      expect(schema.safeParse(example).error).to.equal(undefined);
    });
});
