import { expect } from 'chai';
import { clocks } from '../testing/trust/clocks/table.ts';
import { checked, readingsOf } from '../testing/trust/clocks/verify.ts';

/** `npm run trust -- calibration` does ten thousand. */
const trials = 60;

describe('the true value lies in the measured interval', function () {
  this.timeout(30_000);

  for (const clock of clocks)
    it(`of ${clock.of}`, () => {
      let measured = 0;
      let read = 0;
      for (let seed = 1; seed <= trials; seed++)
        for (const [name, reading] of readingsOf(clock, seed)) {
          const { span, inside, wrong } = checked(reading);
          read += 1;
          // A run with too few samples around the change is invalid and has no interval.
          if (span !== undefined) measured += 1;
          const said = `${name}, seed ${seed}: ${JSON.stringify(reading)}`;
          expect(wrong, said).to.equal(undefined);
          expect(inside || span === undefined, said).to.equal(true);
        }
      expect(measured).to.be.above(read * 0.9);
    });
});
