/**
 * Timelines made from a scripted truth: what each node believes or does at each instant is written down, and the series
 * see it through a network and a harness that are as good as the script says. The true instants are known, so a test
 * can ask whether a measured interval holds them.
 */
import { searchesOf } from '../claims/logged.ts';
import type { Series } from '../model/plan.ts';
import { randomFrom } from '../model/random.ts';
import type { Event, Sample, Timeline } from '../model/timeline.ts';
import { withKept } from './kept.ts';
import { leaderLoss, startOfSampling, type Script } from './script.ts';
import { nextWritable, seen, throughApi, type Answer } from './scripted-answers.ts';
import { eventsOf, planOf } from './scripted-run.ts';

export { firedSpan, leaderLoss, wallAt, type Script } from './script.ts';

/** The timeline that a run of a script writes down: `leaderLoss` with changes. */
export function timelineOf(changes: Partial<Script> = {}): Timeline {
  const script = { ...leaderLoss, ...changes };
  const plan = planOf(script);
  const events: Event[] = [...eventsOf(script)];
  for (const series of plan.series) {
    // Of its own, so that what one series sees does not depend on which others there are.
    const random = randomFrom(script.seed ^ numberOf(series.id)).next;
    for (let due = startOfSampling + series.everyMs * random(); due < script.end - 200;)
      due = addSample(events, script, series, due, random);
  }
  events.push(...logsOf(script, { plan, events }));
  const isKept = plan.series.some(({ probe }) => throughApi.includes(probe));
  const kept = isKept ? withKept(events, plan.series, script) : events;
  return { plan, events: kept.sort((a, b) => writtenAt(a) - writtenAt(b)) };
}

function logsOf({ fired, end, logs = {} }: Script, timeline: Timeline): readonly Event[] {
  return searchesOf(timeline).map((search) => {
    const lines = (logs[search.node] ?? []).map((after) => ({
      span: { lo: fired + after - 5, hi: fired + after + 5 },
      text: `at ${after}`,
    }));
    return { type: 'log', at: end - 50, ...search, lines };
  });
}

/** A number that a text determines, well spread (FNV-1a). */
function numberOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}

const deadlineMs = 1000;

function writtenAt(event: Event): number {
  return event.type === 'sample' ? (event.got ?? event.due) : event.at;
}

function addSample(
  events: Event[],
  script: Script,
  series: Series,
  due: number,
  random: () => number,
): number {
  const sent = due + script.lateness * random();
  const isSpike = script.spikes !== undefined && random() < script.spikes;
  const trip = script.roundTrip * (0.5 + random() / 2) * (isSpike ? 10 : 1);
  const isMissed = random() < script.missed;
  const isDeaf =
    script.deaf.length > 0 &&
    script.deaf.some((one) => one.series === series.id && due >= one.from && due < one.to);
  const isLost = random() < script.lost || isDeaf;
  const seenAt = sent + trip * (script.wayThere ?? random());
  if (isMissed) events.push({ type: 'sample', series: series.id, due, missed: true });
  else if (isLost)
    events.push(sampleOf(series, due, sent, sent + deadlineMs, { ok: false, error: 'EDEADLINE' }));
  // A user's request fails or not by when it is sent; what a member believes is asked when the request is there.
  else if (series.probe === 'write' && script.writesWait === true) {
    const { got, ...answer } = waitingWrite(script, series.node ?? '', seenAt, sent, trip);
    events.push(sampleOf(series, due, sent, got, answer));
  } else {
    const at = series.probe.startsWith('web') || series.probe === 'load' ? sent : seenAt;
    events.push(sampleOf(series, due, sent, sent + trip, seen(script, series, at)));
  }
  return due + series.everyMs;
}

/** Of two shapes only: thousands of runs are simulated, and what reads them is quicker for it. */
function sampleOf(
  { id }: Series,
  due: number,
  sent: number,
  got: number,
  { ok, value, error }: Answer,
): Sample {
  return error === undefined
    ? { type: 'sample', series: id, due, sent, got, ok, value }
    : { type: 'sample', series: id, due, sent, got, ok, error };
}

/** A write that reaches its API server at an instant and waits there until it can be done. */
function waitingWrite(
  script: Script,
  node: string,
  arrived: number,
  sent: number,
  trip: number,
): Answer & { readonly got: number } {
  const done = nextWritable(script, node, arrived);
  const got = done + trip - (arrived - sent);
  return got <= sent + deadlineMs
    ? { got, ok: true, value: { status: 200 } }
    : { got: sent + deadlineMs, ok: false, error: 'EDEADLINE' };
}
