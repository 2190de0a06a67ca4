/**
 * Prints how long 100 000 operations over 50 registers take to be judged, and how long Porcupine takes for the same. Run it
 * with `node --import tsx src/histories/testing/side-by-side.ts`. No test asserts it, as machines differ.
 */
import { judgeHistory } from '../judge.ts';
import { historyOf, usualWish, type Wish } from './cluster.ts';
import { findPorcupine } from './porcupine/porcupine.ts';

const whole: Wish = { ...usualWish, objects: 50, operations: 2000, blind: 0.1 };
const wishes: Readonly<Record<string, Wish>> = {
  'without time-outs': whole,
  'with 1 % of the writes timed out': { ...whole, timeouts: 0.01 },
  'with 1 % of the writes timed out, a stale read in each register': {
    ...whole,
    timeouts: 0.01,
    defect: 'stale read',
  },
};

const porcupine = findPorcupine();
for (const [name, wish] of Object.entries(wishes)) {
  const registers = historyOf(wish);
  const began = performance.now();
  const { verdict, violations, undecided } = judgeHistory({ registers, sets: [], counters: [] });
  const ms = performance.now() - began;
  console.log(
    `${registers.length} operations ${name}: ${verdict} (${violations.length} violations, ${undecided.length} undecided) after ${Math.round(ms)} ms`,
  );
  if ('missing' in porcupine) {
    console.log(`  Porcupine was not asked, for ${porcupine.missing}`);
    continue;
  }
  const said = porcupine.ofRegisters(registers);
  console.log(
    `  Porcupine: ${said.linearizable ? 'right' : 'wrong'} after ${Math.round(said.ms)} ms; ours took ${(ms / said.ms).toFixed(2)} times as long`,
  );
}
