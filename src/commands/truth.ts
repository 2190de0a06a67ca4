import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { injectedBy } from '../claims/injected.ts';
import { resultOf } from '../claims/result.ts';
import { raftChanges } from '../lab/microk8s/raft-trace.ts';
import { isSeen, type Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { CommandError } from './context.ts';
import { readRun } from './judge.ts';

/** A phase event tells the wall clock to the millisecond: so far the two clocks may be apart. */
const wallErrorMs = 1;

/** `holdfast lab truth RUN…`: is raft's own instant of leadership inside the interval that was measured? */
export function truthCommand(): Command {
  return new Command('truth')
    .description(
      "compare measured elections with raft's own trace; the lab must have been reset with --trace",
    )
    .argument('<folders...>', 'folders of runs on the lab')
    .action((folders: readonly string[]) => {
      const all = folders.flatMap((folder) => compareElections(folder, readRun(folder)));
      for (const { says } of all) console.log(says);
      const inside = all.filter(({ inside }) => inside).length;
      const widths = all.flatMap(({ widthMs }) => widthMs ?? []).sort((a, b) => a - b);
      const median = widths[Math.floor(widths.length / 2)];
      const wide = median === undefined ? '' : `, median width ${median.toFixed(0)} ms`;
      console.log(`${inside} of ${all.length} inside${wide}`);
      if (inside < all.length) process.exitCode = 1;
    });
}

/** A measured election beside raft's own word of it. */
export interface Compared {
  readonly inside: boolean;
  readonly says: string;
  /** Of the interval in which the new leader was first seen to call itself one, if it was; milliseconds. */
  readonly widthMs?: number;
}

/**
 * Every election that a run measured, in the order of its claims.
 * @param folder of a run on a lab whose datastore traces, with its timeline
 */
export function compareElections(folder: string, timeline: Timeline): readonly Compared[] {
  const { run, scenario } = timeline.plan;
  const verdicts = resultOf(timeline).trials[0]?.verdicts ?? [];
  return scenario.expect.flatMap(({ claim, params }, index) => {
    if (claim !== 'leader-elected') return [];
    const { after } = params as { readonly after?: string };
    const fired = injectedBy(timeline, after)?.fired;
    const own = verdicts[index]?.clocks?.['own-word'];
    const name = after === undefined ? run : `${run}, ${after}`;
    if (fired === undefined || own === undefined || !isSeen(own))
      return [{ inside: false, says: `${name}: no election was measured` }];
    return [compare(name, fired, own, leadershipAfter(folder, timeline, fired.hi))];
  });
}

function compare(
  name: string,
  fired: Span,
  own: Span,
  truth: ReturnType<typeof leadershipAfter>,
): Compared {
  if (truth === undefined)
    return { inside: false, says: `${name}: the trace tells of no leader after the fault` };
  // Durations count from either end of the fault's instant: taken off again, what is left is the poll's own interval.
  const measured: Span = { lo: own.lo + fired.hi, hi: own.hi + fired.lo };
  const inside = truth.at >= measured.lo - wallErrorMs && truth.at <= measured.hi + wallErrorMs;
  const after = (at: number): string => `${(at - fired.lo).toFixed(0)} ms`;
  return {
    inside,
    widthMs: measured.hi - measured.lo,
    says: `${name}: after the fault, raft ${after(truth.at)} (${truth.node}), measured ${after(measured.lo)} to ${after(measured.hi)}: ${inside ? 'inside' : 'OUTSIDE'}`,
  };
}

/** The first leadership that raft wrote down after an instant of the run's clock, and on which node. */
function leadershipAfter(
  folder: string,
  { plan, events }: Timeline,
  after: number,
): { node: string; at: number } | undefined {
  const phase = events.find((event) => event.type === 'phase');
  if (phase === undefined) return undefined;
  const offset = Date.parse(phase.wall) - phase.at;
  const found = plan.snapshot.nodes.flatMap(({ name }) => {
    const file = join(folder, 'logs', `${name}-datastore.log`);
    if (!existsSync(file))
      throw new CommandError('usage', `${file} is not there: the run saved no journals`);
    return raftChanges(readFileSync(file, 'utf8'))
      .filter(({ to, wallMs }) => to === 'leader' && wallMs - offset > after)
      .map(({ wallMs }) => ({ node: name, at: wallMs - offset }));
  });
  return found.sort((a, b) => a.at - b.at)[0];
}
