import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { Servers } from '../report/testing/servers.ts';
import { alertRulesIn, askAlertRules } from './alert-rules.ts';
import { afterPost, openReceiver } from './alert-receiver.ts';
import { alertsIn, openAlertmanager } from './alertmanager.ts';
import { mostAlerts, type AlertsLink } from './alerts.ts';
import { LinkError } from './errors.ts';

const alert = {
  labels: { alertname: 'NodeDown', node: 'pi1' },
  annotations: { summary: 'pi1 is down' },
  startsAt: '2026-11-22T10:00:00.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  fingerprint: '9f',
};
const seen = { name: 'NodeDown', labels: { node: 'pi1' }, startsAt: alert.startsAt };

async function codeOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.then(
    () => expect.fail('it answered'),
    (error: unknown) => error,
  );
  return error instanceof LinkError ? error.code : String(error);
}

describe('Alertmanager', () => {
  const servers = new Servers();
  afterEach(() => servers.close());

  it('is asked for what is active and not silenced, with its token, and answers with the alerts', async () => {
    const asked: (string | undefined)[] = [];
    const { host } = await servers.serve((question, answer) => {
      asked.push(question.url, question.headers.authorization);
      answer.end(JSON.stringify([{ ...alert, status: { state: 'active' } }]));
    });
    const link = openAlertmanager({ alertmanager: `http://${host}/am/`, token: 'secret' });
    expect(await link.active(1000)).to.deep.equal([seen]);
    expect(asked).to.deep.equal([
      '/am/api/v2/alerts?active=true&silenced=false&inhibited=false&unprocessed=false',
      'Bearer secret',
    ]);
  });

  it('that is not there, silent, closed or unwilling gives a code, and no message has the token', async () => {
    const { host } = await servers.serve((question, answer) => {
      if (question.url?.startsWith('/no') === true) answer.writeHead(401).end();
      if (question.url?.startsWith('/ill') === true) answer.writeHead(500).end();
      if (question.url?.startsWith('/long') === true) answer.end('x'.repeat(2 << 20));
    });
    const at = (path: string): AlertsLink =>
      openAlertmanager({ alertmanager: `http://${host}${path}`, token: 'secret' });
    expect(await codeOf(at('/no').active(1000))).to.equal('EAUTH');
    expect(await codeOf(at('/ill').active(1000))).to.equal('EREFUSED');
    expect(await codeOf(at('/long').active(1000))).to.equal('EPROTOCOL');
    expect(await codeOf(at('/silent').active(50))).to.equal('EDEADLINE');
    const closing = at('/silent');
    const asked = codeOf(closing.active(5000));
    closing.close();
    expect(await asked).to.equal('EABORTED');
    const nobody = openAlertmanager({ alertmanager: 'http://127.0.0.1:1', token: 'secret' });
    expect(await codeOf(nobody.active(1000))).to.equal('ECONNREFUSED');
    const error = await nobody.active(1000).catch((error: unknown) => error);
    expect(String(error)).to.match(/GET http:\/\/127\.0\.0\.1:1\/api\/v2\/alerts on Alertmanager/);
    expect(String(error)).not.to.contain('secret');
  });

  it('is not believed where it answers with anything else than alerts', () => {
    const bad = ['', 'null', '{}', '[null]', '[{}]', '[{"labels":{"alertname":"A"}}]'];
    const odd = [
      { ...alert, labels: { alertname: 'A', n: 7 } },
      { ...alert, startsAt: 'soon' },
    ];
    const many = Array.from({ length: mostAlerts + 1 }, () => alert);
    for (const text of [
      ...bad,
      JSON.stringify(odd),
      JSON.stringify([odd[1]]),
      JSON.stringify(many),
    ])
      expect(() => alertsIn(text), text.slice(0, 60)).to.throw(LinkError);
    expect(alertsIn('[]')).to.deep.equal([]);
  });
});

