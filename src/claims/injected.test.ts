import { expect } from 'chai';
import type { Intent } from '../model/intent.ts';
import type { PlannedStep } from '../model/plan.ts';
import type { Event, FaultEvent, Timeline } from '../model/timeline.ts';
import { intentOf } from '../testing/intent.ts';
import { timelineWith } from '../testing/looks.ts';
import {
  allInjected,
  healedAt,
  hitToTheEnd,
  horizonOf,
  injectedBy,
  notYet,
  settledAt,
  sinceOf,
} from './injected.ts';

const aimedAt = (node: string, id: string): Intent => ({
  ...intentOf('test', node, 'node-timer', []),
  membersDown: [id],
});
const [first, second, third] = [aimedAt('pi1', '1'), aimedAt('pi2', '2'), aimedAt('pi3', '3')];

const step = (id: string): PlannedStep => ({ kind: 'fault', id, fault: 'kill', params: {} });
const steps = [{ kind: 'hold', id: 'wait', forMs: 1 } as const, ...['a', 'b', 'c'].map(step)];

/** A deed of a step, known to 10 ms. */
function done(step: string, state: 'fired' | 'undone', at: number, intent?: Intent): FaultEvent {
  const event = { type: 'fault', step, state, at, span: { lo: at - 10, hi: at } } as const;
  return { ...event, ...(intent !== undefined && { intent }) };
}

function timelineOf(...events: readonly Event[]): Timeline {
  const { plan } = timelineWith([]);
  return { plan: { ...plan, steps }, events };
}

const both = timelineOf(
  ...[done('a', 'fired', 10_000, first), done('b', 'fired', 12_000, second)],
  ...[done('b', 'undone', 14_000), done('a', 'undone', 16_000)],
);

describe('a fault that was injected', () => {
  it('is the first of the plan, or the one that is named', () => {
    expect(injectedBy(both)).to.deep.equal({
      step: 'a',
      intent: first,
      fired: { lo: 9990, hi: 10_000 },
      undone: { lo: 15_990, hi: 16_000 },
    });
    expect(injectedBy(both, 'b')).to.include({ step: 'b', intent: second });
    expect(injectedBy(both, 'wait')).to.equal(undefined);
    expect(injectedBy(both, 'c')).to.equal(undefined);
    expect(allInjected(both).map((one) => one.step)).to.deep.equal(['a', 'b']);
  });

  it('is as it was designed last, and lasts while it is not taken back', () => {
    const again = timelineOf(
      { type: 'fault', step: 'a', state: 'journaled', at: 9000, intent: first },
      done('a', 'fired', 10_000, third),
      { type: 'fault', step: 'a', state: 'bit', at: 10_100 },
    );
    expect(injectedBy(again)).to.deep.equal({
      step: 'a',
      intent: third,
      fired: { lo: 9990, hi: 10_000 },
    });
    expect(horizonOf(again, injectedBy(again)!)).to.equal(10_100);
    expect(horizonOf(both, injectedBy(both)!)).to.equal(15_990);
  });

  it('lies between what was done before it and its event, where it has no span of its own', () => {
    const bare = timelineOf(
      { type: 'fault', step: 'a', state: 'armed', at: 9700, intent: first },
      { type: 'fault', step: 'a', state: 'fired', at: 10_000 },
      { type: 'fault', step: 'a', state: 'bit', at: 10_100 },
    );
    expect(injectedBy(bare)?.fired).to.deep.equal({ lo: 9700, hi: 10_000 });
    const alone = { type: 'fault', step: 'a', state: 'fired', at: 10_000, intent: first } as const;
    expect(injectedBy(timelineOf(alone))?.fired).to.deep.equal({ lo: 10_000, hi: 10_000 });
    const armed = { type: 'fault', step: 'a', state: 'armed', at: 10_000 } as const;
    const atOnce = timelineOf(...bare.events.slice(0, 1), armed, ...bare.events.slice(1));
    expect(injectedBy(atOnce)?.fired).to.deep.equal({ lo: 10_000, hi: 10_000 });
  });

  it('is none of which nobody wrote down what it was', () => {
    expect(injectedBy(timelineOf(done('a', 'fired', 10_000)))).to.equal(undefined);
  });
});

