import { availableParallelism } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { loadCluster } from '../../../commands/context.ts';
import { clusterFile } from '../../../lab/clusterfile.ts';
import { usageOver } from '../../../lab/lab.ts';
import type { Lab } from '../../../lab/topology.ts';
import { LinkError } from '../../../links/errors.ts';
import type { Kube } from '../../../links/kube.ts';
import { openLinks } from '../../../links/open.ts';
import { survey } from '../../../links/survey.ts';
import { randomFrom } from '../../../model/random.ts';
import type { Part, Tried } from '../part.ts';
import { reportsOf, startRun, withLab } from './lab.ts';

/** Pairs of stretches, one with Holdfast's probes and one without, in an order that a seed shuffles. */
const pairs = 14;
const stretchMs = 16_000;
/** A run that goes on after it was stopped first opens its connections anew: that is no cost of looking. */
const beginMs = 4000;
/** How often each API server is asked, on average: not much, so that what waits does not wait for its like. */
const everyMs = { read: 100, write: 500 } as const;
const mostMore = 0.05;
const draws = 1000;

type Kind = keyof typeof everyMs;
const kinds = Object.keys(everyMs) as readonly Kind[];

/** Of one stretch. */
interface Stretch {
  /** Latencies; milliseconds. */
  readonly took: Readonly<Record<Kind, number[]>>;
  /** What all nodes used of this machine's processors, 0 to 1. */
  readonly cpuShare: number;
}

interface Pair {
  readonly on: Stretch;
  readonly off: Stretch;
}

/** Asks the API servers of a lab with and without a run's probes, turn by turn: what does looking cost? */
export const observer: Part = {
  summary: 'on the lab: how much slower API servers are while Holdfast looks',
  run: (say) => withLab({}, async (lab) => told(await measure(lab, say))),
};

async function measure(lab: Lab, say: (line: string) => void): Promise<readonly Pair[]> {
  const run = startRun('observed', lab, reportsOf('observer'));
  await run.says('cordon');
  const { access, snapshot } = await survey(loadCluster(clusterFile(lab.name)));
  const links = openLinks(access);
  const servers = snapshot.nodes
    .filter(({ controlPlane }) => controlPlane)
    .map(({ name }) => links.kube(name));
  const random = randomFrom(1);
  const all: Pair[] = [];
  try {
    for (let number = 1; number <= pairs; number++) {
      const onFirst = random.next() < 0.5;
      const first = await stretch(lab, servers, run.child.pid, onFirst);
      const second = await stretch(lab, servers, run.child.pid, !onFirst);
      all.push(onFirst ? { on: first, off: second } : { on: second, off: first });
      if (number % 2 === 0) say(`${number} of ${pairs} pairs`);
    }
  } finally {
    signal(run.child.pid, 'SIGCONT');
    links.close();
  }
  run.child.kill('SIGINT');
  await run.ended;
  return all;
}

/** @param pid of the run; while it is stopped, nothing of it looks */
async function stretch(
  lab: Lab,
  servers: readonly Kube[],
  pid: number | undefined,
  on: boolean,
): Promise<Stretch> {
  signal(pid, on ? 'SIGCONT' : 'SIGSTOP');
  await delay(beginMs);
  const took: Stretch['took'] = { read: [], write: [] };
  const underWay: Promise<void>[] = [];
  const stops = servers.flatMap((server) =>
    kinds.map((kind) =>
      atRandom(everyMs[kind], () => underWay.push(ask(server, kind, took[kind]))),
    ),
  );
  const { cpuShare } = await usageOver(lab.name, stretchMs - beginMs);
  for (const stop of stops) stop();
  await Promise.all(underWay);
  return { took, cpuShare };
}

/** Does it again and again, after half to one and a half of the time each. @returns what ends it */
function atRandom(ms: number, act: () => void): () => void {
  let timer: NodeJS.Timeout;
  const next = (): void => {
    timer = setTimeout(
      () => {
        act();
        next();
      },
      ms * (0.5 + Math.random()),
    );
  };
  next();
  return () => clearTimeout(timer);
}

