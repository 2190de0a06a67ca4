/**
 * The sampling worker: a thread of its own with links of its own, so that nothing the main thread does delays a look.
 * Slots leave at their intended times (open loop), or as soon after as this machine can; one for which it was a quarter
 * of a second too slow is written down as missed.
 */
import { spawnSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { setPriority } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parentPort, workerData } from 'node:worker_threads';
import type { Access } from '../links/access.ts';
import { openLinks } from '../links/open.ts';
import type { Series } from '../model/plan.ts';
import type { HarnessEvent, Sample } from '../model/timeline.ts';
import type { ProbeName } from '../probes/kinds.ts';
import type { ProbeContext, WorkloadAddress } from '../probes/probe.ts';
import { probes } from '../probes/table.ts';
import { startClock } from './clock.ts';

/** What the worker is given. */
export interface SamplingOrder {
  readonly series: readonly Series[];
  readonly access: Access;
  readonly namespace: string;
  readonly workload?: WorkloadAddress;
  readonly origin: bigint;
}

/** What the worker says: samples as they come, in small batches, and once a second how well it keeps up. */
export type SamplingReport =
  | { readonly samples: readonly Sample[] }
  | { readonly harness: HarnessEvent }
  | { readonly stopped: true };

// From the intended time: long enough for a slow answer, short enough to count as a failure a person would notice.
const deadlineMs = 1000;
// How long after its intended time a look may leave: a quarter of its deadline.
const latestMs = 250;
const batchMs = 200;
const harnessMs = 1000;

goFirst();

const order = workerData as SamplingOrder;
const clock = startClock(order.origin);
const links = openLinks(order.access, { deadlineMs });
const loop = monitorEventLoopDelay({ resolution: 10 });
loop.enable();

const context: ProbeContext = {
  links,
  namespace: order.namespace,
  controlPlanes: order.series
    .filter(({ probe }) => probe === 'write')
    .flatMap(({ node }) => node ?? []),
  addresses: Object.fromEntries(order.access.nodes.map(({ name, address }) => [name, address])),
  ...(order.workload !== undefined && { workload: order.workload }),
};

let batch: Sample[] = [];
let slots = 0;
let missedSlots = 0;
let underWay = 0;
let stopping = false;

const stops = order.series.map(startSeries);
const batches = setInterval(flush, batchMs);
let cpu = process.cpuUsage();
let cpuAt = clock.now();
const harness = setInterval(reportHarness, harnessMs);

parentPort?.once('message', () => {
  stopping = true;
  for (const stop of stops) stop();
  clearInterval(harness);
  // What is under way ends by its own deadline.
  const wait = setInterval(() => {
    if (underWay > 0) return;
    clearInterval(wait);
    clearInterval(batches);
    flush();
    reportHarness();
    links.close();
    parentPort?.postMessage({ stopped: true } satisfies SamplingReport);
  }, 20);
});

function startSeries(series: Series, index: number): () => void {
  const sampler = probes[series.probe as ProbeName](series, context);
  // Spread over the period, so that series of one rhythm do not all leave at once.
  let due = clock.now() + (series.everyMs * index) / order.series.length;
  let timer: NodeJS.Timeout;

  const tick = (): void => {
    // A late look still sees; what it saw, and when, is told by its own stamps. Too late a look is none.
    while (due + latestMs <= clock.now()) {
      slots += 1;
      missedSlots += 1;
      batch.push({ type: 'sample', series: series.id, due: round(due), missed: true });
      due += series.everyMs;
    }
    // A timer may ring a little early.
    while (due <= clock.now() + 1) {
      void take(due, clock.now());
      due += series.everyMs;
    }
    timer = setTimeout(tick, due - clock.now());
  };

  const take = async (due: number, sent: number): Promise<void> => {
    slots += 1;
    underWay += 1;
    const seen = await sampler.look(Math.max(1, due + deadlineMs - sent));
    underWay -= 1;
    const got = clock.now();
    batch.push({
      type: 'sample',
      series: series.id,
      due: round(due),
      sent: round(sent),
      got: round(got),
      ...seen,
    });
  };

  timer = setTimeout(tick, due - clock.now());
  return () => {
    clearTimeout(timer);
    if (underWay === 0 || stopping) setTimeout(sampler.close, deadlineMs).unref();
  };
}

function flush(): void {
  if (batch.length === 0) return;
  parentPort?.postMessage({ samples: batch } satisfies SamplingReport);
  batch = [];
}

function reportHarness(): void {
  const now = clock.now();
  const used = process.cpuUsage(cpu);
  const event: HarnessEvent = {
    type: 'harness',
    at: round(now),
    slots,
    missedSlots,
    // The monitor counts its own resolution: what is above it is delay.
    loopDelayP99Ms: round(Math.max(0, loop.percentile(99) / 1e6 - 10)),
    cpuPercent: round((used.user + used.system) / 10 / (now - cpuAt)),
    rssBytes: process.memoryUsage.rss(),
  };
  cpu = process.cpuUsage();
  cpuAt = now;
  loop.reset();
  parentPort?.postMessage({ harness: event } satisfies SamplingReport);
}

/** Microseconds are finer than any of our clocks can tell. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

/**
 * Sampling is light and must be on time: beside a busy neighbour (the lab is one) it goes before all that has no times
 * of its own to keep, where it may. Where it may not, slots that come too late are counted as missed, and the result
 * says so.
 */
function goFirst(): void {
  try {
    setPriority(-10);
    const [thread = ''] = readlinkSync('/proc/thread-self').split('/').slice(-1);
    spawnSync('chrt', ['--rr', '--pid', '1', thread], { stdio: 'ignore' });
  } catch {
    // Not root, or not Linux.
  }
}