describe('what a claim counts from', () => {
  it('is the fault, until it is taken back, with what stood meanwhile', () => {
    expect(sinceOf(both)).to.deep.equal({
      at: { lo: 9990, hi: 10_000 },
      until: 15_990,
      before: 9990,
      intents: [first],
      targets: ['pi1'],
      hit: ['pi1', 'pi2'],
      down: ['1', '2'],
    });
    expect(sinceOf(timelineOf())).to.equal(undefined);
  });

  it('leaves out faults that were over before it or came after it', () => {
    const apart = timelineOf(
      ...[done('a', 'fired', 10_000, first), done('a', 'undone', 11_000)],
      ...[done('b', 'fired', 12_000, second), done('b', 'undone', 13_000)],
      ...[done('c', 'fired', 14_000, third), done('c', 'undone', 15_000)],
    );
    expect(sinceOf(apart, 'b')).to.deep.include({ hit: ['pi2'], down: ['2'] });
    expect(hitToTheEnd(apart, sinceOf(apart, 'b')!)).to.deep.equal(['pi2', 'pi3']);
    expect(hitToTheEnd(apart, sinceOf(apart)!)).to.deep.equal(['pi1', 'pi2', 'pi3']);
  });

  it('counts one that ended or began with it', () => {
    const touching = timelineOf(
      ...[done('a', 'fired', 10_000, first), done('a', 'undone', 11_990)],
      ...[done('b', 'fired', 12_000, second), done('b', 'undone', 13_000)],
      done('c', 'fired', 13_000, third),
    );
    expect(sinceOf(touching, 'b')?.hit).to.deep.equal(['pi1', 'pi2', 'pi3']);
  });

  it('is the healing of the last fault, of all of them', () => {
    const settled = { type: 'state', when: 'after', at: 20_000, differences: [] } as const;
    const timeline = timelineOf(...both.events, {
      ...settled,
      snapshot: both.plan.snapshot,
    });
    expect(sinceOf(timeline, 'heal')).to.deep.equal({
      at: { lo: 15_990, hi: 16_000 },
      until: 20_000,
      before: 9990,
      intents: [first, second],
      targets: ['pi1', 'pi2'],
      hit: ['pi1', 'pi2'],
      down: ['1', '2'],
    });
  });
});

describe('the healing', () => {
  it('is of all that was fired', () => {
    expect(healedAt(both)).to.deep.equal({ lo: 15_990, hi: 16_000 });
    const turned = [done('b', 'undone', 18_000), done('a', 'undone', 16_000)];
    expect(healedAt(timelineOf(...both.events.slice(0, 2), ...turned))).to.deep.equal({
      lo: 17_990,
      hi: 18_000,
    });
    // One that took longer than the other may have been the first, and not before the other had begun.
    const long = { ...done('a', 'undone', 18_000), span: { lo: 15_000, hi: 18_000 } };
    expect(
      healedAt(timelineOf(...both.events.slice(0, 2), done('b', 'undone', 16_000), long)),
    ).to.deep.equal({ lo: 15_990, hi: 18_000 });
    expect(healedAt(timelineOf(...both.events.slice(0, 3)))).to.equal(undefined);
    expect(healedAt(timelineOf())).to.equal(undefined);
    const journaled = { type: 'fault', step: 'c', state: 'journaled', at: 15_000 } as const;
    expect(healedAt(timelineOf(...both.events, journaled))).to.deep.equal({
      lo: 15_990,
      hi: 16_000,
    });
  });

  it('is waited for once the fault has fired', () => {
    expect(notYet(timelineOf())).to.equal('the fault was never fired');
    expect(notYet(both)).to.equal('the faults were not taken back');
  });

  it('is settled with the survey after it, or the end of the run, or of what there is of it', () => {
    const { snapshot } = both.plan;
    const phase = (phase: 'settle' | 'done', at: number): Event => ({
      ...{ type: 'phase', at, phase, wall: '' },
    });
    const state = (when: 'before' | 'after', at: number): Event => ({
      ...{ type: 'state', when, at, differences: [], snapshot },
    });
    const events = [state('before', 1000), phase('settle', 17_000)];
    expect(
      settledAt(timelineOf(...events, phase('done', 19_000), state('after', 18_000))),
    ).to.equal(18_000);
    const end = { type: 'end', at: 19_500, residue: [] } as const;
    expect(settledAt(timelineOf(...events, phase('done', 19_000), end))).to.equal(19_000);
    expect(settledAt(timelineOf(...events))).to.equal(17_000);
  });
});
