import { expect } from 'chai';
import { alarms } from './lies/alarms.ts';
import { lies } from './lies/table.ts';

// A node that does not fall silent is listened to for five seconds, and its proofs have ten.
describe('sabotage', function () {
  this.timeout(30_000);
  for (const [about, some] of Object.entries(lies))
    describe(`of ${about}: it is found that`, () => {
      for (const { lie, honest, honestOutcome, told, outcome, claim, because } of some)
        it(lie, async () => {
          const truth = await honest();
          expect(truth.outcome, `without the lie: ${truth.because}`).to.equal(honestOutcome);
          const said = await told();
          expect(said.outcome, said.because).to.equal(outcome).and.not.equal('pass');
          expect(said.claim).to.equal(claim);
          expect(said.because).to.match(because);
        });
    });

  describe('does not make Holdfast cry wolf:', () => {
    for (const { alarm, said } of alarms)
      it(alarm, () => {
        const { outcome, because } = said();
        expect(outcome, because).to.equal('pass');
      });
  });
});
