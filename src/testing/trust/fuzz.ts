import { Worker } from 'node:worker_threads';
import { slowestMs, targets, type Fed } from './fuzz-run.ts';
import type { FuzzOrder } from './fuzz-worker.ts';
import type { Part, Tried } from './part.ts';

/** In 32 bits: another one each time, printed, so that what it finds can be found again. */
const seed = Math.floor(Math.random() * 2 ** 31);

/** No case has ended for so long: one hangs. */
const hangMs = 4 * slowestMs;

/** What a target and the code that it feeds may use; megabytes. */
const mostMemoryMb = 512;

/** Feeds Holdfast what is not well formed: files, timelines, answers of members, of API servers, of shells. */
export const fuzz: Part = {
  summary: 'what is not well formed ends as an error that says where: no crash, no hang, no pass',
  run: async (say) => {
    say(`seed ${seed}`);
    const rows: { readonly what: string; readonly fed: Fed }[] = [];
    for (const [index, { what }] of targets.entries()) {
      const fed = await feedInThread(index);
      rows.push({ what, fed });
      say(`${what}: ${fed.cases} cases, ${fed.found ?? 'nothing found'}`);
    }
    return told(rows);
  },
};

function told(rows: readonly { readonly what: string; readonly fed: Fed }[]): Tried {
  const all = rows.reduce((sum, { fed }) => sum + fed.cases, 0);
  return {
    markdown: [
      `${all.toLocaleString('en')} cases with the seed ${seed}, each within ${slowestMs / 1000} s and ${mostMemoryMb} MB of heap. ` +
        'A case is *found* if it ends as anything but what the code says it throws (a TypeError, a stack overflow, a promise ' +
        'that nobody waits for), if it hangs, if a problem of a file does not say its line and column, or if a run passes ' +
        'that is not byte for byte as it was written.',
      '',
      '| what | cases | found | slowest |',
      '| --- | --: | --: | --: |',
      ...rows.map(
        ({ what, fed }) =>
          `| ${what} | ${fed.cases.toLocaleString('en')} | ${fed.found === undefined ? 0 : '**1**'} | ${Math.ceil(fed.slowestMs)} ms |`,
      ),
    ].join('\n'),
    broken: rows.flatMap(({ what, fed }) =>
      fed.found === undefined ? [] : [`${what}: ${fed.found}`],
    ),
  };
}

/** Feeds a target in a thread of its own, which may hang or fill its memory. */
function feedInThread(index: number): Promise<Fed> {
  const ended = new SharedArrayBuffer(4);
  const counter = new Int32Array(ended);
  const worker = new Worker(new URL('./fuzz-worker.ts', import.meta.url), {
    workerData: { index, seed, ended } satisfies FuzzOrder,
    resourceLimits: { maxOldGenerationSizeMb: mostMemoryMb },
    execArgv: ['--import', 'tsx'],
  });
  return new Promise((resolve) => {
    let seen = -1;
    let seenAt = performance.now();
    const settle = (fed: Fed): void => {
      clearInterval(watching);
      void worker.terminate();
      resolve(fed);
    };
    const broken = (found: string): void =>
      settle({ cases: Math.max(0, seen), slowestMs: 0, found: `${found} (seed ${seed})` });
    const watching = setInterval(() => {
      const now = Atomics.load(counter, 0);
      if (now !== seen) [seen, seenAt] = [now, performance.now()];
      // The first case waits until everything is loaded.
      else if (performance.now() - seenAt > hangMs + (seen === 0 ? 60_000 : 0))
        broken(`case ${seen + 1} does not end`);
    }, 500);
    worker.on('message', settle);
    worker.on('error', (error) => broken(`${error.name}: ${error.message}`));
    worker.on('exit', () => broken('the thread ended'));
  });
}
