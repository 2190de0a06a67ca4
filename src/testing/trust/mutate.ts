/** Plants mutants in files and tells which of them the tests notice. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { isEquivalent } from './equivalent.ts';
import { Fates, type Judged } from './fates.ts';
import { plant, type Mutant } from './mutants.ts';
import { MutationRunner, type Patience, type Ran } from './mutation-runner.ts';

export interface Mutated {
  readonly judged: readonly Judged[];
  /** Mutants that were left out, as they change only what a sentence says. */
  readonly sentences: number;
}

/**
 * Tests of so many cases, or with Porcupine beside them, tell little more than shorter ones, and would be run for every
 * survivor.
 */
const huge = /100 ?000|porcupine/;

/** For one mutant no more of the tests that meet it beside those of its own file; milliseconds of processor time. */
const budgetMs = 4_000;

/** The same for a mutant that needs a process of its own, which has to load everything first. */
const budgetAtLoadMs = 1500;

/** A mutant that is met so much oftener than the code it replaces is in an endless loop. */
const hitFactor = 100;

/**
 * @param files relative to the root
 * @param code all that the tests are of: what was found out goes for as long as none of it changes
 * @param tests files of the tests that are to notice
 * @param say a line of progress
 */
export async function mutate(
  files: readonly string[],
  code: readonly string[],
  tests: readonly string[],
  say: (line: string) => void,
): Promise<Mutated> {
  const fates = new Fates([...code, ...tests]);
  const planted = await plant(files);
  const { folder, mutants, sentences } = planted;
  say(`${mutants.length} mutants in ${files.length} files`);
  const runner = new MutationRunner(
    folder,
    tests.map((file) => join(folder, file)),
  );
  try {
    const met = await meet(runner);
    say(`${met.took.size} tests`);
    const judged: Judged[] = [];
    for (const mutant of mutants) {
      const before = fates.of(mutant);
      const fate = before ?? (await judge(mutant, runner, met));
      if (before === undefined) fates.add(mutant, fate);
      if (fate.fate === 'killed') noteKiller(met, mutant, fate.by);
      judged.push({ ...mutant, ...fate });
      if (judged.length % 250 === 0)
        say(
          `${judged.length} of ${mutants.length}, ${judged.filter(({ fate }) => fate === 'survived').length} survived`,
        );
    }
    return { judged, sentences };
  } finally {
    await runner.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Which test meets which mutant, and how long each takes. */
interface Met {
  readonly byMutant: ReadonlyMap<string, ReadonlyMap<string, number>>;
  /** Those that are met when the code is loaded. */
  readonly atLoad: ReadonlySet<string>;
  /** Milliseconds of processor time. */
  readonly took: ReadonlyMap<string, number>;
  /** By the file of the mutants, so many of them each test has noticed so far. */
  readonly killers: Map<string, Map<string, number>>;
}

/** What noticed other mutants of a file is likely to notice the next. */
function noteKiller({ killers }: Met, { file }: Mutant, test: string): void {
  const ofFile = killers.get(file) ?? new Map<string, number>();
  killers.set(file, ofFile.set(test, (ofFile.get(test) ?? 0) + 1));
}

async function meet(runner: MutationRunner): Promise<Met> {
  const tests = (await runner.names()).filter((test) => !huge.test(test));
  const all = await runner.run({ tests }, () => 600_000);
  if (all.what !== 'ran' || all.failed !== undefined)
    throw new Error(`the tests fail without any mutant: ${JSON.stringify(all).slice(0, 500)}`);
  const byMutant = new Map<string, Map<string, number>>();
  for (const [test, mutants] of Object.entries(all.coverage.perTest))
    for (const [mutant, times] of Object.entries(mutants)) {
      const tests = byMutant.get(mutant) ?? new Map<string, number>();
      byMutant.set(mutant, tests.set(test, times));
    }
  return {
    byMutant,
    atLoad: new Set(Object.keys(all.coverage.static)),
    took: new Map(Object.entries(all.took)),
    killers: new Map(),
  };
}

async function judge(
  mutant: Mutant,
  runner: MutationRunner,
  met: Met,
): Promise<Pick<Judged, 'fate' | 'by'>> {
  if (isEquivalent(mutant)) return { fate: 'equivalent', by: '' };
  const own = met.byMutant.get(mutant.id) ?? new Map<string, number>();
  const hits = [...own.values()].reduce((sum, times) => sum + times, 0);
  // So much processor time it took without a mutant; a machine may be busy with other things.
  const patience: Patience = (test) => 20_000 + 10 * (met.took.get(test ?? '') ?? 0);
  const chosen = affordable([...own.keys()], mutant, met, budgetMs);
  const switched =
    chosen.length === 0
      ? ({ fate: 'survived', by: 'no test comes there' } as const)
      : fateOf(
          await runner.run(
            { mutant: mutant.id, tests: chosen, hitLimit: hits * hitFactor + 1000 },
            patience,
          ),
          chosen.length,
        );
  if (switched.fate !== 'survived' || !met.atLoad.has(mutant.id)) return switched;
  // Any test may notice what is different from the first line on.
  const any = affordable([...met.took.keys()], mutant, met, budgetAtLoadMs);
  const ran = await runner.runFromTheStart(mutant.id, any, patience);
  return fateOf(ran, any.length);
}

function fateOf(ran: Ran, looking: number): Pick<Judged, 'fate' | 'by'> {
  if (ran.what === 'hung') return { fate: 'timed out', by: '' };
  if (ran.what === 'broken') return { fate: 'killed', by: ran.because };
  if (ran.failed === undefined) return { fate: 'survived', by: `${looking} tests looked on` };
  return ran.because?.includes('Hit count limit') === true
    ? { fate: 'timed out', by: ran.failed }
    : { fate: 'killed', by: ran.failed };
}

/**
 * Of some tests those that stand beside the mutant's file, and of the others as many as the budget has room for: first
 * those that noticed most before, then the quickest.
 */
function affordable(
  tests: readonly string[],
  { file }: Mutant,
  { took, killers }: Met,
  atMostMs: number,
): readonly string[] {
  const beside = `${file.replace(/\.ts$/, '.test.ts')}: `;
  const kills = killers.get(file);
  const timed = tests
    .map((test) => ({
      test,
      ms: took.get(test) ?? 0,
      kills: kills?.get(test) ?? 0,
      isBeside: test.startsWith(beside),
    }))
    .sort((a, b) => b.kills - a.kills || +b.isBeside - +a.isBeside || a.ms - b.ms);
  let othersMs = 0;
  const chosen = timed.filter(({ ms, isBeside }) => {
    if (!isBeside) othersMs += ms;
    return isBeside || othersMs <= atMostMs;
  });
  return chosen.map(({ test }) => test);
}
