/** A process with little memory that feeds one target; its parent ends it when no case comes to its end. */
import { feed, targets, type Fed } from './fuzz-run.ts';

/** What it tells: how many cases have ended, now and then; and what came of them. */
export type FuzzNews = { readonly ended: number } | { readonly fed: Fed };

const tellEveryMs = 500;

const [index, seed] = process.argv.slice(2).map(Number);
const one = targets[index ?? -1];
if (one === undefined || seed === undefined) throw new Error('which target, and which seed?');

let ended = 0;
let toldAt = performance.now();
const fed = await feed(one, one.runs, seed, () => {
  ended += 1;
  if (performance.now() - toldAt < tellEveryMs) return;
  toldAt = performance.now();
  process.send?.({ ended } satisfies FuzzNews);
});
process.send?.({ fed } satisfies FuzzNews, () => process.exit());