/** An object of each API server's own, so that writes do not wait for each other. */
async function ask(server: Kube, kind: Kind, into: number[]): Promise<void> {
  const objects = '/api/v1/namespaces/default/configmaps';
  const name = `trust-observer-${server.node}`;
  const since = performance.now();
  try {
    if (kind === 'read') await server.request('GET', `${objects}/${name}`);
    else {
      const body = { metadata: { name }, data: { at: String(since) } };
      const { status } = await server.request('PUT', `${objects}/${name}`, { body });
      if (status === 404) await server.request('POST', objects, { body });
    }
  } catch (error) {
    // One without an answer took as long as it was waited for, at least.
    if (!(error instanceof LinkError)) throw error;
  }
  into.push(performance.now() - since);
}

function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined) throw new Error('the run could not be started');
  process.kill(pid, name);
}

function told(all: readonly Pair[]): Tried {
  const rows = kinds.map((kind) => ({
    kind,
    on: pooled(all, 'on', kind),
    off: pooled(all, 'off', kind),
    more: moreOf(all, kind),
    between: bootstrapped(all, kind),
  }));
  return {
    broken: rows
      .filter(({ more }) => more >= mostMore)
      .map(({ kind, more }) => `p99 of a ${kind} is ${sayShare(more)} with the probes`),
    markdown: [
      `Each API server of the lab was asked by another program, on average ${1000 / everyMs.read} reads and ${1000 / everyMs.write} writes of a ConfigMap a second, in ${pairs} pairs of ${(stretchMs - beginMs) / 1000} s with and without a run's probes (its process was stopped for those without), in random order. Lab, harness and the other program share ${availableParallelism()} processors. ` +
        `Its nodes together used ${sayOfOne(all, 'off')} of one processor without the probes and ${sayOfOne(all, 'on')} with them. ` +
        'The interval is of a bootstrap over the pairs, 95 %.',
      '',
      '| request | requests | p50 without | p50 with | p99 without | p99 with | more |  |',
      '| --- | --: | --: | --: | --: | --: | --: | --: |',
      ...rows.map(
        ({ kind, on, off, more, between: [lo, hi] }) =>
          `| ${[kind, on.length + off.length, ...[0.5, 0.99].flatMap((share) => [sayMs(quantile(off, share)), sayMs(quantile(on, share))]), sayShare(more), `${sayShare(lo)} to ${sayShare(hi)}`].join(' | ')} |`,
      ),
    ].join('\n'),
  };
}

function pooled(all: readonly Pair[], side: keyof Pair, kind: Kind): readonly number[] {
  return all.flatMap((pair) => pair[side].took[kind]).sort((a, b) => a - b);
}

/** By what share p99 is higher with the probes. */
function moreOf(all: readonly Pair[], kind: Kind): number {
  return quantile(pooled(all, 'on', kind), 0.99) / quantile(pooled(all, 'off', kind), 0.99) - 1;
}

function bootstrapped(all: readonly Pair[], kind: Kind): readonly [number, number] {
  const random = randomFrom(2);
  const found = Array.from({ length: draws }, () =>
    moreOf(
      all.map((pair) => random.pick(all) ?? pair),
      kind,
    ),
  ).sort((a, b) => a - b);
  return [quantile(found, 0.025), quantile(found, 0.975)];
}

/** What all nodes used on average, as a share of one processor. */
function sayOfOne(all: readonly Pair[], side: keyof Pair): string {
  const shares = all.map((pair) => pair[side].cpuShare);
  const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
  return `${(mean * availableParallelism() * 100).toFixed(0)} %`;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.floor(sorted.length * share)] ?? NaN;
}

function sayMs(ms: number): string {
  return `${ms.toFixed(1)} ms`;
}

function sayShare(share: number): string {
  return `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(1)} %`;
}
