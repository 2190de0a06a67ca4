import { expect } from 'chai';
import { apiWorld, type Answer, type ApiWorld, type Asked } from '../testing/api-world.ts';
import { perform } from './perform.ts';
import { untilProved } from './prove.ts';
import { performTimed } from './timed.ts';
import type { Act, Proof } from '../model/intent.ts';

const node = '/api/v1/nodes/pi1';
const pod = '/api/v1/namespaces/holdfast/pods/web-1';
const cordon: Act = { kube: 'PATCH', path: node, body: { spec: { unschedulable: true } } };
const evict: Act = {
  evict: { namespace: 'holdfast', name: 'web-1' },
  uid: 'u1',
  atMostMs: 2000,
};

describe('acts on the API', () => {
  let made: ApiWorld;
  const api = async (answer: (asked: Asked) => Answer): Promise<ApiWorld> =>
    (made = await apiWorld(answer));
  afterEach(() => made.close());

  it('patch by merging, and delete with their options', async () => {
    const { world, asked } = await api(() => [200, {}]);
    const options = { gracePeriodSeconds: 0, preconditions: { uid: 'u1' } };
    await perform([cordon, { kube: 'DELETE', path: pod, body: options }], world);
    expect(asked).to.deep.equal([
      {
        method: 'PATCH',
        path: node,
        contentType: 'application/merge-patch+json',
        body: { spec: { unschedulable: true } },
      },
      { method: 'DELETE', path: pod, contentType: 'application/json', body: options },
    ]);
  });

  it('patch by a list of operations where the body is one', async () => {
    const { world, asked } = await api(() => [200, {}]);
    const body = [{ op: 'replace', path: '/spec/replicas', value: 6 }];
    await perform([{ kube: 'PATCH', path: node, body }], world);
    expect(asked).to.deep.equal([
      { method: 'PATCH', path: node, contentType: 'application/json-patch+json', body },
    ]);
  });

  it('have deleted what is called a conflict and is gone, and nothing that is still there', async () => {
    const deletion: Act = { kube: 'DELETE', path: pod, body: { preconditions: { uid: 'u1' } } };
    const conflict: Answer = [409, { reason: 'Conflict', message: 'Precondition failed' }];
    const gone = await api(({ method }) => (method === 'GET' ? [404, {}] : conflict));
    await perform([deletion], gone.world);
    expect(gone.asked.map(({ method }) => method)).to.deep.equal(['DELETE', 'GET']);
    await gone.close();
    const there = await api(({ method }) => (method === 'GET' ? [200, {}] : conflict));
    const error = await perform([deletion], there.world).catch((error: unknown) => error);
    expect(String(error)).to.include('Precondition failed');
  });

  it('evict once all else is done, whatever their order, and are timed as one deed', async () => {
    const { world, asked } = await api(({ method }) => (method === 'GET' ? [404, {}] : [200, {}]));
    const before = performance.now();
    const { span, notes } = await performTimed([evict, cordon], world);
    expect(asked.map(({ method }) => method)).to.deep.equal(['PATCH', 'POST', 'GET']);
    expect(span.lo).to.be.within(before, span.hi);
    expect(span.hi).to.be.at.most(performance.now());
    expect(notes).to.deep.equal([]);
  });

  it('cordon all nodes before they evict, and let no pod wait for the budget of another', async () => {
    const waits = { ...evict, evict: { namespace: 'holdfast', name: 'web-2' } };
    const two: Act = { ...cordon, path: '/api/v1/nodes/pi2' };
    const refusals: Answer[] = [
      [429, { message: 'budget' }],
      [429, { message: 'budget' }],
    ];
    const { world, asked } = await api(({ method, path }) => {
      if (method === 'GET') return [404, {}];
      return (path.includes('web-2') ? refusals.shift() : undefined) ?? [200, {}];
    });
    const told: string[] = [];
    await performTimed([cordon, waits, two, evict], world, ({ pod, status }) =>
      told.push(`${pod} ${status}`),
    );
    expect(asked.slice(0, 2).map(({ path }) => path)).to.deep.equal([node, '/api/v1/nodes/pi2']);
    expect(told.slice(0, 2)).to.have.members(['holdfast/web-2 429', 'holdfast/web-1 200']);
    expect(told.slice(2)).to.deep.equal(['holdfast/web-2 429', 'holdfast/web-2 200']);
  });

  it('evict nothing where what comes before could not be done', async () => {
    const { world, asked } = await api(() => [403, { message: 'forbidden' }]);
    const error = await performTimed([cordon, evict], world).catch((error: unknown) => error);
    expect(String(error)).to.include('forbidden');
    expect(asked.map(({ method }) => method)).to.deep.equal(['PATCH']);
  });
});

describe('a proof that asks the API', () => {
  const answerTo = async (is: unknown, spec: object, status = 200): Promise<string> => {
    const { world, close } = await apiWorld(() => [status, { spec }]);
    // As it is read from a journal.
    const proof = JSON.parse(
      JSON.stringify({ get: node, at: 'spec.unschedulable', is, says: 'pi1 is cordoned' }),
    ) as Proof;
    const { answer } = await untilProved([proof], world, 0);
    await close();
    return answer;
  };

  it('says yes to what is there, and no to anything else', async () => {
    expect(await answerTo(true, { unschedulable: true })).to.equal('yes');
    expect(await answerTo(true, { unschedulable: 'true' })).to.equal('no');
    expect(await answerTo(true, {})).to.equal('no');
  });

  it('finds null where there is nothing', async () => {
    expect(await answerTo(null, {})).to.equal('yes');
    expect(await answerTo(null, { unschedulable: true })).to.equal('no');
  });

  it('is unclear where the API refuses', async () => {
    expect(await answerTo(null, {}, 404)).to.equal('unclear');
    expect(await answerTo(true, { unschedulable: true }, 500)).to.equal('unclear');
  });
});
