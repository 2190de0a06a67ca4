import { join } from 'node:path';
import { compareElections, type Compared } from '../../../commands/truth.ts';
import { messageOf } from '../../../acts/world.ts';
import type { Lab } from '../../../lab/topology.ts';
import { readStoredRun } from '../../../run/stored.ts';
import { lowerBound } from '../../../stats/clopper-pearson.ts';
import type { Part, Tried } from '../part.ts';
import { reportsOf, startRun, withLab } from './lab.ts';

/** Each run has ten kills. */
const runs = 4;
const killsARun = 10;
const kills = runs * killsARun;
const enoughInside = 39;
const widestMedianMs = 120;

/** Kills the leader again and again: the instant at which raft says that it leads must lie in the measured interval. */
export const elections: Part = {
  summary: `on the lab: ${kills} leaders killed; raft's own instant must lie in the measured interval`,
  run: (say) => withLab({ trace: true }, async (lab) => told(await killAll(lab, say))),
};

async function killAll(lab: Lab, say: (line: string) => void): Promise<readonly Compared[]> {
  const reports = reportsOf('elections');
  const all: Compared[] = [];
  for (let number = 1; number <= runs; number++) {
    const run = startRun('leader-kills', lab, join(reports, String(number)));
    const { code, stderr } = await run.ended;
    const found = electionsOf(run.folder);
    say(`run ${number}: exit ${code ?? 'by a signal'}`);
    for (const { says } of found) say(says);
    if (found.some(({ widthMs }) => widthMs === undefined)) say(stderr.trim().slice(-2000));
    all.push(...found);
  }
  return all;
}

function electionsOf(folderOf: () => string): readonly Compared[] {
  try {
    const folder = folderOf();
    return compareElections(folder, readStoredRun(folder));
  } catch (error) {
    return Array.from({ length: killsARun }, () => ({ inside: false, says: messageOf(error) }));
  }
}

function told(all: readonly Compared[]): Tried {
  const inside = all.filter((one) => one.inside).length;
  const widths = all.flatMap(({ widthMs }) => widthMs ?? []).sort((a, b) => a - b);
  const median = widths[Math.floor(widths.length / 2)] ?? Infinity;
  const widest = widths.at(-1) ?? Infinity;
  const bound = (lowerBound(inside, all.length) * 100).toFixed(1);
  return {
    broken: [
      ...(inside < enoughInside ? [`only ${inside} of ${all.length} elections inside`] : []),
      ...(median > widestMedianMs ? [`the median interval is ${median.toFixed(0)} ms wide`] : []),
    ],
    markdown: [
      `${kills} times the leader of the lab's datastore was killed, at random instants of its periodic work. The datastore writes each change of its raft state into the journal, with its own time to the nanosecond. ` +
        `That instant lay in the measured interval of the new leader's own word in ${inside} of ${all.length} (at least ${bound} % with 95 % confidence). The interval's width: median ${median.toFixed(0)} ms, widest ${widest.toFixed(0)} ms.`,
      '',
      '<details>',
      '<summary>Each of them, from the fault on</summary>',
      '',
      ...all.map(({ says }) => `- ${says}`),
      '',
      '</details>',
    ].join('\n'),
  };
}
