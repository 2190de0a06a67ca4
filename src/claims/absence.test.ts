import { expect } from 'chai';
import { lastAbsence } from './absence.ts';
import type { Used } from './series.ts';

/** Polls two hundred milliseconds apart: `y` answered, `r` was refused, `-` ran into its deadline. */
function polls(text: string): readonly Used[] {
  return text.split('').map((kind, index): Used => {
    const due = index * 200;
    const slot = { type: 'sample', series: 'roles@pi1', due, sent: due, got: due + 5 } as const;
    if (kind === 'y') return { ...slot, ok: true };
    return { ...slot, ok: false, error: kind === 'r' ? 'ECONNREFUSED' : 'EDEADLINE' };
  });
}

describe('an absence', () => {
  it('is three polls on end without an answer, and no fewer', () => {
    expect(lastAbsence(polls('yy--yyr-yy'))).to.equal(undefined);
    expect(lastAbsence(polls('r-yy'))).to.equal(undefined);
    expect(lastAbsence(polls('yyrrryy'))).to.deep.equal({ awayAt: 800, silentAt: 800 });
  });

  it('is the latest one', () => {
    expect(lastAbsence(polls('yrrryyrrrry'))).to.deep.equal({ awayAt: 1800, silentAt: 1800 });
  });

  it('is certain to its last refusal: what is lost after it tells nothing', () => {
    expect(lastAbsence(polls('yrrr--y'))).to.deep.equal({ awayAt: 600, silentAt: 1000 });
  });

  it('of a machine without power is certain but for as many polls as may be lost', () => {
    expect(lastAbsence(polls('y-----y'))).to.deep.equal({ awayAt: 600, silentAt: 1000 });
  });
});
