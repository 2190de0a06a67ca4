/** Lies that an API server tells: it says yes and does nothing. */
import { evict } from '../../../acts/evict.ts';
import { messageOf } from '../../../acts/world.ts';
import { cordon } from '../../../faults/cordon.ts';
import type { Links } from '../../../links/open.ts';
import { isImpossible } from '../../../model/fault.ts';
import type { Intent } from '../../../model/intent.ts';
import { write } from '../../../probes/write.ts';
import { apiWorld, type Answer, type Asked } from '../../api-world.ts';
import { designContext } from '../../design.ts';
import { scriptedWorld } from '../../scripted-world.ts';
import { healed, injected } from './injected.ts';
import type { Lie, Said } from './lie.ts';

export const apiLies: readonly Lie[] = [
  {
    lie: 'the API says 200 to everything and stores nothing: no node is cordoned',
    honest: () => cordoned({ stores: true }),
    honestOutcome: 'bit',
    told: () => cordoned({ stores: false }),
    outcome: 'missed',
    because: /pi1 is cordoned: no \(null\)/,
  },
  {
    lie: 'kubectl uncordon ends with 0, and the node stays cordoned',
    honest: () => uncordoned(false),
    honestOutcome: 'gone',
    told: () => uncordoned(true),
    outcome: 'residue',
    because: /cordon pi1: not taken back on pi1: pi1 is not cordoned: no \(true\)/,
  },
  {
    lie: 'the API says 201 to an eviction, and the pod stays',
    honest: () => evicted([404, {}]),
    honestOutcome: 'evicted',
    told: () => evicted([200, { metadata: { uid: 'u1' } }]),
    outcome: 'refused',
    because: /not gone after \d+\.\d+ s: it was asked to end and did not/,
  },
  {
    lie: 'a write meets a conflict: 409 is no acknowledgement, nor is it a loss',
    honest: () => written([200, {}]),
    honestOutcome: 'acknowledged',
    told: () => written([409, {}]),
    outcome: 'not acknowledged',
    because: /^HTTP 409$/,
  },
  {
    lie: 'a write is done and its answer never comes',
    honest: () => written([200, {}]),
    honestOutcome: 'acknowledged',
    told: () => written(undefined),
    outcome: 'not acknowledged',
    because: /^E[A-Z]+$/,
  },
];

async function cordoned({ stores }: { readonly stores: boolean }): Promise<Said> {
  let unschedulable = false;
  return withApi(
    ({ method }) => {
      if (method === 'PATCH') unschedulable = stores;
      return [200, { spec: unschedulable ? { unschedulable } : {} }];
    },
    (kube) => injected(cordonOf('pi1'), scriptedWorld({ kube })),
  );
}

async function uncordoned(stays: boolean): Promise<Said> {
  return withApi(
    () => [200, { spec: stays ? { unschedulable: true } : {} }],
    (kube) => healed(cordonOf('pi1'), scriptedWorld({ kube })),
  );
}

async function evicted(look: Answer): Promise<Said> {
  return withApi(
    ({ method }) => (method === 'POST' ? [201, {}] : look),
    async (kube) => {
      const pod = { namespace: 'holdfast', name: 'web-1' };
      const eviction = { evict: pod, uid: 'u1', atMostMs: 60_000 };
      try {
        await evict(eviction, scriptedWorld({ kube }));
        return { outcome: 'evicted', because: '' };
      } catch (error) {
        return { outcome: 'refused', because: messageOf(error) };
      }
    },
  );
}

async function written(answer: Answer): Promise<Said> {
  return withApi(
    () => answer,
    async (kube) => {
      const series = { id: 'write@pi1', probe: 'write', node: 'pi1', everyMs: 97 };
      const { links } = scriptedWorld({ kube });
      const context = { links, namespace: 'holdfast', controlPlanes: ['pi1'], addresses: {} };
      const { ok, error = '' } = await write(series, context).look(1000);
      return { outcome: ok ? 'acknowledged' : 'not acknowledged', because: error };
    },
  );
}

/** Does something with an API server that answers as it is told. */
export async function withApi(
  answer: (asked: Asked) => Answer,
  work: (kube: Links['kube']) => Promise<Said>,
): Promise<Said> {
  const { world, close } = await apiWorld(answer);
  try {
    return await work(world.links.kube);
  } finally {
    await close();
  }
}

function cordonOf(node: string): Intent {
  const intent = cordon.design(cordon.schema.parse({ target: 'leader' }), designContext([node]));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  return intent;
}
