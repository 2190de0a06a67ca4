/** Answers of an API server that are none: another shape, another type, half of one. */
import fc from 'fast-check';
import { LinkError } from '../../links/errors.ts';
import { KubeError, openKube, type Kube } from '../../links/kube.ts';
import type { Links } from '../../links/open.ts';
import { askKube } from '../../links/survey-kube.ts';
import { storedValues } from '../../model/stored-schema.ts';
import type { ProbeContext, Sampler } from '../../probes/probe.ts';
import { probes as openProbes } from '../../probes/table.ts';
import { selfSigned } from '../certs.ts';
import { fakeApi } from '../fake-kube.ts';
import { webAddress } from '../web-address.ts';
import { must, target, type Target } from './fuzz-target.ts';
import { jsonOf, near } from './fuzz-yaml.ts';

const label = 'node.kubernetes.io/control-plane';
const metadata = {
  name: 'pi1',
  namespace: 'holdfast',
  uid: 'u',
  labels: { [label]: '', app: 'web' },
};

/** What each path is answered with where all is well. */
const right: Readonly<Record<string, unknown>> = {
  '/version': { gitVersion: 'v1.34.4' },
  '/api/v1/namespaces/kube-system': { metadata: { uid: 'cluster' } },
  '/api/v1/nodes': {
    items: [
      {
        metadata,
        spec: { unschedulable: true, taints: [{ key: 'a', value: 'b', effect: 'NoSchedule' }] },
        status: {
          conditions: [{ type: 'Ready', status: 'True' }],
          addresses: [{ type: 'InternalIP', address: '10.0.0.1' }],
          nodeInfo: { bootID: 'boot' },
        },
      },
    ],
  },
  pods: {
    items: [
      {
        metadata: { ...metadata, ownerReferences: [{ controller: true, kind: 'ReplicaSet' }] },
        spec: { nodeName: 'pi1', volumes: [{ emptyDir: {} }] },
        status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
      },
    ],
  },
  leases: {
    items: [
      {
        metadata,
        spec: {
          renewTime: '2026-11-21T07:10:00.000000Z',
          leaseDurationSeconds: 40,
          holderIdentity: 'pi1_x',
        },
      },
    ],
  },
  endpointslices: {
    items: [{ endpoints: [{ nodeName: 'pi1', conditions: { ready: true } }, { conditions: {} }] }],
  },
  configmaps: { data: { n1: '1', n2: '2' } },
};

/** Answers by path, and how they come. */
interface Answers {
  /** JSON. */
  readonly bodies: Readonly<Record<string, string>>;
  readonly status: number;
  readonly cut: number;
}

const answers: fc.Arbitrary<Answers> = fc.record({
  bodies: fc.oneof(
    { weight: 6, arbitrary: near([right]).map(inJson) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom(...Object.keys(right)), fc.json()) },
  ),
  status: fc.oneof(
    { weight: 8, arbitrary: fc.constant(200) },
    { weight: 1, arbitrary: fc.constantFrom(201, 204, 304, 404, 409, 500, 503) },
  ),
  cut: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(200) }),
});

/** Each value of an object as JSON; numbers that JSON has no word for are what it makes of them. */
function inJson(value: unknown): Answers['bodies'] {
  return Object.fromEntries(
    Object.entries(value ?? {}).map(([path, body]) => [path, jsonOf(body)]),
  );
}

function bodyFor(path: string, { bodies, cut }: Answers): string {
  const name = [...Object.keys(right)].reverse().find((key) => path.includes(key)) ?? '';
  const text = bodies[name] ?? '';
  return text.slice(0, Math.max(0, text.length - cut));
}

interface Served {
  readonly kube: Kube;
  readonly answerWith: (answers: Answers) => void;
  readonly close: () => Promise<void>;
}

let served: Promise<Served> | undefined;