describe('Prometheus', () => {
  const rule = { name: 'NodeDown', query: 'up == 0', duration: 10, type: 'alerting' };
  const rules = JSON.stringify({ data: { groups: [{ interval: 5, rules: [rule] }] } });
  const looks = [
    { scrapeInterval: '5s', scrapeTimeout: '3s' },
    { scrapeInterval: '1m', scrapeTimeout: '10s' },
  ];
  const targets = JSON.stringify({ data: { activeTargets: looks } });

  it('tells its rules and its rhythms, the slowest of several', () => {
    expect(alertRulesIn(rules, targets)).to.deep.equal([
      {
        alert: 'NodeDown',
        query: 'up == 0',
        forMs: 10_000,
        evaluatedEveryMs: 5000,
        scrapedEveryMs: 60_000,
        scrapeTimeoutMs: 10_000,
      },
    ]);
  });

  it('tells nothing by what is none of its answers', () => {
    const bad = ['', 'null', '[]', '{}', '{"data":null}', '{"data":{"groups":[null,{"rules":7}]}}'];
    for (const one of bad) {
      expect(alertRulesIn(one, targets), one).to.deep.equal([]);
      expect(alertRulesIn(rules, one), one).to.deep.equal([]);
    }
  });

  it('is asked for both at its base URL', async () => {
    const servers = new Servers();
    const asked: (string | undefined)[] = [];
    const { host } = await servers.serve((question, answer) => {
      asked.push(question.url);
      answer.end(question.url?.includes('rules') === true ? rules : targets);
    });
    const found = await askAlertRules(`http://${host}/prom/`, 1000);
    servers.close();
    expect(found).to.have.length(1);
    expect(asked).to.have.members([
      '/prom/api/v1/rules?type=alert',
      '/prom/api/v1/targets?state=active',
    ]);
  });
});

describe('what Alertmanager posts', () => {
  const post = (...alerts: readonly object[]): string => JSON.stringify({ version: '4', alerts });
  const firing = { ...alert, status: 'firing' };
  const resolved = { ...alert, status: 'resolved' };

  it('begins and ends alerts, each by its name and labels', () => {
    const other = { ...firing, labels: { ...alert.labels, node: 'pi2' } };
    const both = afterPost(new Map(), post(firing, other));
    expect([...both.values()]).to.deep.equal([seen, { ...seen, labels: { node: 'pi2' } }]);
    expect([...afterPost(both, post(firing)).keys()]).to.deep.equal([...both.keys()]);
    const turned = { ...other, labels: { node: 'pi2', alertname: 'NodeDown' }, status: 'resolved' };
    expect([...afterPost(both, post(turned)).values()]).to.deep.equal([seen]);
    expect(afterPost(both, post(resolved, turned)).size).to.equal(0);
  });

  it('changes nothing if any of it cannot be read', () => {
    const before = afterPost(new Map(), post(firing));
    const bad = [
      ...['', '{', 'null', '7', '[]', '{"version":"4"}', '{"version":"3","alerts":[]}'],
      post(resolved, { ...alert, status: 'perhaps' }),
      post(resolved, {}),
      post(...Array.from({ length: mostAlerts + 1 }, () => firing)),
      post(
        ...Array.from({ length: mostAlerts }, (_, n) => ({
          ...firing,
          labels: { alertname: `A${n}` },
        })),
      ),
    ];
    for (const text of bad) expect(() => afterPost(before, text), text.slice(0, 60)).to.throw(/./);
    expect([...before.values()]).to.deep.equal([seen]);
  });

  describe('over HTTP', () => {
    let port = 0;
    let link: AlertsLink;

    beforeEach(async () => {
      port = await freePort();
      link = openReceiver({ host: '127.0.0.1', port });
      await untilListening(port);
    });
    afterEach(() => link.close());

    const send = (method: string, body: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const outgoing = request({ host: '127.0.0.1', port, method, agent: false }, (response) => {
          response.resume();
          resolve(response.statusCode ?? 0);
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      });

    it('is taken, and told from then on', async () => {
      expect(await link.active(1000)).to.deep.equal([]);
      expect(await send('POST', post(firing))).to.equal(200);
      expect(await link.active(1000)).to.deep.equal([seen]);
      expect(await send('POST', post(resolved))).to.equal(200);
      expect(await link.active(1000)).to.deep.equal([]);
    });

    it('is refused if it is anything else, and who posts more than a megabyte is cut off', async () => {
      expect(await send('GET', '')).to.equal(405);
      expect(await send('POST', 'x')).to.equal(400);
      expect(await send('POST', 'x'.repeat(2 << 20)).catch(() => 400)).to.equal(400);
      expect(await send('POST', post(firing))).to.equal(200);
    });

    it('is not heard where somebody else has the port, and the sample says so', async () => {
      const second = openReceiver({ host: '127.0.0.1', port });
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect(await codeOf(second.active(1000))).to.equal('EADDRINUSE');
      second.close();
    });
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

async function untilListening(port: number): Promise<void> {
  for (;;) {
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
  }
}
