import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Series } from '../model/plan.ts';
import type { Event } from '../model/timeline.ts';
import type { SamplingOrder, SamplingReport } from './sampling-worker.ts';

/** The worker at work. */
export interface Sampling {
  /** Ends when the last look has ended, at most a deadline later. */
  readonly stop: () => Promise<void>;
  /** Rejects if the worker dies: nothing is seen any more, and the run must end. */
  readonly died: Promise<never>;
}

const stopTimeoutMs = 5000;

/**
 * Starts sampling in a thread of its own, and the load, if there is one, in another: a busy one must not make the eyes
 * late. What they see comes to `record`, in order for each series; how well this machine kept up is told of the eyes, as
 * each request of the load has its own stamps, or is missed.
 */
export function startSampling(order: SamplingOrder, record: (event: Event) => void): Sampling {
  const isLoad = ({ probe }: Series): boolean => probe === 'load';
  const load = order.series.filter(isLoad);
  const eyes = { ...order, series: order.series.filter((series) => !isLoad(series)) };
  const recordLoad = (event: Event): void => {
    if (event.type !== 'harness') record(event);
  };
  const threads = [
    startThread(eyes, record),
    ...(load.length === 0 ? [] : [startThread({ ...order, series: load }, recordLoad)]),
  ];
  const died = Promise.race(threads.map((thread) => thread.died));
  died.catch(() => undefined);
  return {
    died,
    stop: async () => {
      await Promise.all(threads.map((thread) => thread.stop()));
    },
  };
}

function startThread(order: SamplingOrder, record: (event: Event) => void): Sampling {
  const worker = new Worker(workerUrl(), {
    workerData: order,
    // Young garbage is most of it; a small heap is collected often and cheaply.
    resourceLimits: { maxYoungGenerationSizeMb: 8 },
    // What this process was started with is not for its threads.
    execArgv: workerUrl().pathname.endsWith('.ts') ? ['--import', 'tsx'] : [],
  });
  let stopped: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (stopped = resolve));
  const died = new Promise<never>((_, reject) => {
    worker.once('error', (error) =>
      reject(new Error(`the sampling worker died: ${error.message}`, { cause: error })),
    );
  });
  // Whoever awaits it learns of it; nobody needs to.
  died.catch(() => undefined);
  worker.on('message', (report: SamplingReport) => {
    if ('samples' in report) for (const sample of report.samples) record(sample);
    else if ('harness' in report) record(report.harness);
    else stopped();
  });
  return {
    died,
    stop: async () => {
      worker.postMessage('stop');
      const timer = setTimeout(stopped, stopTimeoutMs);
      await Promise.race([ended, died.catch(() => undefined)]);
      clearTimeout(timer);
      await worker.terminate();
    },
  };
}

/** The worker's module, as TypeScript in tests or compiled. */
function workerUrl(): URL {
  const source = new URL('./sampling-worker.ts', import.meta.url);
  return existsSync(fileURLToPath(source))
    ? source
    : new URL('./sampling-worker.js', import.meta.url);
}
