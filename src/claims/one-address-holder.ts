import { z } from 'zod';
import type { Claim } from '../model/claim.ts';
import type { Series } from '../model/plan.ts';
import { sayInstant } from '../model/span.ts';
import type { AddressSeen, Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { afterFault } from './after.ts';
import { injectedBy, neverFired } from './injected.ts';
import { vacuous } from './sampling.ts';
import { seriesOf, usedFrom, type Used } from './series.ts';

interface OneAddressHolderParams {
  readonly after?: string | undefined;
}

const name = 'one-address-holder';
const title = 'never two nodes with the address of the endpoint';

/**
 * From the fault to the end, no two control planes have the address of the kubeconfig at the same time, as far as looks
 * twice a second tell: the moment in which one takes it and the other lets go of it is shorter.
 */
export const oneAddressHolder: Claim<OneAddressHolderParams> = {
  summary: 'never two nodes with the address of the endpoint',
  schema: z.strictObject({ after: afterFault }),
  probes: ['address'],
  title: () => title,
  // It has no end of its own to wait for.
  seen: ({ after }, timeline) => injectedBy(timeline, after) !== undefined,
  judge: (params, timeline) => ({ claim: name, title, ...judged(params, timeline) }),
};

type Judged = Pick<Verdict, 'outcome' | 'because' | 'evidence'>;

/** A node had the address at both ends of this, and is taken to have had it between. */
interface Held {
  readonly node: string;
  readonly from: number;
  readonly to: number;
}

function judged({ after }: OneAddressHolderParams, timeline: Timeline): Judged {
  const invalid = (because: string): Judged => ({ outcome: 'invalid', because, evidence: [] });
  const injected = injectedBy(timeline, after);
  if (injected === undefined) return invalid(neverFired);
  const series = seriesOf(timeline, 'address');
  if (series.length === 0) return invalid('nobody was asked who has the address');
  const before = injected.fired.lo;
  const vacant = vacuous(timeline, series, before);
  if (vacant !== undefined) return invalid(vacant);
  const held = series.flatMap((one) => heldBy(timeline, one, before));
  if (held.length === 0)
    return invalid('no node had the address: it is a name, or none of these nodes holds it');
  const twice = overlap(held);
  const evidence = holders(held).map(
    ({ node, from, to }) => `${node} had it from ${sayInstant(from)} to ${sayInstant(to)}`,
  );
  if (twice === undefined)
    return { outcome: 'pass', because: 'no two nodes had it at the same time', evidence };
  const [one, other] = twice;
  return {
    outcome: 'fail',
    because: `${one.node} and ${other.node} both had it at ${sayInstant(Math.max(one.from, other.from))}`,
    evidence,
  };
}

/** Between two looks on end that found it. A look that failed tells nothing, and nothing is taken to be between. */
function heldBy(timeline: Timeline, series: Series, before: number): readonly Held[] {
  const looks = usedFrom(timeline, series, before).filter(({ got }) => got >= before);
  const holds = (look: Used | undefined): look is Used =>
    look?.ok === true && (look.value as AddressSeen).holds;
  return looks.flatMap((look, index) => {
    const next = looks[index + 1];
    return holds(look) && holds(next)
      ? [{ node: series.node ?? series.id, from: look.sent, to: next.got }]
      : [];
  });
}

/** Two that hold it for as long as one look of one of them lies between two of the other. */
function overlap(held: readonly Held[]): readonly [Held, Held] | undefined {
  for (const one of held)
    for (const other of held)
      if (one.node !== other.node && one.from <= other.from && other.from < one.to)
        return [one, other];
  return undefined;
}

/** What was held on end, as one, in the order of its beginning. */
function holders(held: readonly Held[]): readonly Held[] {
  const joined: Held[] = [];
  for (const one of held) {
    const last = joined.at(-1);
    if (last?.node === one.node && one.from <= last.to)
      joined[joined.length - 1] = { ...last, to: one.to };
    else joined.push(one);
  }
  return joined.sort((a, b) => a.from - b.from);
}
