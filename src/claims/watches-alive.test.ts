import { expect } from 'chai';
import type { Verdict } from '../model/verdict.ts';
import { leaderLoss, timelineOf, type Script } from '../testing/timelines.ts';
import { watchesAlive } from './watches-alive.ts';

const probes = ['watch', 'write'];
/** Of healing, after the fault. */
const healed = leaderLoss.heal - leaderLoss.fired;

function verdictOf(changes: Partial<Script> = {}, written: object = {}): Verdict {
  const params = watchesAlive.schema.parse({ within: '5s', after: 'heal', ...written });
  return watchesAlive.judge(params, timelineOf({ probes, ...changes }));
}

describe('watches-alive', () => {
  it('passes where every watch tells what is written, the victim’s once it is back', () => {
    // Its API server is back eight seconds after the healing.
    const verdict = verdictOf({}, { within: '20s' });
    expect(verdict.outcome, verdict.because).to.equal('pass');
    expect(verdict.title).to.equal(
      'watches on every API server tell what is written within 20 s of healing',
    );
    expect(Object.keys(verdict.clocks ?? {})).to.deep.equal(['pi1', 'pi2', 'pi3', 'pi4']);
    expect(verdictOf().outcome).to.equal('fail');
  });

  it('fails where one is open and silent, while reads and writes work', () => {
    const silences = [{ node: 'pi3', from: 2000, to: 90_000 }];
    const verdict = verdictOf({ silences }, { within: '20s' });
    expect(verdict.outcome, verdict.because).to.equal('fail');
    expect(verdict.measuredMs).to.have.property('atLeast').above(20_000);
    expect(verdict.because).to.match(/not told any more by the watch on pi3/);
    expect(verdict.evidence.join('\n')).to.match(/watch@pi3: behind .* \(it had told \d+ of pi4\)/);
    expect(verdictOf({ silences }, { within: '1m' }).outcome).to.equal('unknown');
  });

  it('measures until a silent one tells again', () => {
    const silences = [{ node: 'pi3', from: 2000, to: healed + 12_000 }];
    const verdict = verdictOf({ silences }, { on: 'every-survivor', within: '20s' });
    const { measuredMs } = verdict;
    expect(measuredMs).to.have.property('lo').within(11_000, 12_000);
    expect(measuredMs).to.have.property('hi').within(11_900, 12_500);
    expect(verdict.outcome).to.equal('pass');
  });

  it('counts from the fault, of those that are not hit', () => {
    const written = { on: 'every-survivor', after: undefined };
    expect(verdictOf({}, written).outcome).to.equal('pass');
    const silences = [{ node: 'pi2', from: 500, to: 20_000 }];
    expect(verdictOf({ silences }, written).outcome).to.equal('fail');
  });

  it('is invalid where nothing was written that a watch could have told', () => {
    const deaf = [{ series: 'write@pi4', from: 43_000, to: 90_000 }];
    const verdict = verdictOf({ deaf }, { on: 'every-survivor' });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/looks at the watch on pi3 told anything since then/);
  });

  it('is invalid where a watch told nothing before the fault', () => {
    const silences = [{ node: 'pi2', from: -30_000, to: 90_000 }];
    const verdict = verdictOf({ silences });
    expect(verdict.outcome).to.equal('invalid');
    expect(verdict.because).to.match(/the watch on pi2 told anything before the fault/);
  });
});