/** One API server for all cases: what it answers changes. */
async function serve(): Promise<Served> {
  const pair = selfSigned('IP:127.0.0.1');
  let now: Answers = { bodies: inJson(right), status: 200, cut: 0 };
  const api = await fakeApi(pair, (request, response) => {
    response.writeHead(now.status, { 'content-type': 'application/json' });
    const isWatch = request.url?.includes('watch=1') === true;
    response.end(isWatch ? '' : bodyFor(request.url ?? '', now));
  });
  const credentials = { server: api.server, ca: pair.cert, token: 'x' };
  const kube = openKube({ node: 'pi1', server: api.server, credentials, deadlineMs: 5000 });
  return {
    kube,
    answerWith: (next) => (now = next),
    close: async () => {
      kube.close();
      await api.close();
    },
  };
}

async function closeApi(): Promise<void> {
  await (await served)?.close();
  served = undefined;
  samplers = undefined;
}

/** A survey is told, or fails as an API server does. */
async function feedSurvey(all: Answers): Promise<void> {
  const { kube, answerWith } = await (served ??= serve());
  answerWith(all);
  try {
    const report = await askKube(kube, label, {});
    must(typeof report.id === 'string', `the id of the cluster is ${JSON.stringify(report.id)}`);
    must(
      report.nodes.every(
        ({ name, bootId }) => `${typeof name} ${typeof bootId}` === 'string string',
      ),
      'a node has no name that is a text',
    );
  } catch (error) {
    if (!(error instanceof LinkError) && !(error instanceof KubeError)) throw error;
  }
}

function contextOf(kube: Kube): ProbeContext {
  const links = { kube: () => kube } as unknown as Links;
  return {
    links,
    controlPlanes: ['pi1'],
    addresses: {},
    namespace: 'holdfast',
    workload: webAddress,
  };
}

const looking = ['nodes', 'pods', 'leases', 'endpoints', 'read', 'write'] as const;
let samplers: Map<string, Sampler> | undefined;

/** A probe tells what a stored run may hold, and never fails. */
async function feedProbes(all: Answers): Promise<void> {
  const { kube, answerWith } = await (served ??= serve());
  answerWith(all);
  samplers ??= new Map(
    looking.map((probe) => [
      probe,
      openProbes[probe]({ id: `${probe}@pi1`, probe, node: 'pi1', everyMs: 100 }, contextOf(kube)),
    ]),
  );
  await Promise.all(
    [...samplers].map(async ([probe, sampler]) => {
      const { ok, value } = await sampler.look(5000);
      if (ok || value !== undefined) mustBeStorable(probe, value);
    }),
  );
}

function mustBeStorable(probe: string, value: unknown): void {
  const stored: unknown = JSON.parse(JSON.stringify(value ?? null));
  const checked = storedValues[probe]?.safeParse(stored);
  must(
    checked?.success === true,
    `the probe ${probe} tells ${JSON.stringify(stored).slice(0, 200)}`,
  );
}

/** Lines that a watch is told. */
const watchLines = fc.array(
  fc.oneof(
    near([{ type: 'MODIFIED', object: { data: { n1: '1', n5: '5' } } }]).map(jsonOf),
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.constantFrom('null', '5', '"x"', '[]', '{', '{"object":null}', '{"object":{"data":null}}'),
  ),
  { maxLength: 6 },
);

/** A watch takes whatever line comes, and goes on. */
async function feedWatch(lines: readonly string[]): Promise<void> {
  let ended: () => void = () => undefined;
  const kube = {
    watch: (_: string, reading: Parameters<Kube['watch']>[1]) => {
      reading.onOpen(200);
      for (const line of lines) if (line !== '') reading.onLine(line);
      return new Promise<void>((resolve) => (ended = resolve));
    },
  } as unknown as Kube;
  const sampler = openProbes.watch(
    { id: 'watch@pi1', probe: 'watch', node: 'pi1', everyMs: 211 },
    contextOf(kube),
  );
  const { value, error } = await sampler.look(1000);
  sampler.close();
  ended();
  must(error === undefined, `the watch broke: ${error ?? ''}`);
  mustBeStorable('watch', value);
}

export const kubeTargets: readonly Target[] = [
  target({
    what: 'API: answers to a survey',
    cases: answers,
    feed: feedSurvey,
    runs: 2500,
    close: closeApi,
  }),
  target({
    what: 'API: answers to probes',
    cases: answers,
    feed: feedProbes,
    runs: 3000,
    close: closeApi,
  }),
  target({ what: 'API: lines of a watch', cases: watchLines, feed: feedWatch, runs: 60_000 }),
];
