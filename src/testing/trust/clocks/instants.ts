import { offsetFrom, place } from '../../../links/armed.ts';
import type { Ping } from '../../../links/shell.ts';
import { between, type Clock, type Random } from './clock.ts';

/** As many as the real shell asks. */
const pings = 20;

const drifting: Clock = {
  of: 'a deed on a node whose clock is ahead, and drifts',
  trial: (random) => ({ 'fault instant, clock drifts': deed(random, 0) }),
};

const stepped: Clock = {
  of: 'a deed on a node whose clock is stepped around it',
  trial: (random) => {
    // What NTP steps is a tenth of a second at least; less than that it slews.
    const stepMs = between(random, 128, 2000) * (random() < 0.5 ? -1 : 1);
    return { 'fault instant, clock stepped': deed(random, stepMs) };
  },
};

/** When a deed was done on a node, by our stamps and its own. */
export const instants: readonly Clock[] = [drifting, stepped];

/** The clock of a node as the network shows it: one way is slower than the other, and some trips are slow. */
interface Node {
  readonly wallAt: (ms: number) => number;
  readonly trip: () => { readonly there: number; readonly back: number };
}

function deed(random: Random, stepMs: number): ReturnType<Clock['trial']>[string] {
  const ahead = between(random, -1e6, 1e9);
  // Slewed by NTP, 500 ppm, and a quartz of 100 ppm.
  const drift = between(random, -600e-6, 600e-6);
  const steppedAt = between(random, 0, 4000);
  const oneWay = between(random, 0.1, 30);
  const asymmetry = random();
  const node: Node = {
    wallAt: (ms) => ahead + ms * (1 + drift) + (ms >= steppedAt ? stepMs : 0),
    trip: () => {
      const slow = random() < 0.1 ? 10 : 1;
      const all = 2 * oneWay * (0.5 + random() / 2) * slow;
      return { there: all * asymmetry * random(), back: all * (1 - asymmetry) * random() };
    },
  };
  const begun = between(random, 0, 200);
  const before = ask(node, begun);
  // Between arming and firing a run may wait, as for the slowest of several nodes.
  const sentMs = before.endMs + between(random, 0, 1500);
  const way = node.trip();
  const from = sentMs + way.there + between(random, 0, 2);
  const to = from + between(random, 0.2, 30);
  const stamped = { started: between(random, 0, 0.5), ended: between(random, 0, 0.5) };
  const gotMs = to + stamped.ended + way.back;
  const after = ask(node, gotMs);
  const { span } = place(
    {
      sentMs,
      gotMs,
      startedNodeMs: node.wallAt(Math.max(sentMs, from - stamped.started)),
      endedNodeMs: node.wallAt(to + stamped.ended),
    },
    offsetFrom(before.answers),
    offsetFrom(after.answers),
  );
  return { truth: { from, to }, measured: span };
}

function ask(node: Node, fromMs: number): { answers: Ping[]; endMs: number } {
  const answers: Ping[] = [];
  let endMs = fromMs;
  for (let i = 0; i < pings; i++) {
    const { there, back } = node.trip();
    const sentMs = endMs;
    const gotMs = sentMs + there + back;
    answers.push({ sentMs, gotMs, nodeMs: node.wallAt(sentMs + there) });
    endMs = gotMs;
  }
  return { answers, endMs };
}
