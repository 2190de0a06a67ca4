/** Lies about what the workload's users are led to: its endpoints, and its name. */
import type { EachEndpointSeen } from '../../../model/timeline.ts';
import { inTimeline, missed, samples, type Rewritten } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const alive = ['endpoints-alive', { within: '15s' }] as const;
const named = ['reached-by-name', { within: '20s' }] as const;

/** A node falls silent with one of three pods, which is taken out after twelve seconds. */
const nodeLost = { silenced: true, unlisted: 12_000 } as const;
const dnsLost = { idle: { 'inside-named': 15_000 } };

export const endpointLies: readonly Lie[] = [
  inTimeline({
    lie: 'the dead pod was never taken out: its node came back first',
    claim: alive,
    world: nodeLost,
    truth: { unlisted: 90_000 },
    outcome: 'fail',
    because: /an endpoint that did not answer was listed for 3\d\.\d s .*beyond the limit of 15 s/,
  }),
  inTimeline({
    lie: 'one node does not reach a pod that all others reach',
    claim: alive,
    world: nodeLost,
    written: asked('each-endpoint@pi3', 5000, 25_000, dead),
    outcome: 'fail',
    because: /an endpoint that did not answer was listed for (?:19|20)\.\d s .*beyond/,
  }),
  inTimeline({
    lie: 'the pod that asks is silent, and what it would have been answered is not known',
    claim: alive,
    world: nodeLost,
    written: asked('each-endpoint@pi3', 14_000, 40_000, () => ({
      ...{ ok: false, error: 'EDEADLINE', value: undefined },
    })),
    outcome: 'unknown',
    because: /does not decide about the limit of 15 s/,
  }),
  inTimeline({
    lie: 'the endpoints are said to be well, and none was seen',
    claim: alive,
    world: nodeLost,
    written: asked('each-endpoint@pi2', -90_000, 90_000, () => ({ ok: true, value: {} })),
    outcome: 'invalid',
    because: /each-endpoint@pi2 said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'one pod never gets through by the name again, and all others do',
    claim: named,
    world: dnsLost,
    written: asked('inside-named@pi3', 0, 90_000, () => ({
      ...{ ok: false, error: 'HTTP 502', value: { status: 502 } },
    })),
    outcome: 'fail',
    because: /it was not seen that the workload was reached by its name .*beyond/,
  }),
  inTimeline({
    lie: 'the workload is reached by its name for a second, and then not for five more',
    claim: named,
    world: dnsLost,
    written: asked('inside-named@pi2', 16_000, 21_500, () => ({
      ...{ ok: false, error: 'HTTP 502', value: { status: 502 } },
    })),
    outcome: 'fail',
    because: /the workload was reached by its name .* 21\.\d s .*beyond the limit of 20 s/,
  }),
  inTimeline({
    lie: 'this machine did not ask for the name while it was not resolved',
    claim: named,
    world: dnsLost,
    written: asked('inside-named@pi2', -2000, 15_000, () => missed),
    outcome: 'invalid',
    because: /too slow to see|nothing can be told from it/,
  }),
];

/** What a series wrote down otherwise, between two instants after the fault. */
function asked(
  of: string,
  from: number,
  to: number,
  change: (value: unknown) => Rewritten,
): ReturnType<typeof samples> {
  return samples(({ series, value }, after) =>
    series === of && after >= from && after < to ? change(value) : {},
  );
}

/** The second pod did not answer, whatever the others did. */
function dead(value: unknown): Rewritten {
  const { endpoints } = value as EachEndpointSeen;
  const answered = endpoints.map((one) =>
    one.pod === 'holdfast/web-2' ? { ...one, error: 'HTTP 504' } : one,
  );
  return { ok: false, value: { endpoints: answered } };
}
