import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKubeconfig } from './kubeconfig.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('a kubeconfig', () => {
  let folder: string;
  const load = (user: object, cluster: object = {}, context?: string) => {
    const file = join(folder, 'config');
    const server = { server: 'https://10.0.0.1:16443', 'certificate-authority-data': base64('CA') };
    // JSON is YAML.
    const config = {
      clusters: [{ name: 'c', cluster: { ...server, ...cluster } }],
      users: [{ name: 'u', user }],
      contexts: [{ name: 'rack', context: { cluster: 'c', user: 'u' } }],
      'current-context': 'rack',
    };
    writeFileSync(file, JSON.stringify(config));
    return loadKubeconfig(file, context);
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-kubeconfig-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('gives a client certificate and its key', () => {
    const user = { 'client-certificate-data': base64('CERT'), 'client-key-data': base64('KEY') };
    expect(load(user)).to.deep.equal({
      server: 'https://10.0.0.1:16443',
      ca: 'CA',
      cert: 'CERT',
      key: 'KEY',
    });
  });

  it('gives a token, and the name that the server goes by', () => {
    const credentials = load({ token: 'secret' }, { 'tls-server-name': 'api' }, 'rack');
    expect(credentials).to.include({ token: 'secret', serverName: 'api' });
    expect(credentials).not.to.have.any.keys('cert', 'key');
  });

  it('finds the files it names beside itself', () => {
    for (const name of ['ca', 'cert', 'key']) writeFileSync(join(folder, name), name.toUpperCase());
    const user = { 'client-certificate': 'cert', 'client-key': 'key' };
    const cluster = { 'certificate-authority-data': undefined, 'certificate-authority': 'ca' };
    expect(load(user, cluster)).to.include({ ca: 'CA', cert: 'CERT', key: 'KEY' });
  });

  it('says which contexts it has', () => {
    expect(() => load({ token: 't' }, {}, 'shelf')).to.throw(
      /config: no context "shelf"; it has: rack/,
    );
  });

  it('refuses a user who logs in by a plug-in, and one with nothing', () => {
    expect(() => load({ exec: { command: 'aws' } })).to.throw('neither a client certificate');
    expect(() => load({})).to.throw('neither a client certificate');
  });

  it('refuses to skip the check of certificates, or to go without them', () => {
    expect(() => load({ token: 't' }, { 'insecure-skip-tls-verify': true })).to.throw(
      'skips the check',
    );
    expect(() => load({ token: 't' }, { server: 'http://10.0.0.1' })).to.throw('is not https');
  });

  it('names the file that cannot be read', () => {
    expect(() => loadKubeconfig(join(folder, 'none'))).to.throw(/kubeconfig .*none: ENOENT/);
  });
});
