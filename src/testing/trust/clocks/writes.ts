import { judge } from '../../../claims/judge.ts';
import { timelineOf } from '../../timelines.ts';
import {
  beside,
  between,
  judged,
  latest,
  lossless,
  paced,
  timing,
  undoneAt,
  verdictOf,
  type Clock,
  type Random,
} from './clock.ts';

const probes = ['write'];
const heal = timing.fired + 2000;
/** A write that was possible at once is seen to be so by the first one that is sent; until then nobody knows. */
const soonest = 500;

const eachServer: Clock = {
  of: 'the instant at which each API server takes writes again',
  trial: (random) => {
    const instants = { pi2: instant(random), pi3: instant(random), pi4: instant(random) };
    const script = { ...paced(random), writes: instants, probes };
    const verdict = verdictOf('writes-resume', { within: 2000, on: 'every-survivor' }, script);
    return {
      'writes resume, last server': judged(verdict, Math.max(...Object.values(instants))),
      'writes resume, one server': beside(verdict, 'pi2', instants.pi2),
    };
  },
};

const targetHealed: Clock = {
  of: 'the instant at which a target takes writes again after its healing',
  trial: (random) => {
    const back = instant(random);
    const undone = undoneAt(heal, random);
    const verdict = verdictOf(
      'writes-resume',
      { within: 2000, on: 'targets', after: 'heal' },
      {
        ...paced(random),
        heal,
        recovered: undone + back,
        // Of the calm pace, too, two seconds of slots are to be seen after the first good one.
        end: undone + back + 5000,
        probes,
      },
    );
    return { 'writes resume, from healing': judged(verdict, back) };
  },
};

const outageFailing: Clock = {
  of: 'a time without writes, which fail meanwhile',
  trial: (random) => ({ 'write outage, writes fail': outage(random, false) }),
};

const outageWaiting: Clock = {
  of: 'a time without writes, which wait meanwhile',
  trial: (random) => ({ 'write outage, writes wait': outage(random, true) }),
};

const outageOfAll: Clock = {
  of: 'a time in which no API server takes writes',
  trial: (random) => {
    const until = { pi2: instant(random), pi3: instant(random), pi4: instant(random) };
    const script = { ...paced(random), writes: until, probes };
    const params = { longest: 1500, on: 'any', except: 0 };
    const verdict = verdictOf('write-outage', params, script);
    return { 'write outage, all servers': judged(verdict, Math.min(...Object.values(until))) };
  },
};

const recoveryPoint: Clock = { of: 'how far back acknowledged writes are lost', trial: lostBack };

/** When writes are acknowledged again, for how long none was, and how far back some are lost. */
export const writes: readonly Clock[] = [
  eachServer,
  targetHealed,
  outageFailing,
  outageWaiting,
  outageOfAll,
  recoveryPoint,
];

function instant(random: Random): number {
  return between(random, soonest, latest);
}

function outage(random: Random, waits: boolean): ReturnType<typeof judged> {
  const from = between(random, 0, 2500);
  const lasts = between(random, 0, latest);
  const script = {
    ...paced(random),
    writes: {},
    writesDown: [{ node: 'pi2', from, to: from + lasts }],
    ...(waits && { writesWait: true as const }),
    probes,
  };
  const params = { longest: 2000, on: 'every-survivor', except: 0 };
  return judged(verdictOf('write-outage', params, script), lasts);
}

/** Writes that the victim acknowledged in its last second are gone with it; the oldest of them is what counts. */
function lostBack(random: Random): ReturnType<Clock['trial']> {
  const back = between(random, 300, 1100);
  const fired = 6500;
  const timeline = timelineOf({
    ...timing,
    // Ten reads through each API server must have worked before.
    fired,
    heal: fired + 4000,
    recovered: fired + 4300,
    end: fired + 5000,
    ...lossless(random),
    losses: [{ node: 'pi1', from: -back, to: 0, goneAt: 300 }],
    probes: ['write', 'read'],
    expect: [{ claim: 'acknowledged-writes-survive', params: { 'may-lose': 2000 } }],
  });
  const [verdict] = judge(timeline);
  if (verdict === undefined) throw new Error('nothing was judged');
  const lost = timeline.events.flatMap((event) =>
    event.type === 'sample' &&
    event.series === 'write@pi1' &&
    event.ok === true &&
    (event.sent ?? 0) >= fired - back &&
    (event.sent ?? 0) <= fired
      ? [((event.sent ?? 0) + (event.got ?? 0)) / 2]
      : [],
  );
  // Where it acknowledged none, there is nothing to tell.
  if (lost.length === 0) return {};
  // The claim judges by the age of each write, and tells that of the oldest.
  return { 'recovery point': judged(verdict, fired - Math.min(...lost)) };
}
