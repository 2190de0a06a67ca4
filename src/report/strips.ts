import type { NodesSeen, RolesSeen, Sample } from '../model/timeline.ts';

/** A stretch of time in which a series said the same; milliseconds on the run's clock. */
export interface Run {
  readonly from: number;
  readonly to: number;
  /** What was said; its words belong to the lane. */
  readonly state: string;
  /** How many slots it stands for. */
  readonly count: number;
  /** Error codes and how often each came. */
  readonly errors: Readonly<Record<string, number>>;
}

/** Slots after which a series without a sample counts as not sampled. */
const gapSlots = 3;

/**
 * The samples of one series as stretches of equal state. A sample speaks from its intended time until the next one's,
 * or for one slot where the series has a gap.
 * @param samples in the order of their intended times
 */
export function runsOf(
  samples: readonly Sample[],
  everyMs: number,
  stateOf: (sample: Sample) => string,
): readonly Run[] {
  const runs: Run[] = [];
  samples.forEach((sample, index) => {
    const next = samples[index + 1]?.due ?? sample.due + everyMs;
    const to = next - sample.due > gapSlots * everyMs ? sample.due + everyMs : next;
    const errors = sample.error === undefined ? {} : { [sample.error]: 1 };
    append(runs, { from: sample.due, to, state: stateOf(sample), count: 1, errors });
  });
  return runs;
}

/**
 * What most sources say of each node at each time, as stretches per node. A source that has not answered for three
 * slots has no say; where nobody has one the state is `unknown`.
 * @param sources the samples of each source, in order
 * @param read what one answer says of each node
 */
export function mostSay(
  sources: readonly (readonly Sample[])[],
  everyMs: number,
  nodes: readonly string[],
  read: (sample: Sample) => ReadonlyMap<string, string>,
): ReadonlyMap<string, readonly Run[]> {
  const runs = new Map<string, Run[]>(nodes.map((node) => [node, []]));
  const latest = new Map<number, { at: number; says: ReadonlyMap<string, string> }>();
  const all = sources
    .flatMap((samples, source) => samples.map((sample) => ({ source, sample })))
    .sort((a, b) => a.sample.due - b.sample.due);
  all.forEach(({ source, sample }, index) => {
    const { due } = sample;
    if (sample.ok === true) latest.set(source, { at: due, says: read(sample) });
    const fresh = [...latest.values()].filter(({ at }) => due - at <= gapSlots * everyMs);
    const to = all[index + 1]?.sample.due ?? due + everyMs;
    for (const node of nodes) {
      const state = mostCommon(fresh.map(({ says }) => says.get(node) ?? 'unknown')) ?? 'unknown';
      const list = runs.get(node);
      if (list && to > due) append(list, { from: due, to, state, count: 1, errors: {} });
    }
  });
  return runs;
}

/** The role of each node by one answer of the probe `roles`. */
export function rolesIn(
  sample: Sample,
  nodeOf: (id: string) => string,
): ReadonlyMap<string, string> {
  const { members } = sample.value as RolesSeen;
  return new Map(members.map(({ id, role }) => [nodeOf(id), role]));
}

/** The readiness of each node by one answer of the probe `nodes`. */
export function readinessIn(sample: Sample): ReadonlyMap<string, string> {
  const { ready } = sample.value as NodesSeen;
  return new Map(Object.entries(ready).map(([node, is]) => [node, is ? 'ready' : 'not ready']));
}

/**
 * Merges neighbours until there are at most about `limit` runs, for a page that opens fast. The worst state of those
 * merged wins, so a failure is never merged away.
 * @param worstFirst states, worst first; others are milder than all of them
 */
export function compact(
  runs: readonly Run[],
  limit: number,
  worstFirst: readonly string[],
): readonly Run[] {
  const [first] = runs;
  const last = runs.at(-1);
  if (runs.length <= limit || first === undefined || last === undefined) return runs;
  const widthMs = ((last.to - first.from) * 2) / limit;
  const rank = (state: string): number => {
    const index = worstFirst.indexOf(state);
    return index < 0 ? worstFirst.length : index;
  };
  const merged: Run[] = [];
  for (const run of runs) {
    const open = merged.at(-1);
    if (open === undefined || run.to - open.from > widthMs) {
      append(merged, run);
      continue;
    }
    const state = rank(run.state) < rank(open.state) ? run.state : open.state;
    merged[merged.length - 1] = join(open, run, state);
  }
  return merged;
}

function append(runs: Run[], run: Run): void {
  const open = runs.at(-1);
  if (open?.state === run.state && open.to === run.from)
    runs[runs.length - 1] = join(open, run, run.state);
  else runs.push(run);
}

function join(a: Run, b: Run, state: string): Run {
  const errors = { ...a.errors };
  for (const [code, times] of Object.entries(b.errors)) errors[code] = (errors[code] ?? 0) + times;
  return { from: a.from, to: b.to, state, count: a.count + b.count, errors };
}

function mostCommon(states: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const state of states) counts.set(state, (counts.get(state) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0];
}
