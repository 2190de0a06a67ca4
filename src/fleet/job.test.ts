import type { V1Volume } from '@kubernetes/client-node/dist/gen/models/V1Volume.js';
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Json } from '../links/kube.ts';
import { readCluster } from '../read/cluster.ts';
import { fleetJob, fleetNamespace, workFolder, workMap, type FleetJob } from './job.ts';
import { secretName, targetKeys, targetSecret, type Target } from './target.ts';

const job: FleetJob = {
  name: 'holdfast-nightly',
  namespace: 'holdfast-fleet',
  image: 'registry.example/holdfast:1',
  work: { files: { 'gameday.yaml': 'kind: GameDay' }, args: ['gameday', `${workFolder}/g.yaml`] },
  targets: ['rack-a', 'rack-b', 'rack-c'],
  parallelism: 2,
  deadlineSeconds: 7200,
};

describe('the Job of a fleet', () => {
  const volume = (one: FleetJob, wanted: string): Json<V1Volume> | undefined =>
    fleetJob(one).spec?.template.spec?.volumes?.find(({ name }) => name === wanted);
  const { spec } = fleetJob(job);
  const pod = spec?.template.spec;
  const [container] = pod?.containers ?? [];

  it('has an index for each cluster, and none is done again or ends another', () => {
    expect(spec).to.include({ completionMode: 'Indexed', completions: 3, parallelism: 2 });
    // With a limit for the Job as a whole, the first index to fail would end all others in the middle of a fault.
    expect(spec).to.include({ backoffLimitPerIndex: 0 }).and.not.have.any.keys('backoffLimit');
    expect(spec).to.not.have.any.keys('maxFailedIndexes', 'activeDeadlineSeconds');
    const actions = spec?.podFailurePolicy?.rules.map(({ action }) => action);
    expect(actions).to.deep.equal(['FailIndex', 'FailIndex']);
    expect(pod?.restartPolicy).to.equal('Never');
  });

  it('gives its pods time to heal, and nothing they do not need', () => {
    expect(pod).to.include({
      activeDeadlineSeconds: 7200,
      terminationGracePeriodSeconds: 600,
      automountServiceAccountToken: false,
      shareProcessNamespace: true,
    });
    expect(pod?.securityContext).to.include({ runAsNonRoot: true });
    expect(container?.securityContext).to.deep.equal({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(container?.resources?.limits).to.have.all.keys('memory');
    const labels = fleetNamespace('x').metadata?.labels;
    expect(labels).to.include({ 'pod-security.kubernetes.io/enforce': 'restricted' });
  });

  it('mounts into each pod what is of its own cluster', () => {
    const sources = volume(job, 'targets')?.projected?.sources ?? [];
    expect(sources.map(({ secret }) => secret?.name)).to.deep.equal(job.targets.map(secretName));
    for (const [index, { secret }] of sources.entries())
      expect(secret?.items).to.deep.equal(
        targetKeys.map((key) => ({ key, path: `${index}/${key}` })),
      );
    const mount = container?.volumeMounts?.find(({ name }) => name === 'targets');
    expect(mount).to.include({ subPathExpr: '$(INDEX)', readOnly: true });
    expect(container?.env?.[0]).to.have.property('name', 'INDEX');
  });

  it('mounts every volume, and what is to be done', () => {
    const names = pod?.volumes?.map(({ name }) => name);
    expect(container?.volumeMounts?.map(({ name }) => name)).to.deep.equal(names);
    expect(volume(job, 'work')?.configMap?.name).to.equal(workMap(job).metadata?.name);
    expect(workMap(job).data).to.deep.equal(job.work.files);
  });

  it('keeps reports on a claim, where there is one', () => {
    expect(volume(job, 'reports')).to.deep.equal({ name: 'reports', emptyDir: {} });
    expect(volume({ ...job, reportsClaim: 'here' }, 'reports')).to.deep.equal({
      name: 'reports',
      persistentVolumeClaim: { claimName: 'here' },
    });
  });
});

describe('the Secret of a target', () => {
  const target: Target = {
    name: 'rack-a',
    cluster: `apiVersion: holdfast.dev/v1
kind: Cluster
name: rack-a # in the cellar
platform: microk8s
cluster-id: 3f0c2a51-7c1e-4a5b-9a43-0e6d7d1f2b90
kubeconfig: { file: ~/.kube/config, context: rack }
ssh: { user: ubuntu, identity: ~/.ssh/id, known-hosts: /etc/hosts.known, port: 2222 }
nodes: { pi1: { address: 192.0.2.1 } }
`,
    credentials: { server: 'https://192.0.2.1:16443', ca: 'CA', cert: 'CERT', key: 'KEY' },
    identity: 'PRIVATE',
    knownHosts: '192.0.2.1 ssh-ed25519 AAAA',
  };
  const { metadata, stringData = {} } = targetSecret(target, 'holdfast-fleet');

  it('has a cluster file that finds its files beside it', () => {
    expect(Object.keys(stringData).sort()).to.deep.equal(targetKeys.toSorted());
    const read = readCluster(stringData['cluster.yaml'] ?? '', '/target/cluster.yaml');
    expect(read).to.have.nested.property('cluster.kubeconfig').deep.equal({
      file: '/target/kubeconfig',
    });
    expect(read).to.have.nested.property('cluster.ssh').deep.equal({
      user: 'ubuntu',
      identity: '/target/identity',
      knownHosts: '/target/known-hosts',
      port: 2222,
    });
    expect(metadata).to.deep.equal({ name: 'holdfast-target-rack-a', namespace: 'holdfast-fleet' });
    expect(stringData).to.include({ identity: 'PRIVATE', name: 'rack-a\n' });
  });

  it('has a kubeconfig of one context that needs no other file', () => {
    const config: unknown = parse(stringData['kubeconfig'] ?? '');
    expect(config).to.have.nested.property('clusters[0].cluster').deep.equal({
      server: 'https://192.0.2.1:16443',
      'certificate-authority-data': 'Q0E=',
    });
    expect(config).to.have.nested.property('users[0].user').deep.equal({
      'client-certificate-data': 'Q0VSVA==',
      'client-key-data': 'S0VZ',
    });
    expect(config).to.have.property('current-context', 'rack-a');
  });
});
