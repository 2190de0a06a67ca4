import { expect } from 'chai';
import { parse } from 'yaml';
import { kubeadm } from '../kubeadm/platform.ts';
import { microk8s } from '../microk8s/platform.ts';
import { layOut } from '../topology.ts';
import { alertmanagerConfig, prometheusConfig, rules } from './config.ts';
import { adminOf } from './monitor.ts';

interface Config {
  readonly scrape_configs: readonly {
    readonly job_name: string;
    readonly tls_config: { readonly ca_file: string };
    readonly static_configs: readonly {
      readonly targets: readonly string[];
      readonly labels: { readonly node: string };
    }[];
  }[];
}

const ofEtcd = layOut(
  'one',
  7,
  { platform: 'kubeadm', controlPlanes: 3, workers: 1, profile: 'stock', etcd: 'external' },
  kubeadm.places,
);
const ofDqlite = layOut(
  'two',
  8,
  { platform: 'microk8s', controlPlanes: 2, workers: 0, profile: 'tuned' },
  microk8s.places,
);

/** What each job looks at, as `node address`. */
function targetsOf(text: string): Readonly<Record<string, readonly string[]>> {
  const { scrape_configs } = parse(text) as Config;
  return Object.fromEntries(
    scrape_configs.map(({ job_name, static_configs }) => [
      job_name,
      static_configs.map(({ targets, labels }) => `${labels.node} ${targets.join(' ')}`),
    ]),
  );
}

const alertsIn = (text: string): readonly string[] =>
  (parse(text) as { groups: { rules: { alert: string }[] }[] }).groups.flatMap(({ rules }) =>
    rules.map(({ alert }) => alert),
  );

describe('the monitor of a lab', () => {
  it('looks at every kubelet, every API server and every member of etcd', () => {
    const config = prometheusConfig(ofEtcd, kubeadm.datastoreMetrics?.(ofEtcd));
    expect(targetsOf(config)).to.deep.equal({
      node: [
        'pi1 10.77.7.11:10250',
        'pi2 10.77.7.12:10250',
        'pi3 10.77.7.13:10250',
        'pi4 10.77.7.14:10250',
      ],
      'api-server': ['pi1 10.77.7.11:6443', 'pi2 10.77.7.12:6443', 'pi3 10.77.7.13:6443'],
      datastore: ['etcd1 10.77.7.15:2379', 'etcd2 10.77.7.16:2379', 'etcd3 10.77.7.17:2379'],
    });
    const { scrape_configs } = parse(config) as Config;
    expect(scrape_configs.map(({ tls_config }) => tls_config.ca_file)).to.deep.equal([
      '/etc/prometheus/credentials/admin-ca.crt',
      '/etc/prometheus/credentials/admin-ca.crt',
      '/etc/prometheus/credentials/datastore-ca.crt',
    ]);
  });

  it('has no rule of a datastore that tells nothing', () => {
    expect(microk8s.datastoreMetrics).to.equal(undefined);
    expect(targetsOf(prometheusConfig(ofDqlite))).to.deep.equal({
      node: ['pi1 10.77.8.11:10250', 'pi2 10.77.8.12:10250'],
      'api-server': ['pi1 10.77.8.11:16443', 'pi2 10.77.8.12:16443'],
    });
    expect(alertsIn(rules(false))).to.deep.equal(['NodeDown', 'APIServerDown']);
    expect(alertsIn(rules(true))).to.deep.equal([
      ...['NodeDown', 'APIServerDown'],
      ...['DatastoreMemberDown', 'DatastoreLeaderChanged'],
    ]);
  });

  it('posts to the host of its lab', () => {
    expect(alertmanagerConfig(ofEtcd)).to.contain('url: http://10.77.7.1:9099/');
  });

  it('asks as the administrator, by certificates alone', () => {
    const data = (text: string): string => Buffer.from(text).toString('base64');
    const cluster = { 'certificate-authority-data': data('ca') };
    const user = { 'client-certificate-data': data('cert'), 'client-key-data': data('key') };
    const text = (one: object): string =>
      JSON.stringify({ clusters: [{ cluster }], users: [{ user: one }] });
    expect(adminOf(text(user))).to.deep.equal({ ca: 'ca', cert: 'cert', key: 'key' });
    expect(() => adminOf(text({ token: 'x' }))).to.throw(
      'the kubeconfig of the lab has no client-certificate-data',
    );
  });
});
