import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { slowestMs, targets, type Fed } from './fuzz-run.ts';
import type { FuzzNews } from './fuzz-child.ts';
import type { Part, Tried } from './part.ts';

/** In 32 bits: another one each time, printed, so that what it finds can be found again. */
const seed = Math.floor(Math.random() * 2 ** 31);

/** No case has ended for so long, loading and shrinking included: one hangs. */
const hangMs = 60_000;

const childFile = fileURLToPath(new URL('./fuzz-child.ts', import.meta.url));

/** What a target and the code that it feeds may use; megabytes. */
const mostMemoryMb = 512;

/** Feeds Holdfast what is not well formed: files, timelines, answers of members, of API servers, of shells. */
export const fuzz: Part = {
  summary: 'what is not well formed ends as an error that says where: no crash, no hang, no pass',
  run: async (say) => {
    say(`seed ${seed}`);
    const rows: { readonly what: string; readonly fed: Fed }[] = [];
    for (const [index, { what }] of targets.entries()) {
      const fed = await feedInProcess(index);
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

/** Feeds a target in a process of its own, which may hang or fill its memory. */
function feedInProcess(index: number): Promise<Fed> {
  const child = fork(childFile, [`${index}`, `${seed}`], {
    execArgv: ['--import', 'tsx', `--max-old-space-size=${mostMemoryMb}`],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve) => {
    let ended = 0;
    const settle = (fed: Fed): void => {
      clearTimeout(patience);
      child.removeAllListeners();
      child.kill('SIGKILL');
      resolve(fed);
    };
    const broken = (found: string): void =>
      settle({ cases: ended, slowestMs: 0, found: `${found} (seed ${seed})` });
    const wait = (): NodeJS.Timeout =>
      setTimeout(() => broken(`a case after the first ${ended} does not end`), hangMs);
    let patience = wait();
    child.on('message', (message) => {
      const news = message as FuzzNews;
      if ('fed' in news) settle(news.fed);
      else {
        ended = news.ended;
        clearTimeout(patience);
        patience = wait();
      }
    });
    child.on('exit', (code, signal) =>
      broken(`the process ended (${signal ?? code ?? ''}) after the first ${ended} cases`),
    );
  });
}
