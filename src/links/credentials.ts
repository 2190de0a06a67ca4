import { readFile } from 'node:fs/promises';
import type { AlertSource, ClusterFile } from '../model/clusterfile.ts';
import type { Access, AlertsAccess } from './access.ts';
import { sayCause } from './errors.ts';
import { type KubeCredentials, loadKubeconfig } from './kubeconfig.ts';
import { SurveyError } from './survey-error.ts';

/**
 * What it takes to reach the nodes and API servers of a cluster, though not the members of its datastore. Nobody is
 * asked: for those who must do what they can while some nodes are down.
 * @throws SurveyError usage
 */
export async function bareAccess(cluster: ClusterFile): Promise<Access> {
  const reachable = { ...(await readSecrets(cluster)), platform: cluster.platform };
  const nodes = cluster.nodes.map(({ name, address }) => ({ name, address }));
  return { ...reachable, nodes, datastore: { cert: '', key: '', members: [] } };
}

async function readSecrets(cluster: ClusterFile): Promise<Pick<Access, 'kube' | 'ssh' | 'alerts'>> {
  const { kubeconfig, ssh, alerts } = cluster;
  const problems: string[] = [];
  const note = (error: unknown) => {
    problems.push(sayCause(error));
    return undefined;
  };
  const read = (what: string, file: string) =>
    readFile(file, 'utf8').catch((error: unknown) =>
      note(new Error(`${what} ${file}: ${sayCause(error)}`)),
    );
  const tokenFile = alerts !== undefined && 'alertmanager' in alerts ? alerts.tokenFile : undefined;
  const [privateKey, knownHosts, token] = await Promise.all([
    read('ssh.identity', ssh.identity),
    read('ssh.known-hosts', ssh.knownHosts),
    tokenFile === undefined ? '' : read('alerts.token-file', tokenFile),
  ]);
  let kube: KubeCredentials | undefined;
  try {
    kube = loadKubeconfig(kubeconfig.file, kubeconfig.context);
  } catch (error) {
    note(error);
  }
  if (
    privateKey === undefined ||
    knownHosts === undefined ||
    token === undefined ||
    kube === undefined
  )
    throw new SurveyError('usage', problems);
  return {
    kube,
    ssh: { user: ssh.user, port: ssh.port, privateKey, knownHosts },
    ...(alerts !== undefined && { alerts: alertsAccess(alerts, token.trim()) }),
  };
}

function alertsAccess(source: AlertSource, token: string): AlertsAccess {
  if ('listen' in source) return source;
  return { alertmanager: source.alertmanager, ...(token !== '' && { token }) };
}
