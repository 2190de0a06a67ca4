/** A thread with little memory that feeds one target; its parent ends it when no case comes to its end. */
import { parentPort, workerData } from 'node:worker_threads';
import { feed, targets, type Fed } from './fuzz-run.ts';

export interface FuzzOrder {
  /** Index among the targets. */
  readonly index: number;
  readonly seed: number;
  /** One word: how many cases have ended. */
  readonly ended: SharedArrayBuffer;
}

const { index, seed, ended } = workerData as FuzzOrder;
const counter = new Int32Array(ended);
const one = targets[index];
if (one !== undefined) {
  const fed: Fed = await feed(one, one.runs, seed, () => Atomics.add(counter, 0, 1));
  parentPort?.postMessage(fed);
}
// Servers and links of the target would keep it.
process.exit();
