import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { isSeen, type Measured } from '../model/span.ts';
import type { Event, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { timelineOf, type Script } from '../testing/timelines.ts';
import { allSeen, judge } from './judge.ts';

/**
 * Every word that claims say of some runs, numbers and evidence included, as somebody has read and approved it. A change
 * that is meant is approved by running this with APPROVE=1, and read again in the difference of `approved.txt`.
 */
const approved = new URL('./approved.txt', import.meta.url);

type Claims = Readonly<Record<string, readonly object[]>>;

const election: Claims = {
  'leader-elected': [{ within: 5000 }, { within: 1000 }, { within: 'predicted' }],
  'leader-changes': [{ 'at-most': 1 }, { 'at-most': 0 }],
  'voters-restored': [{ within: 30_000 }],
  'member-returns': [{ within: 60_000 }, { within: 8000, after: 'heal' }],
};

const writing: Claims = {
  'writes-resume': [
    { within: 10_000, on: 'every-survivor' },
    { within: 10_000, on: 'targets', after: 'heal' },
  ],
  'write-outage': [
    { longest: 5000, on: 'every-survivor', except: 0 },
    { longest: 1000, on: 'any', except: 0 },
    { longest: 2000, on: 'every', except: 1 },
  ],
  'nothing-acknowledged': [{ on: 'targets' }, { on: 'every' }],
  'acknowledged-writes-survive': [{ 'may-lose': 0 }, { 'may-lose': 5000 }],
  'watches-alive': [{ within: 10_000, on: 'every' }],
};

const serving: Claims = {
  'pods-run': [{ within: 30_000 }],
  'workload-available': [
    { failed: 0.001, 'longest-outage': 1000, on: 'every' },
    { failed: 0.05, 'longest-outage': 1000, on: 'every-survivor' },
  ],
  'cluster-recovers': [{ within: 120_000, after: 'heal' }],
};

/** Shorter than a real run, so that there may be many. */
const base: Partial<Script> = {
  fired: 8000,
  heal: 26_000,
  recovered: 30_000,
  end: 38_000,
  promoted: 9200,
};

interface Approval {
  readonly script: Partial<Script>;
  /** What else is not as it should be. */
  readonly change?: (timeline: Timeline) => Timeline;
  readonly claims: Claims;
}

const many = Array.from({ length: 8 }, (_, index) => ({
  node: 'pi2',
  from: -4000 + index * 400,
  to: -3900 + index * 400,
  goneAt: 500,
}));

const runs: Readonly<Record<string, Approval>> = {
  'a leader dies and stays down': {
    script: {},
    claims: { ...election, ...writing, ...serving },
  },
  'a leader is cut off, and writes wait': {
    script: { isolated: true, writesWait: true, proof: 'bit' },
    claims: { ...election, ...writing },
  },
  'a follower dies and comes back by itself': {
    script: { victim: 'pi2', target: 'follower', ledBy: 'pi1', restarts: 4000 },
    claims: { ...election, ...writing, ...serving },
  },
  'a stand-by dies': {
    script: {
      victim: 'pi4',
      target: 'stand-by',
      snapshot: snapshotOf(['voter', 'voter', 'voter', 'stand-by']),
    },
    claims: election,
  },
  'nobody is elected, and nobody promoted': {
    script: { knows: {}, promoted: Infinity, writes: { pi2: Infinity, pi3: 30_000, pi4: 31_000 } },
    claims: { ...election, ...writing },
  },
  'leadership moves again and again': {
    script: {
      led: [
        { from: 0, by: 'pi1' },
        { from: 900, by: 'pi3' },
        { from: 5000, by: 'pi2' },
        { from: 9000, by: 'pi3' },
      ],
    },
    claims: election,
  },
  'a poor network and a busy machine': {
    script: { lost: 0.02, missed: 0.02, roundTrip: 45, lateness: 15, seed: 7 },
    claims: { ...election, ...writing, ...serving },
  },
  'series fall silent before and after the fault': {
    script: {
      deaf: [
        { series: 'leader@pi2', from: 6500, to: 9500 },
        { series: 'leader@pi3', from: 12_000, to: 14_000 },
        { series: 'leader@pi2', from: 12_000, to: 14_000 },
        { series: 'roles@pi3', from: 16_000, to: 19_000 },
        { series: 'write@pi3', from: 6000, to: 9000 },
        { series: 'web-new@pi3', from: 15_000, to: 17_500 },
        { series: 'nodes@pi2', from: 29_000, to: 34_000 },
        { series: 'pods@pi2', from: 5000, to: 12_000 },
        { series: 'watch@pi2', from: 7000, to: 12_000 },
      ],
    },
    claims: { ...election, ...writing, ...serving },
  },
  'writes are lost, one and for good': {
    script: { losses: [{ node: 'pi2', from: 5000, to: 5193, goneAt: 5400 }] },
    claims: { 'acknowledged-writes-survive': [{ 'may-lose': 0 }, { 'may-lose': 5000 }] },
  },
  'writes are lost, through two API servers, before and after the fault': {
    script: {
      losses: [...many, { node: 'pi3', from: 3000, to: 3300, goneAt: 3400 }],
    },
    claims: {
      'acknowledged-writes-survive': [
        { 'may-lose': 0 },
        { 'may-lose': 5000 },
        { 'may-lose': 1000 },
      ],
    },
  },
  'writes are missed for a while': {
    script: { losses: [{ node: 'pi2', from: 1500, to: 2600, goneAt: 2700, backAt: 3400 }] },
    claims: { 'acknowledged-writes-survive': [{ 'may-lose': 0 }] },
  },
  'watches are silent': {
    script: {
      silences: [
        { node: 'pi2', from: 1000, to: 15_000 },
        { node: 'pi3', from: 20_000, to: 60_000 },
      ],
    },
    claims: {
      'watches-alive': [
        { within: 10_000, on: 'every' },
        { within: 30_000, on: 'every' },
        { within: 10_000, on: 'every-survivor', after: 'heal' },
        { within: 10_000, on: 'targets' },
      ],
    },
  },
  'the workload and writes fail here and there': {
    script: {
      webDown: [
        { node: 'pi1', from: 0, to: 18_000 },
        { node: 'pi2', from: 300, to: 900 },
        { node: 'pi3', from: 20_000, to: 60_000 },
      ],
      writesDown: [
        { node: 'pi2', from: 7000, to: 9500 },
        { node: 'pi3', from: 12_000, to: 12_600 },
        { node: 'pi4', from: 25_000, to: 60_000 },
      ],
    },
    claims: { ...writing, ...serving },
  },
  'pods are replaced, and told to be ready too long': {
    script: { replaced: 6200, staleReady: 4000, webDown: [{ node: 'pi1', from: 0, to: 20_000 }] },
    claims: serving,
  },
  'pods are not replaced in time': {
    script: { replaced: 26_000, staleReady: 4000 },
    claims: serving,
  },
  'the fault does not bite': { script: { proof: 'missed' }, claims: { ...election, ...serving } },
  'the fault is not proved': { script: { proof: 'none' }, claims: { ...election, ...writing } },
  'something differs at the end': {
    script: { gone: false, differences: ['node pi1 is not Ready', 'the datastore has no leader'] },
    claims: serving,
  },
  'somebody interrupts the settling': {
    script: { differences: ['node pi1 is not Ready'], ended: { interrupted: 'SIGINT' } },
    claims: serving,
  },
  'this machine misses slots': { script: { missed: 0.08 }, claims: { ...election, ...serving } },
  'this machine is late': { script: { loopDelay: 400 }, claims: serving },
  'nothing was fired': {
    script: {},
    change: without(({ type }) => type === 'fault'),
    claims: { ...election, ...writing, ...serving },
  },
  'nothing was taken back, and nobody looked again': {
    script: {},
    change: without(
      (event) =>
        event.type === 'state' ||
        (event.type === 'fault' && (event.state === 'undone' || event.state === 'gone')),
    ),
    claims: { ...election, ...writing, ...serving },
  },
  'nothing was seen before the fault': {
    script: {},
    change: without((event) => event.type === 'sample' && event.due < 7990),
    claims: { ...election, ...writing, ...serving },
  },
  'nothing was seen after the fault': {
    script: {},
    change: without((event) => event.type === 'sample' && event.due > 8100),
    claims: { ...election, ...writing, ...serving },
  },
  'nothing was sampled': {
    script: {},
    change: unsampled(() => true),
    claims: { ...election, ...writing, ...serving },
  },
  'a voter was not sampled': {
    script: {},
    change: unsampled((id) => id === 'leader@pi3' || id === 'roles@pi3'),
    claims: election,
  },
  'nobody agreed on a leader before': {
    script: {},
    change: ({ plan, events }) => ({
      plan,
      events: events.map((event) =>
        event.type === 'sample' && /^leader@pi[23]$/.test(event.series) && event.due < 8000
          ? { ...event, ok: false, value: { leader: '' } }
          : event,
      ),
    }),
    claims: election,
  },
  'too many gaps to be told one by one': {
    script: {
      deaf: Array.from({ length: 7 }, (_, index) =>
        ['leader@pi2', 'leader@pi3', 'leader@pi1'].map((series) => ({
          series,
          from: 14_000 + index * 3000,
          to: 15_200 + index * 3000,
        })),
      ).flat(),
      writesDown: Array.from({ length: 6 }, (_, index) => ({
        node: 'pi3',
        from: 4000 + index * 3500,
        to: 5400 + index * 3500,
      })),
    },
    claims: {
      'leader-changes': [{ 'at-most': 1 }, { 'at-most': 2 }],
      'write-outage': [
        { longest: 1000, on: 'every-survivor', except: 0 },
        { longest: 1000, on: 'any', except: 0 },
        { longest: 1000, on: 'targets', except: 2 },
        { longest: 10_000, on: 'every', except: 3 },
      ],
      'workload-available': [{ failed: 0.5, 'longest-outage': 60_000, on: 'every' }],
    },
  },
  'claims count from a step that is not the first': {
    script: {},
    claims: {
      'leader-elected': [
        { within: 5000, after: 'kill' },
        { within: 5000, after: 'other' },
      ],
      'leader-changes': [
        { 'at-most': 2, after: 'kill' },
        { 'at-most': 0, after: 'other' },
      ],
      'voters-restored': [
        { within: 5000, after: 'kill' },
        { within: 5000, after: 'other' },
      ],
      'member-returns': [
        { within: 5000, after: 'kill' },
        { within: 5000, after: 'other' },
      ],
      'writes-resume': [
        { within: 1000, on: 'every', after: 'kill' },
        { within: 5000, on: 'every', after: 'other' },
      ],
      'write-outage': [
        { longest: 1000, on: 'every', except: 0, after: 'kill' },
        { longest: 1000, on: 'every', except: 0, after: 'other' },
      ],
      'nothing-acknowledged': [
        { on: 'targets', after: 'kill' },
        { on: 'every', after: 'other' },
      ],
      'acknowledged-writes-survive': [
        { 'may-lose': 0, after: 'kill' },
        { 'may-lose': 0, after: 'other' },
      ],
      'watches-alive': [
        { within: 1000, on: 'every', after: 'kill' },
        { within: 1000, on: 'every', after: 'other' },
      ],
      'pods-run': [
        { within: 1000, after: 'kill' },
        { within: 1000, after: 'other' },
      ],
      'workload-available': [
        { failed: 0, 'longest-outage': 10, on: 'every', after: 'kill' },
        { failed: 0, 'longest-outage': 10, on: 'every-survivor', after: 'other' },
      ],
    },
  },
};

/** Leaves some events out. */
function without(drop: (event: Event) => boolean): (timeline: Timeline) => Timeline {
  return ({ plan, events }) => ({ plan, events: events.filter((event) => !drop(event)) });
}

/** Leaves some series out of a plan. */
function unsampled(drop: (id: string) => boolean): (timeline: Timeline) => Timeline {
  return ({ plan, events }) => ({
    plan: { ...plan, series: plan.series.filter(({ id }) => !drop(id)) },
    events,
  });
}

/** Made once: each verdict asks an array of its own, as an index is kept for each. */
const made = new Map<string, Timeline>();

function timelineFor(run: string, claim: string, params: object): Timeline {
  const { script = {}, change = (same: Timeline) => same } = runs[run] ?? {};
  const timeline = made.get(run) ?? change(timelineOf({ ...base, ...script }));
  made.set(run, timeline);
  const { plan, events } = timeline;
  const expectation = { claim, params: params as Readonly<Record<string, unknown>> };
  const scenario = { ...plan.scenario, expect: [expectation] };
  return { plan: { ...plan, scenario }, events: [...events] };
}

/** When a step that waits for what the claim wants to see would go on: asked in the middle of the fault, and at its end. */
function saySeen({ plan, events }: Timeline): string {
  const seen = [10_000, 25_900].filter((until) =>
    allSeen({
      plan,
      events: events.filter((event) => (event.type === 'sample' ? event.due : event.at) < until),
    }),
  );
  return seen.length === 0 ? 'not seen before the healing' : `seen by ${(seen[0] ?? 0) / 1000} s`;
}

function verdictOf(timeline: Timeline): Verdict {
  const [verdict] = judge(timeline);
  if (verdict === undefined) throw new Error('an expectation has no verdict');
  return verdict;
}

function say({ outcome, title, because, evidence, ...rest }: Verdict): string {
  const measured = [
    ...(rest.limitMs === undefined ? [] : [`limit ${rest.limitMs}`]),
    ...(rest.measuredMs === undefined ? [] : [`measured ${sayMeasured(rest.measuredMs)}`]),
    ...Object.entries(rest.clocks ?? {}).map(([name, one]) => `${name} ${sayMeasured(one)}`),
    ...(rest.requests === undefined ? [] : [`${rest.failed ?? 0} of ${rest.requests} failed`]),
    ...(rest.longestOutageMs === undefined ? [] : [`outage ${sayMeasured(rest.longestOutageMs)}`]),
  ];
  return [
    `${outcome}: ${title}`,
    ...(measured.length > 0 ? [`  ${measured.join(', ')}`] : []),
    `  ${because}`,
    ...evidence.map((line) => `  - ${line}`),
  ].join('\n');
}

function sayMeasured(measured: Measured): string {
  const ms = (value: number): string => `${Math.round(value * 1000) / 1000}`;
  return isSeen(measured)
    ? `${ms(measured.lo)} to ${ms(measured.hi)}`
    : `at least ${ms(measured.atLeast)}`;
}

describe('what claims say is what was approved', () => {
  const sections = new Map(
    readFileSync(approved, 'utf8')
      .split(/^# /m)
      .slice(1)
      .map((section) => {
        const end = section.indexOf('\n');
        return [section.slice(0, end), section.slice(end + 1).trimEnd()];
      }),
  );
  const told: string[] = [];

  for (const [run, { claims }] of Object.entries(runs))
    for (const [claim, all] of Object.entries(claims))
      for (const params of all) {
        const name = `${run}: ${claim} ${JSON.stringify(params)}`;
        it(name, () => {
          const timeline = timelineFor(run, claim, params);
          const text = `${say(verdictOf(timeline))}\n  ${saySeen(timeline)}`;
          told.push(`# ${name}\n${text}\n`);
          if (process.env['APPROVE'] === undefined) expect(text).to.equal(sections.get(name));
        });
      }

  after(() => {
    if (process.env['APPROVE'] !== undefined) writeFileSync(approved, told.join('\n'));
  });
});
