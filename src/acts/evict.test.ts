import { expect } from 'chai';
import { apiWorld, type Answer, type Asked, type ApiWorld } from '../testing/api-world.ts';
import { evict, type Told } from './evict.ts';
import { ActError } from './world.ts';

const path = '/api/v1/namespaces/holdfast/pods/web-1';
const eviction = {
  evict: { namespace: 'holdfast', name: 'web-1' },
  uid: 'u1',
  atMostMs: 1200,
} as const;
const budget: Answer = [
  429,
  {
    kind: 'Status',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ message: 'The disruption budget web needs 2 healthy pods and has 2 currently' }],
    },
  },
];
const there: Answer = [200, { metadata: { uid: 'u1' } }];
const none: Answer = [404, { kind: 'Status', message: 'pods "web-1" not found' }];

describe('evicting a pod', () => {
  const closings: (() => Promise<void>)[] = [];
  /** An API that gives these answers in turn to evictions and to looks, the last one for ever. */
  const api = async (evictions: Answer[], looks: Answer[]): Promise<ApiWorld> => {
    const next = (answers: Answer[]): Answer => (answers.length > 1 ? answers.shift() : answers[0]);
    const made = await apiWorld(({ method }) => next(method === 'POST' ? evictions : looks));
    closings.push(made.close);
    return made;
  };
  const methods = (asked: readonly Asked[]): string => asked.map(({ method }) => method).join(' ');
  afterEach(async () => {
    for (const close of closings.splice(0)) await close();
  });

  it('asks once, for that pod and no other of its name, and waits until it is gone', async () => {
    const { world, asked } = await api([[201, {}]], [there, none]);
    expect(await evict({ ...eviction, atMostMs: 5000 }, world)).to.equal(undefined);
    expect(methods(asked)).to.equal('POST GET GET');
    expect(asked[0]).to.deep.equal({
      method: 'POST',
      path: `${path}/eviction`,
      contentType: 'application/json',
      body: {
        apiVersion: 'policy/v1',
        kind: 'Eviction',
        metadata: { namespace: 'holdfast', name: 'web-1' },
        deleteOptions: { preconditions: { uid: 'u1' } },
      },
    });
  });

  it('waits for its disruption budget, and tells how long and why', async () => {
    const { world, asked } = await api([budget, budget, [201, {}]], [none]);
    expect(await evict({ ...eviction, atMostMs: 5000 }, world)).to.match(
      /^the eviction of holdfast\/web-1 was held back for [0-4]\.\d\d s: a disruption budget does not let it go: Cannot evict .* needs 2 healthy pods and has 2 currently$/,
    );
    expect(methods(asked)).to.equal('POST POST POST GET');
  });

  it('tells each answer as it comes, with its instants and its words', async () => {
    const { world } = await api([budget, undefined, [201, {}]], [none]);
    const told: Parameters<Told>[0][] = [];
    await evict({ ...eviction, atMostMs: 5000 }, world, (answer) => told.push(answer));
    expect(
      told.map(({ type, pod, status, message }) => ({ type, pod, status, message })),
    ).to.deep.equal([
      {
        ...{ type: 'eviction', pod: 'holdfast/web-1', status: 429 },
        message:
          "Cannot evict pod as it would violate the pod's disruption budget. " +
          'The disruption budget web needs 2 healthy pods and has 2 currently',
      },
      { type: 'eviction', pod: 'holdfast/web-1', status: 201, message: undefined },
    ]);
    for (const { at, span } of told) expect(span.hi).to.equal(at).and.be.above(span.lo);
    // No answer came to the second: there was half a second before it, and one after.
    expect(told[1]!.span.lo - told[0]!.span.hi).to.be.above(950);
  });

  it('gives up in time with the words of the budget', async () => {
    const { world } = await api([budget], [there]);
    const error = await thrown(evict(eviction, world));
    expect(error).to.be.instanceOf(ActError);
    expect(String(error)).to.match(
      /evict holdfast\/web-1 \(uid u1\): not gone after 1\.20 s: a disruption budget .* needs 2 healthy pods/,
    );
  });

  it('gives up in time on a pod that was asked to end and does not', async () => {
    const { world, asked } = await api([budget, [201, {}]], [there]);
    expect(String(await thrown(evict(eviction, world)))).to.include(
      'not gone after 1.20 s: it was asked to end and did not',
    );
    expect(methods(asked)).to.match(/^POST POST GET/);
  });

  it('takes a pod for gone whose name nobody has, or another pod', async () => {
    for (const look of [none, [200, { metadata: { uid: 'u2' } }] as const]) {
      const { world, asked } = await api([none], [look]);
      expect(await evict(eviction, world)).to.equal(undefined);
      expect(methods(asked)).to.equal('POST GET');
    }
  });

  it('does not take a conflict for the end of the pod', async () => {
    const conflict: Answer = [409, { message: 'the object has been modified' }];
    const { world, asked } = await api([conflict, [201, {}]], [there, none]);
    expect(await evict({ ...eviction, atMostMs: 5000 }, world)).to.include(
      'HTTP 409: the object has been modified',
    );
    expect(methods(asked)).to.equal('POST GET POST GET');
  });

  it('outlasts an API server that fails or hangs up', async () => {
    const { world } = await api(
      [[500, 'etcdserver: no leader'], undefined, [201, {}]],
      [undefined, none],
    );
    expect(await evict({ ...eviction, atMostMs: 5000 }, world)).to.include('was held back');
  });

  it('gives up at once where the API refuses for good', async () => {
    const { world, asked } = await api([[403, { message: 'forbidden' }]], [there]);
    expect(String(await thrown(evict(eviction, world)))).to.include(
      'evict holdfast/web-1: HTTP 403: forbidden',
    );
    expect(asked).to.have.length(1);
  });
});

async function thrown(attempt: Promise<unknown>): Promise<unknown> {
  return attempt.then(
    () => undefined,
    (error: unknown) => error,
  );
}
