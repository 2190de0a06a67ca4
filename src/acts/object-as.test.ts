import { expect } from 'chai';
import type { Proof } from '../model/intent.ts';
import { apiWorld, type Answer } from '../testing/api-world.ts';
import { untilProved } from './prove.ts';

type ObjectProof = Extract<Proof, { object: string }>;

describe('a proof of an object', () => {
  const web: ObjectProof = {
    object: '/apis/apps/v1/namespaces/holdfast/deployments/web',
    uid: 'u1',
    at: ['spec', 'template'],
    is: { b: [1], a: { 'x.y/z': null } },
    says: 'it is so',
  };
  const spec = { replicas: 3, template: { a: { 'x.y/z': null }, b: [1] } };
  const rolledOut = {
    observedGeneration: 7,
    replicas: 3,
    updatedReplicas: 3,
    availableReplicas: 3,
  };

  const asked = async (proof: ObjectProof, answer: Answer): Promise<string> => {
    const { world, close } = await apiWorld(() => answer);
    const proven = await untilProved([proof], world, 0);
    await close();
    return [proven.answer, ...proven.said].join('; ');
  };
  const found = (status: object, uid = 'u1', more: object = {}): Answer => [
    200,
    { metadata: { uid, generation: 7 }, spec: { ...spec, ...more }, status },
  ];

  it('says yes to just this value, in whatever order its keys are, and no to any other', async () => {
    expect(await asked(web, found({}))).to.equal('yes; it is so: yes');
    expect(await asked(web, found({}, 'u1', { template: { b: [1] } }))).to.equal(
      'no; it is so: no ({"b":[1]})',
    );
    expect(
      await asked({ ...web, at: ['spec', 'template', 'a', 'x.y/z'], is: null }, found({})),
    ).to.match(/^yes/);
    expect(await asked({ ...web, at: ['spec', 'none', 'at'], is: 1 }, found({}))).to.match(
      /^no.*null/,
    );
  });

  it('is not fooled by another object of that name, nor by none', async () => {
    for (const answer of [found({}, 'u2'), [404, {}] as const]) {
      expect(await asked(web, answer)).to.equal(
        'no; it is so: no (there is no such object any more)',
      );
      expect(await asked({ ...web, orGone: true }, answer)).to.match(/^yes/);
    }
  });

  it('waits for the controller to take note, or for all its pods', async () => {
    const observed = { ...web, rollout: 'observed' } as const;
    expect(await asked(observed, found({ ...rolledOut, observedGeneration: 6 }))).to.include(
      'no (its controller has not taken note of it yet)',
    );
    expect(await asked(observed, found({ observedGeneration: 7 }))).to.match(/^yes/);
    const complete = { ...web, rollout: 'complete' } as const;
    expect(await asked(complete, found(rolledOut))).to.match(/^yes/);
    expect(await asked(complete, found({ ...rolledOut, observedGeneration: 6 }))).to.match(/^no/);
    for (const change of [{ replicas: 4 }, { updatedReplicas: 2 }, { availableReplicas: 2 }])
      expect(await asked(complete, found({ ...rolledOut, ...change }))).to.match(
        /^no; .*of 3 replicas, [23] are up to date and [23] available; there are [34]/,
      );
    expect(await asked(complete, found({ observedGeneration: 7 }, 'u1', { replicas: 0 }))).to.match(
      /^yes/,
    );
  });

  it('is unclear where the API refuses', async () => {
    expect(await asked({ ...web, orGone: true }, [500, 'etcdserver: no leader'])).to.match(
      /^unclear/,
    );
  });
});
