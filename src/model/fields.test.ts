import { expect } from 'chai';
import fc from 'fast-check';
import type { z } from 'zod';
import { formatDuration, parseDuration } from './duration.ts';
import { duration, formatSize, limit, selector, share, size } from './fields.ts';
import { nearest } from './nearest.ts';

describe('a duration', () => {
  it('is a number with a unit', () => {
    expect(['500ms', '5s', '1.5s', '2m', '1h', '24h', '0s'].map(parseDuration)).to.deep.equal([
      500, 5000, 1500, 120_000, 3_600_000, 86_400_000, 0,
    ]);
  });

  it('is nothing without a unit, negative, spaced, or longer than a day', () => {
    for (const text of ['5', '-5s', '5 s', 's', '', '5sec', '1e3s', '25h', '99999999h', '0x5s'])
      expect(parseDuration(text), text).to.equal(undefined);
  });

  it('reads back as it was written', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 86_400_000 }), (ms) => {
        expect(parseDuration(formatDuration(ms))).to.equal(ms);
      }),
    );
  });

  it('is written in the largest unit that needs no decimals', () => {
    expect([0, 1500, 45_000, 300_000, 7_200_000].map(formatDuration)).to.deep.equal([
      '0ms',
      '1500ms',
      '45s',
      '5m',
      '2h',
    ]);
  });
});

describe('the shared fields', () => {
  it('give milliseconds, shares and selectors', () => {
    expect(duration.parse('5s')).to.equal(5000);
    expect(limit.parse('predicted')).to.equal('predicted');
    expect(limit.parse('10ms')).to.equal(10);
    expect(share.parse('0.1%')).to.equal(0.001);
    expect(share.parse('100%')).to.equal(1);
    expect(size.parse('512MiB')).to.equal(512 * 2 ** 20);
    expect([2 ** 31, 1536 * 2 ** 20, 100].map(formatSize)).to.deep.equal([
      '2GiB',
      '1536MiB',
      '100 B',
    ]);
    expect(selector.parse('stand-by')).to.equal('stand-by');
    expect(selector.parse({ node: 'pi1' })).to.deep.equal({ node: 'pi1' });
  });

  it('say what they found and what would be right', () => {
    const right = 'write a duration of at most 24h with its unit, such as 500ms, 5s, 2m or 1h';
    expect(complaint(duration, 5)).to.equal(`is 5; ${right}`);
    expect(complaint(duration, '25h')).to.equal(`is "25h"; ${right}`);
    expect(complaint(duration, undefined)).to.equal(`is missing; ${right}`);
    expect(complaint(limit, 'predicated')).to.equal(
      'is "predicated"; write a duration with its unit, such as 500ms or 5s, or the word predicted',
    );
    expect(complaint(share, '101%')).to.equal(
      'is "101%"; write a percentage from 0% to 100%, such as 0.1%',
    );
    for (const wrong of ['512', '512MB', '1.5GiB', 512])
      expect(complaint(size, wrong)).to.match(/write a whole number with its unit, such as 512MiB/);
    const forms =
      'leader, follower, voter, stand-by, control-plane, worker, endpoint-holder, it, { node: NAME }, { nodes: [NAME, …] }, { holder-of: LEASE }, { runs: { namespace: NAME, labels: { … } } } or { hit-by: STEP }';
    expect(complaint(selector, 'laeder')).to.equal(
      `is "laeder"; write ${forms}; did you mean "leader"?`,
    );
    expect(complaint(selector, 'everything')).to.equal(`is "everything"; write ${forms}`);
    expect(complaint(selector, { nod: 'pi1' })).to.equal(
      `is a map; write ${forms}; did you mean "node"?`,
    );
  });

  it('complain once about one value', () => {
    for (const field of [duration, limit, share, selector])
      expect(field.safeParse('nonsense').error?.issues).to.have.length(1);
  });
});

describe('the nearest name', () => {
  it('is a few letters away, or none', () => {
    const names = ['kill', 'wait', 'heal'];
    expect(nearest('kil', names)).to.equal('kill');
    expect(nearest('Heal', names)).to.equal('heal');
    expect(nearest('partition', names)).to.equal(undefined);
  });
});

function complaint(field: z.ZodType, value: unknown): string | undefined {
  return field.safeParse(value, { reportInput: true }).error?.issues[0]?.message;
}
