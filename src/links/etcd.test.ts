import { expect } from 'chai';
import { type Pair, selfSigned } from '../testing/certs.ts';
import { type FakeApi, fakeApi, sendJson } from '../testing/fake-kube.ts';
import { LinkError } from './errors.ts';
import { EtcdLink } from './etcd.ts';

const me = '10276657743932975437';
const other = '17237436991929493444';

describe('a link to an etcd member', () => {
  let pair: Pair;
  const closings: (() => unknown)[] = [];
  before(() => {
    pair = selfSigned('DNS:pi1,IP:127.0.0.1');
  });
  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  /** A member that answers as etcd 3.6 does. */
  const serve = async (
    answers: Readonly<Record<string, unknown>>,
    status = 200,
  ): Promise<{ link: EtcdLink; fake: FakeApi; asked: string[] }> => {
    const asked: string[] = [];
    const fake = await fakeApi(pair, ({ method, url = '' }, response, body) => {
      asked.push(`${method} ${url} ${body}`);
      const answer = answers[url];
      if (typeof answer === 'string') response.end(answer);
      else if (answer !== undefined) sendJson(response, status, answer);
    });
    const link = new EtcdLink({
      ...{ node: 'pi1', host: '127.0.0.1', port: fake.port },
      ...{ ca: pair.cert, cert: pair.cert, key: pair.key },
    });
    closings.push(
      () => fake.close(),
      () => link.close(),
    );
    return { link, fake, asked };
  };
  const refusal = async (attempt: Promise<unknown>): Promise<LinkError> => {
    const error: unknown = await attempt.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(LinkError);
    return error as LinkError;
  };

  it('tells who it is and its leader, whose 64 bits stay whole, on one connection', async () => {
    const header = { member_id: me, raft_term: '3' };
    const status = { header, version: '3.6.8', leader: other, raftTerm: '3' };
    const { link, fake, asked } = await serve({ '/v3/maintenance/status': status });
    expect(await link.self(1_000)).to.deep.equal({ id: me, version: '3.6.8' });
    expect(await link.leader(1_000)).to.deep.equal({ id: other });
    expect(fake.connections()).to.equal(1);
    expect(asked).to.deep.equal(Array(2).fill('POST /v3/maintenance/status {}'));
  });

  it('knows no leader where the member knows none, said or left out', async () => {
    for (const leader of ['0', undefined]) {
      const status = { header: { member_id: me }, ...(leader !== undefined && { leader }) };
      const { link } = await serve({ '/v3/maintenance/status': status });
      expect(await link.leader(1_000)).to.equal(undefined);
    }
  });

  it('tells the members, learners as stand-bys, without asking for a quorum', async () => {
    const members = [
      { ID: me, name: 'pi1', peerURLs: ['https://10.0.0.1:2380'], clientURLs: [] },
      { ID: other, name: 'pi2', peerURLs: ['https://[fd00::2]:2380'], isLearner: true },
    ];
    const { link, asked } = await serve({ '/v3/cluster/member/list': { members } });
    expect(await link.cluster(1_000)).to.deep.equal([
      { id: me, address: '10.0.0.1:2380', role: 'voter' },
      { id: other, address: '[fd00::2]:2380', role: 'stand-by' },
    ]);
    expect(asked).to.deep.equal(['POST /v3/cluster/member/list {"linearizable":false}']);
  });

  it('says what a member refused', async () => {
    const answer = { code: 14, message: 'etcdserver: no leader' };
    const { link } = await serve({ '/v3/maintenance/status': answer }, 503);
    const error = await refusal(link.leader(1_000));
    expect(error.kind).to.equal('refused');
    expect(error.message).to.include('HTTP 503: etcdserver: no leader').and.to.include('pi1');
  });

  it('does not believe an answer that is none', async () => {
    const wrong = ['404 page not found', '[]', 'null', '{"members":[{"ID":"5"}]}', '{"members":0}'];
    for (const text of wrong) {
      const { link } = await serve({
        '/v3/maintenance/status': text,
        '/v3/cluster/member/list': text,
      });
      expect((await refusal(link.cluster(1_000))).kind, text).to.equal('protocol');
      expect((await refusal(link.self(1_000))).kind, text).to.equal('protocol');
    }
  });

  it('ends a question at its deadline, and a closed link asks nothing', async () => {
    const { link } = await serve({});
    expect((await refusal(link.leader(100))).kind).to.equal('timeout');
    link.close();
    expect((await refusal(link.leader(1_000))).kind).to.equal('aborted');
  });
});
