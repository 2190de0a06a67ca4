/** Answers of an etcd member's gateway that are none: another shape, another type, half of one, an error's. */
import fc from 'fast-check';
import { LinkError } from '../../links/errors.ts';
import { EtcdLink } from '../../links/etcd.ts';
import { selfSigned } from '../certs.ts';
import { fakeApi } from '../fake-kube.ts';
import { must, target, type Target } from './fuzz-target.ts';
import { jsonOf, near } from './fuzz-yaml.ts';

const id = '10276657743932975437';

const status = {
  header: { cluster_id: '14841639068965178418', member_id: id, revision: '7', raft_term: '2' },
  version: '3.6.5',
  dbSize: '20480',
  leader: id,
  raftIndex: '9',
};

const list = {
  header: { member_id: id },
  members: [
    { ID: id, name: 'pi1', peerURLs: ['https://10.0.0.1:2380'], clientURLs: [] },
    { ID: '5', name: 'pi2', peerURLs: ['https://[fd00::2]:2380'], isLearner: true },
  ],
};

/** What is answered, whatever is asked. */
interface Answered {
  readonly code: number;
  readonly text: string;
}

const answers: fc.Arbitrary<Answered> = fc
  .record({
    code: fc.oneof(
      { weight: 8, arbitrary: fc.constant(200) },
      { weight: 1, arbitrary: fc.constantFrom(204, 400, 404, 408, 500, 503) },
    ),
    text: fc.oneof(
      { weight: 8, arbitrary: near([status, list]).map(jsonOf) },
      { weight: 1, arbitrary: fc.json() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
      { weight: 1, arbitrary: fc.constant('{"code":14,"message":"etcdserver: no leader"}') },
    ),
    cut: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(200) }),
  })
  .map(({ code, text, cut }) => ({ code, text: text.slice(0, Math.max(0, text.length - cut)) }));

const healthy: Answered = { code: 200, text: JSON.stringify(status) };

interface Served {
  readonly link: EtcdLink;
  readonly answerWith: (answer: Answered) => void;
  readonly close: () => Promise<void>;
}

let served: Promise<Served> | undefined;

/** One member for all cases: what it answers changes. */
async function serve(): Promise<Served> {
  const pair = selfSigned('IP:127.0.0.1');
  let now = healthy;
  const api = await fakeApi(pair, (_, response) => {
    response.writeHead(now.code, { 'content-type': 'application/json' });
    response.end(now.text);
  });
  const link = new EtcdLink({
    ...{ node: 'pi1', host: '127.0.0.1', port: api.port, ca: pair.cert },
    ...pair,
  });
  return {
    link,
    answerWith: (answer) => (now = answer),
    close: async () => {
      link.close();
      await api.close();
    },
  };
}

/** Whatever it is answered, a link fails as a link does or tells what can be told, and works again with its member. */
async function feedLink(answered: Answered): Promise<void> {
  const { link, answerWith } = await (served ??= serve());
  answerWith(answered);
  const leader = await told(link.leader(2000));
  must(leader === undefined || isId(leader.id), `the leader is ${JSON.stringify(leader)}`);
  const self = await told(link.self(2000));
  must(self === undefined || isId(self.id), `it is itself ${JSON.stringify(self)}`);
  for (const member of (await told(link.cluster(2000))) ?? [])
    must(
      isId(member.id) && member.address !== '' && ['voter', 'stand-by'].includes(member.role),
      `a member is ${JSON.stringify(member)}`,
    );
  answerWith(healthy);
  const named = await link.leader(2000);
  must(named?.id === id, `after it, the link says that the leader is ${named?.id ?? 'nobody'}`);
}

function isId(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value !== '0';
}

async function told<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof LinkError) return undefined;
    throw error;
  }
}

async function closeLink(): Promise<void> {
  await (await served)?.close();
  served = undefined;
}

export const etcdTargets: readonly Target[] = [
  target({
    what: 'etcd: answers over TLS',
    cases: answers,
    feed: feedLink,
    runs: 4000,
    close: closeLink,
  }),
];
