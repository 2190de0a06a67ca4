import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { anyResultSchema } from '../model/any-result-schema.ts';
import type { Gameday } from '../model/gameday.ts';
import { writeRack } from '../testing/rack.ts';
import { CommandError } from './context.ts';
import { gameday } from './gameday.ts';

describe('a game day on a cluster that is out of reach', () => {
  let folder = '';
  let cluster = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-gameday-'));
    cluster = writeRack(folder);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const day: Gameday = {
    name: 'night',
    title: 'A night',
    scenarios: [{ scenario: 'leader-loss', trials: 2 }],
    order: 'as-written',
    recoverMs: 1000,
    known: [],
  };
  const reports = (): string => join(folder, 'reports');

  it('leaves a result that says so, in place of that of an earlier night', async () => {
    const exit = await gameday(day, folder, { cluster, reports: reports() });
    expect(exit).to.equal(69);
    const text = readFileSync(join(reports(), 'latest', 'result.json'), 'utf8');
    const result = anyResultSchema.parse(JSON.parse(text));
    expect(result).to.include({ kind: 'gameday', outcome: 'unreachable', exitCode: 69 });
    expect(result).to.have.nested.property('scenarios[0].asked', 2);
    expect(readdirSync(reports())).to.have.length(2);
  });

  it('leaves nothing if it was to break nothing', async () => {
    const error: unknown = await gameday(day, folder, {
      ...{ cluster, reports: reports() },
      dryRun: true,
    }).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(CommandError).with.property('outcome', 'unreachable');
    expect(existsSync(reports())).to.equal(false);
  });
});
