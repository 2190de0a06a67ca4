import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { aboutOf, badLook, look } from '../testing/looks.ts';
import { podsIn } from '../testing/pods.ts';
import { leftBy, madeAfter, podLooks, tooFewLooks, untested } from './pod-looks.ts';
import type { Used } from './series.ts';

function told(at: number, pods: string, node = 'pi3'): Sample {
  return look(`pods@${node}`, at, { pods: podsIn(pods) });
}

function sound(looks: readonly Sample[]): readonly Used[] {
  return podLooks(aboutOf(looks).timeline, 10_000);
}

describe('what API servers tell of the pods', () => {
  it('is in the order of asking, from two seconds before a fault on, without what failed', () => {
    const looks = [
      ...[told(8000, ''), told(7999, ''), told(12_000, '')],
      ...[told(9000, '', 'pi2'), badLook('pods@pi2', 9500, 'EDEADLINE'), told(11_000, '', 'pi2')],
    ];
    expect(sound(looks).map(({ sent }) => sent)).to.deep.equal([8000, 9000, 11_000, 12_000]);
  });

  it('knows the pods that a fault leaves: neither hit nor on a node that it empties', () => {
    const names = (podsHit: readonly string[]): readonly string[] => {
      const { since } = aboutOf([], { intents: [{ podsHit }], targets: ['pi1', 'pi4'] });
      return podsIn('a@pi1 b@pi2 (c)')
        .filter(leftBy(since))
        .map(({ name }) => name);
    };
    expect(names(['b'])).to.deep.equal(['c']);
    expect(names(['c'])).to.deep.equal(['b']);
    expect(names([])).to.deep.equal(['a', 'b', 'c']);
  });

  it('knows the pods that were made after a look: of another name, or on another node', () => {
    const [before] = sound([told(9000, 'a@pi1 b@pi2 (c)')]);
    const made = podsIn('a@pi1 b@pi3 d@pi2 (c) (e)').filter(madeAfter(before!));
    expect(made.map(({ name }) => name)).to.deep.equal(['b', 'd', 'e']);
  });

  it('says nothing of places where no pod was made anew', () => {
    const { since } = aboutOf([], { intents: [{ podsHit: ['a', 'c'] }] });
    const [before] = sound([told(9000, 'a@pi1 b@pi2 (c@pi3)')]);
    expect(untested(before!, since)).to.deep.equal({
      outcome: 'unknown',
      because: 'none was made in place of a before the fault was taken back',
      evidence: [],
    });
    const [spared] = sound([told(9000, 'b@pi2 (c@pi3)')]);
    expect(untested(spared!, since)).to.deep.equal({
      outcome: 'not-applicable',
      because: 'the fault does not hit the only ready pod of the workload, and none was made anew',
      evidence: [],
    });
  });

  it('tells nothing of a time in which nobody was asked for long, by how often they are', () => {
    const few = (at: number, everyMs = 100): string | undefined => {
      const { timeline } = aboutOf([told(10_500, ''), told(at, '')]);
      const series = timeline.plan.series.map((one) => ({ ...one, everyMs }));
      const { plan, events } = timeline;
      const looks = podLooks(timeline, 10_000);
      return tooFewLooks({ plan: { ...plan, series }, events }, looks, 10_000, 11_400);
    };
    expect(few(11_000)).to.equal(undefined);
    expect(few(11_100)).to.equal('no API server told the pods for 0.60 s from 10.500 s on');
    expect(few(10_600)).to.equal('no API server told the pods for 0.80 s from 10.600 s on');
    expect(few(11_100, 120)).to.equal(undefined);
  });
});
