import { setTimeout as delay } from 'node:timers/promises';
import { run } from '../../../lab/shell.ts';
import { hostNames, type Lab, type LabNode } from '../../../lab/topology.ts';
import type { Span } from '../../../model/span.ts';

/** A time in which the workload could not be asked through a node; each end is between two stamps of the wall clock, ms. */
export interface Blink {
  readonly node: string;
  readonly from: Span;
  readonly to: Span;
}

const table = 'trust_blink';
/** The ports that Services have on nodes, without the option to choose others. */
const nodePorts = '30000-32767';
/** Only what is for the node itself: an answer that a pod of it sends may go to a port of that range elsewhere. */
const refusing = [
  `table inet ${table} {`,
  'chain c {',
  'type filter hook prerouting priority -300',
  `fib daddr type local tcp dport ${nodePorts} reject with tcp reset`,
  '}',
  '}',
].join('\n');

/**
 * Lets a node refuse whoever asks it for a workload, for so long: new connections, and those that stand.
 * @throws LabError if the node's rules cannot be changed
 */
export async function blink(lab: Lab, node: LabNode, forMs: number): Promise<Blink> {
  const from = await stamped(() => nft(lab, node, refusing));
  await delay(Math.max(0, from.hi + forMs - Date.now()));
  const to = await stamped(() => nft(lab, node, `delete table inet ${table}`));
  return { node: node.name, from, to };
}

async function stamped(work: () => Promise<unknown>): Promise<Span> {
  const lo = Date.now();
  await work();
  // The clock tells whole milliseconds: it was that late at most.
  return { lo, hi: Date.now() + 1 };
}

function nft(lab: Lab, node: LabNode, rules: string): Promise<string> {
  const { namespace } = hostNames(lab, node);
  return run('ip', ['netns', 'exec', namespace, 'nft', '-f', '-'], { input: rules });
}
