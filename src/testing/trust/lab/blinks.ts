import { setTimeout as delay } from 'node:timers/promises';
import type { Lab, LabNode } from '../../../lab/topology.ts';
import { randomFrom } from '../../../model/random.ts';
import { readStoredRun } from '../../../run/stored.ts';
import { lowerBound } from '../../../stats/clopper-pearson.ts';
import type { Part, Tried } from '../part.ts';
import { blink, type Blink } from './blink.ts';
import { reportsOf, startRun, withLab } from './lab.ts';
import { compareOutages, type Seen } from './outages.ts';

/** For so long blinks are made; the scenario waits a little longer. */
const blinkingMs = 7.5 * 60_000;
/** How long each is, and how long there is none after it. */
const shortestMs = 300;
const longestMs = 1000;
const pauseMs = { lo: 1200, hi: 2400 };
const enoughSeen = 0.99;
/** Lets nodes refuse the workload's users now and then. */
export const blinks: Part = {
  summary: 'on the lab: the workload blinks; every blink is seen, and no other',
  run: (say) => withLab({}, async (lab) => told(await letBlink(lab, say))),
};

async function letBlink(lab: Lab, say: (line: string) => void): Promise<Seen> {
  const run = startRun('blips', lab, reportsOf('blinks'));
  await run.says('cordon');
  await delay(3000);
  const until = Date.now() + blinkingMs;
  const all = (await Promise.all(lab.nodes.map((node) => blinkUntil(lab, node, until)))).flat();
  say(`${all.length} blinks`);
  await run.ended;
  const seen = compareOutages(readStoredRun(run.folder()), all);
  say(`${seen.seen} of ${seen.blinks} seen, ${seen.inside} as long as measured`);
  return seen;
}

async function blinkUntil(lab: Lab, node: LabNode, until: number): Promise<readonly Blink[]> {
  const random = randomFrom(node.index);
  const all: Blink[] = [];
  while (Date.now() < until) {
    await delay(random.between(pauseMs.lo, pauseMs.hi));
    all.push(await blink(lab, node, random.between(shortestMs, longestMs)));
  }
  return all;
}

function told({ blinks, seen, inside, invented, requests }: Seen): Tried {
  const bound = (lowerBound(seen, blinks) * 100).toFixed(1);
  return {
    broken: [
      ...(seen < blinks * enoughSeen ? [`${seen} of ${blinks} blinks were seen`] : []),
      ...(inside < seen * enoughSeen
        ? [`the length of ${inside} of ${seen} blinks lay in the measured interval`]
        : []),
      ...(invented > 0 ? [`${invented} failures between blinks`] : []),
    ],
    markdown: [
      `On each node in turn, all who asked for the workload were refused for ${shortestMs} to ${longestMs} ms, ${blinks} times in all, while \`workload-available\` was measured. ` +
        `${seen} of ${blinks} were seen (at least ${bound} % with 95 % confidence), and the true length of ${inside} of them lay in the measured interval. ` +
        `Of the ${requests} requests, ${invented} failed at any other time.`,
    ].join('\n'),
  };
}
