/**
 * Prints how long 100 000 operations over 50 registers take to be judged, and how long Porcupine takes for the same: time on
 * processors, as that is what differs least from run to run. No test asserts it, as machines differ. Run it with
 * `node --import tsx src/histories/testing/side-by-side.ts`.
 */
import { judgeHistory, usualBudget } from '../judge.ts';
import type { Found } from '../linearizable.ts';
import { byObject, type RegisterOperation } from '../operation.ts';
import { isAsked, orderOfRegister } from '../register.ts';
import { historyOf, usualWish, type Wish } from './cluster.ts';
import { findPorcupine } from './porcupine/porcupine.ts';

const whole: Wish = { ...usualWish, objects: 50, operations: 2000, blind: 0.1 };
const wishes: Readonly<Record<string, Wish>> = {
  'without time-outs': whole,
  'with 1 % of the writes timed out': { ...whole, timeouts: 0.01 },
  // Porcupine stops at the first register that is wrong; here each is judged, and its smallest part sought.
  'with 1 % of the writes timed out, a stale read in each register': {
    ...whole,
    timeouts: 0.01,
    defect: 'stale read',
  },
};

/** Time of this process on processors, also of what collects garbage; ms. */
function spent(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function timed<T>(work: () => T): readonly [result: T, ms: number] {
  const began = spent();
  const result = work();
  return [result, spent() - began];
}

const porcupine = findPorcupine();
for (const [name, wish] of Object.entries(wishes)) {
  // As they are when read from a file.
  const registers = JSON.parse(JSON.stringify(historyOf(wish))) as readonly RegisterOperation[];
  const search = (): readonly Found[] =>
    [...byObject(registers).values()].map((one) =>
      orderOfRegister(one.filter(isAsked), usualBudget),
    );
  const [found, firstMs] = timed(search);
  const again = Array.from({ length: 5 }, () => timed(search)[1]).sort((a, b) => a - b);
  const searchMs = again[2] ?? firstMs;
  const [{ verdict, violations }, wholeMs] = timed(() =>
    judgeHistory({ registers, sets: [], counters: [] }),
  );
  const answer = found.every((one) => one === 'linearizable') ? 'right' : 'wrong';
  console.log(`${registers.length} operations, ${name}`);
  console.log(
    `  the search: ${answer} after ${Math.round(firstMs)} ms at first, ${Math.round(searchMs)} ms (median of 5) once it is compiled`,
  );
  console.log(
    `  all that is judged: ${verdict}, ${violations.length} violations, after ${Math.round(wholeMs)} ms`,
  );
  if ('missing' in porcupine) {
    console.log(`  Porcupine was not asked, for ${porcupine.missing}`);
    continue;
  }
  const { linearizable, ms } = porcupine.ofRegisters(registers);
  console.log(
    `  Porcupine: ${linearizable ? 'right' : 'wrong'} after ${Math.round(ms)} ms; the search took ${(firstMs / ms).toFixed(2)} times as long at first, ${(searchMs / ms).toFixed(2)} later`,
  );
}
