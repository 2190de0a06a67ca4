/** Scenario and cluster files that are not well formed. */
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { claims } from '../../claims/table.ts';
import { faults } from '../../faults/table.ts';
import { formatDuration, longestDurationMs, parseDuration } from '../../model/duration.ts';
import { readCluster } from '../../read/cluster.ts';
import { sayProblem, type Problem } from '../../read/problem.ts';
import { readScenario } from '../../read/scenario.ts';
import { must, target, type Target } from './fuzz-target.ts';
import { asYaml, bytes, mutated, near } from './fuzz-yaml.ts';

const folder = new URL('../../../scenarios/', import.meta.url);
const scenarioTexts = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((name) => readFileSync(new URL(name, folder), 'utf8'));

const clusterText = `name: home
platform: microk8s
cluster-id: 5d1f6a0e-3b0c-4a51-9d2f-2a4f5f6c7d8e
kubeconfig: { file: ~/.kube/config, context: home }
ssh: { user: pi, identity: id_ed25519, known-hosts: known_hosts, port: 22 }
allow: [reversible, power, breaks-quorum]
nodes:
  pi1: { address: 192.168.1.101, power: { off: [a, b], 'on': [a, c], state: [d] } }
  pi2: { address: pi2.local, power: { sysrq: true } }
  pi3:
    address: fe80::1
protect: { namespaces: [kube-system] }
`;

/** A scenario in which every fault and every claim stands once, by their own examples. */
const everything = {
  name: 'everything',
  title: 'All of it',
  claim: 'It holds.',
  source: 'nobody',
  class: ['reversible', 'power'],
  needs: { voters: 3, standbys: 1, nodes: 4 },
  workload: 'web',
  steps: [
    ...Object.entries(faults).map(([name, { example }], index) => ({
      id: `fault-${index}`,
      [name]: parse(typeof example === 'string' ? example : JSON.stringify(example)) as unknown,
    })),
    { wait: { until: 'seen', 'at-most': '30s' } },
    { wait: { until: 'well', 'at-most': '3m' } },
    { wait: '5s' },
    {
      each: {
        of: 'voter',
        do: [{ kill: { service: 'datastore', target: 'it' } }, { heal: 'all' }],
      },
    },
    { heal: 'all' },
  ],
  expect: Object.keys(claims).map((name) => ({
    [name]: { within: '5s', on: 'every', after: 'fault-0' },
  })),
};

const scenarioValues = near([...scenarioTexts.map((text) => parse(text) as unknown), everything]);
const clusterValues = near([parse(clusterText)]);

export const fileTargets: readonly Target[] = [
  target({
    what: 'scenario files: nearly right documents',
    cases: asYaml(scenarioValues),
    feed: (text) => readAs('scenario', text),
    runs: 4000,
  }),
  target({
    what: 'scenario files: real ones with bytes, lines, anchors and tricks changed',
    cases: mutated(scenarioTexts),
    feed: (text) => readAs('scenario', text),
    runs: 8000,
  }),
  target({
    what: 'scenario and cluster files: any bytes',
    cases: bytes,
    feed: (text) => {
      readAs('scenario', text);
      readAs('cluster', text);
    },
    runs: 8000,
  }),
  target({
    what: 'cluster files: nearly right documents',
    cases: asYaml(clusterValues),
    feed: (text) => readAs('cluster', text),
    runs: 10_000,
  }),
  target({
    what: 'cluster files: a real one with bytes, lines, anchors and tricks changed',
    cases: mutated([clusterText]),
    feed: (text) => readAs('cluster', text),
    runs: 8000,
  }),
  target({
    what: 'durations',
    cases: fc.oneof(
      fc.string({ unit: fc.constantFrom(...'0123456789.-+ehmsµ '.split(/(?:)/u)), maxLength: 14 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.nat(longestDurationMs).map(formatDuration),
    ),
    feed: feedDuration,
    runs: 200_000,
  }),
];

/** A file must be understood, or every problem must say where it is. */
function readAs(kind: 'scenario' | 'cluster', text: string): void {
  const file = `${kind}.yaml`;
  const read = kind === 'scenario' ? readScenario(text, file) : readCluster(text, file, '/home/pi');
  if (!('problems' in read)) {
    // What was read is plain data: the plan that holds it is stored.
    JSON.stringify(read);
    return;
  }
  must(read.problems.length > 0, 'it was not read, and nothing is said to be wrong');
  const lines = text.split(/\r\n|\r|\n/).length;
  for (const problem of read.problems) checkPlace(problem, file, lines);
}

function checkPlace(problem: Problem, file: string, lines: number): void {
  const said = sayProblem(problem);
  must(said.startsWith(`${file}:${problem.line}:${problem.column} `), `it says not where: ${said}`);
  must(problem.line >= 1 && problem.line <= lines, `line ${problem.line} of ${lines}`);
  must(problem.column >= 1, `column ${problem.column}`);
  must(problem.message.trim() !== '', 'a problem says nothing');
  must(
    !/undefined|\[object |NaN/.test(problem.message.replaceAll(/"[^\n]*"/g, '')),
    `it says: ${said}`,
  );
}

function feedDuration(text: string): void {
  const ms = parseDuration(text);
  if (ms === undefined) return;
  must(ms >= 0 && ms <= longestDurationMs, `${ms} ms`);
  must(parseDuration(formatDuration(ms)) === ms, `${text} is written as ${formatDuration(ms)}`);
}
