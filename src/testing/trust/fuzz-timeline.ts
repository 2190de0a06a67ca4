/**
 * Timelines that are not as they were written: cut, with lines lost, doubled, moved or edited. They are read and judged as
 * `holdfast judge` and `holdfast report` do. None may pass that is not, byte for byte, one that was written as a pass.
 */
import fc from 'fast-check';
import { resultOf } from '../../claims/result.ts';
import { resultSchema } from '../../model/result-schema.ts';
import type { Timeline } from '../../model/timeline.ts';
import { closingTable } from '../../report/closing-table.ts';
import { htmlOf } from '../../report/html.ts';
import { junitOf } from '../../report/junit.ts';
import { plain } from '../../report/terminal.ts';
import { Sealing, withoutSeal, withSeal } from '../../run/seal.ts';
import { StoredRunError, timelineIn } from '../../run/stored.ts';
import { timelineOf } from '../timelines.ts';
import { must, target, type Target } from './fuzz-target.ts';
import { near } from './fuzz-yaml.ts';

/** A run as it lies in its folder. */
interface Stored {
  readonly plan: string;
  readonly lines: readonly string[];
}

/** Short runs, so that every byte can be the last: one that passes, one that fails, and one whose fault did not bite. */
const short = {
  fired: 5200,
  heal: 7200,
  recovered: 7500,
  end: 9000,
  knows: { pi2: 900, pi3: 850 },
  promoted: 1500,
  probes: ['leader', 'roles'],
  expect: [
    { claim: 'leader-elected', params: { within: 5000 } },
    { claim: 'leader-changes', params: { 'at-most': 1 } },
  ],
} as const;

const passing = sealed(timelineOf(short));
const failing = sealed(
  timelineOf({
    ...short,
    expect: [
      { claim: 'leader-elected', params: { within: 500 } },
      { claim: 'leader-changes', params: { 'at-most': 0 } },
    ],
  }),
);
const missed = sealed(timelineOf({ ...short, proof: 'missed' }));
const runs = [passing, failing, missed];
/** Where the run that passes may be cut: nowhere, and after each of its characters. */
const cuts = textOf(passing).length + 1;
/** A prime: all cuts come once, and a few of them come from everywhere. */
const stride = 7919;

/** What a recorder writes. */
function sealed({ plan, events }: Timeline): Stored {
  const text = `${JSON.stringify(plan, null, 2)}\n`;
  const lines = events.map((event) => JSON.stringify(event));
  const sealing = new Sealing(text);
  for (const line of lines.slice(0, -1)) sealing.add(line);
  const last = lines.at(-1) ?? '';
  return { plan: text, lines: [...lines.slice(0, -1), withSeal(last, sealing.seal(last))] };
}

function textOf({ lines }: Stored): string {
  return lines.map((line) => `${line}\n`).join('');
}

const written = new Set(runs.map((run) => run.plan + textOf(run)));

/** @param views also those that take longer */
function judgeAgain(plan: string, timeline: string, views: boolean): void {
  let read: Timeline;
  try {
    read = timelineIn({
      plan: { name: 'run.json', text: plan },
      timeline: { name: 'timeline.jsonl', text: timeline },
    });
  } catch (error) {
    if (!(error instanceof StoredRunError)) throw error;
    must(
      /^(run\.json|timeline\.jsonl):\d+:\d+: ./.test(error.message),
      `it says not where: ${error.message}`,
    );
    return;
  }
  const result = resultOf(read);
  if (plan === passing.plan && timeline === textOf(passing))
    must(result.outcome === 'pass', `the run that should pass does not: ${result.reason}`);
  if (result.outcome === 'pass')
    must(written.has(plan + timeline), 'what is not as it was written passes');
  must(
    (result.exitCode === 0) === (result.outcome === 'pass'),
    'the exit code says something else',
  );
  if (!views) return;
  const checked = resultSchema.safeParse(JSON.parse(JSON.stringify(result)));
  must(checked.success, `the result is none: ${checked.error?.message ?? ''}`);
  closingTable(result, read, { colors: plain, columns: 100 });
  junitOf(result, read);
  htmlOf(result, read);
}

/** Changes of lines; `at` and `to` are shares of all lines. */
interface Edit {
  readonly how:
    'drop' | 'double' | 'swap' | 'byte' | 'value' | 'unseal' | 'cut' | 'plan' | 'insert';
  readonly at: number;
  readonly to: number;
  readonly value: unknown;
  readonly text: string;
}

const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const edit: fc.Arbitrary<Edit> = fc.record({
  how: fc.constantFrom('drop', 'drop', 'double', 'swap', 'byte', 'value', 'cut', 'plan', 'insert'),
  at: share,
  to: share,
  value: fc.oneof(
    fc.constantFrom(null, true, false, 0, -1, 1e300, '', 'pass', [], {}, 1e15, '__proto__'),
    fc.jsonValue({ maxDepth: 3 }),
  ),
  text: fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '0',
      '9',
      '"',
      '{',
      '}',
      ',',
      'null',
      '[]',
      '{}',
      '7',
      '"x"',
      '\\u0000',
    ),
    fc.constantFrom(
      '{"type":"end","at":1,"residue":[]}',
      '{"type":"fault","at":1,"step":"kill","state":"bit"}',
    ),
    fc.string({ unit: 'binary', maxLength: 8 }),
  ),
});

