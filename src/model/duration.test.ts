import { expect } from 'chai';
import { formatDuration, longestDurationMs, parseDuration } from './duration.ts';

describe('a duration in a file', () => {
  it('is a number with its unit, up to a day', () => {
    const right = {
      '500ms': 500,
      '0.125ms': 0.125,
      '1.5s': 1500,
      '2m': 120_000,
      '24h': 86_400_000,
    };
    for (const [text, ms] of Object.entries(right)) expect(parseDuration(text), text).to.equal(ms);
    for (const wrong of [
      '',
      '5',
      's',
      '-5s',
      '5 s',
      '5sec',
      '1.2345s',
      '.5s',
      '24.001h',
      '٣s',
      '5s\n',
    ])
      expect(parseDuration(wrong), wrong).to.equal(undefined);
    expect(parseDuration('86400s')).to.equal(longestDurationMs);
    expect(parseDuration('86400.001s')).to.equal(undefined);
  });

  it('is exact where its number has no binary fraction', () => {
    expect(parseDuration('9.008h')).to.equal(32_428_800);
    expect(parseDuration('0.007s')).to.equal(7);
    expect(parseDuration('1.001ms')).to.equal(1.001);
  });

  it('is written in the largest unit that needs no decimals', () => {
    const texts = {
      0: '0ms',
      500: '500ms',
      1500: '1500ms',
      5000: '5s',
      120_000: '2m',
      7_200_000: '2h',
    };
    for (const [ms, text] of Object.entries(texts))
      expect(formatDuration(Number(ms))).to.equal(text);
  });
});