function edited(run: Stored, { how, at, to, value, text }: Edit): Stored {
  const { plan, lines } = run;
  const index = Math.floor(at * lines.length);
  const other = Math.floor(to * lines.length);
  const line = lines[index];
  if (line === undefined) return run;
  switch (how) {
    case 'drop':
      return { plan, lines: lines.toSpliced(index, 1 + Math.floor(to * to * 4)) };
    case 'double':
      return { plan, lines: lines.toSpliced(other, 0, line) };
    case 'swap':
      return { plan, lines: lines.with(index, lines[other] ?? '').with(other, line) };
    case 'byte': {
      const offset = Math.floor(to * line.length);
      return {
        plan,
        lines: lines.with(index, line.slice(0, offset) + text + line.slice(offset + 1)),
      };
    }
    case 'value':
      return { plan, lines: lines.with(index, withValue(line, to, value)) };
    case 'cut':
      return { plan, lines: lines.slice(0, index) };
    case 'insert':
      return { plan, lines: lines.toSpliced(index, 0, text) };
    case 'plan': {
      const offset = Math.floor(at * plan.length);
      const changed =
        to < 0.5
          ? plan.slice(0, offset) + text + plan.slice(offset + 1)
          : withValue(plan, at, value);
      return { plan: changed, lines };
    }
    case 'unseal':
      return { plan, lines: lines.with(-1, withoutSeal(lines.at(-1) ?? '')) };
  }
}

/** JSON with one of its values changed, or taken away. */
function withValue(text: string, at: number, value: unknown): string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return text;
  }
  const places: [Record<string, unknown>, string][] = [];
  const walk = (inner: unknown): void => {
    if (typeof inner !== 'object' || inner === null) return;
    for (const [key, next] of Object.entries(inner)) {
      places.push([inner as Record<string, unknown>, key]);
      walk(next);
    }
  };
  walk(parsed);
  const place = places[Math.floor(at * places.length)];
  if (place === undefined) return text;
  const [holder, key] = place;
  // What is undefined is not written: the place is gone.
  holder[key] = value === 'pass' ? undefined : value;
  return JSON.stringify(parsed);
}

const run = fc.constantFrom(...runs);
const edits = fc.tuple(run, fc.array(edit, { minLength: 1, maxLength: 4 }));

/** What was cut off or unsealed is looked at line by line, and so meets more of the code than what is sealed. */
const unsealing: fc.Arbitrary<Edit> = edit.map((one) => ({
  ...one,
  how: one.at < 0.5 ? 'unseal' : 'drop',
  at: one.at < 0.5 ? one.at : 0.9999,
  to: one.at < 0.5 ? one.to : 0,
}));

let everyByte: { readonly text: string; next: number } | undefined;

export const timelineTargets: readonly Target[] = [
  target({
    what: 'timelines: cut at every byte',
    cases: fc.constant(passing),
    feed: (one) => {
      everyByte ??= { text: textOf(one), next: 0 };
      const { text, next } = everyByte;
      everyByte.next = (next + stride) % cuts;
      // Every cut within a line leaves the same lines: only after a line is there more to judge.
      const isLine = text[next - 1] === '\n';
      judgeAgain(one.plan, text.slice(0, next), isLine && next % 7 === 0);
    },
    runs: cuts,
  }),
  target({
    what: 'timelines: one line lost, one after the other',
    cases: fc.tuple(run, fc.nat(100_000)),
    feed: ([one, index]) => {
      const lost = one.lines.toSpliced(index % one.lines.length, 1);
      judgeAgain(one.plan, textOf({ ...one, lines: lost }), false);
    },
    runs: 4000,
  }),
  target({
    what: 'timelines: lines and values changed, sealed',
    cases: edits,
    feed: ([one, all]) => {
      const now = all.reduce(edited, one);
      judgeAgain(now.plan, textOf(now), false);
    },
    runs: 6000,
  }),
  target({
    what: 'timelines: lines and values changed, without seal or end, and reported',
    cases: fc.tuple(edits, unsealing),
    feed: ([[one, all], last]) => {
      const now = [...all, last].reduce(edited, one);
      judgeAgain(now.plan, textOf(now), true);
    },
    runs: 4000,
  }),
  target({
    what: 'timelines: plans that are nearly right, without seal',
    cases: fc.tuple(run, near(runs.map(({ plan }) => JSON.parse(plan) as unknown))),
    feed: ([one, plan]) => {
      const text = JSON.stringify(plan, (_, inner: unknown) =>
        typeof inner === 'bigint' ? Number(inner) : inner,
      ) as string | undefined;
      judgeAgain(text ?? '', textOf({ ...one, lines: one.lines.slice(0, -1) }), true);
    },
    runs: 4000,
  }),
];
