import type { ClusterFile } from '../model/clusterfile.ts';
import type { AlertRule, Snapshot } from '../model/snapshot.ts';
import type { Access } from './access.ts';
import { askAlertRules } from './alert-rules.ts';
import { bareAccess } from './credentials.ts';
import { type Links, openLinks } from './open.ts';
import { askKube } from './survey-kube.ts';
import { look } from './survey-look.ts';
import { findMembers } from './survey-members.ts';
import { begin, type SurveyOptions } from './survey-questions.ts';
import { controlPlanes } from './survey-roles.ts';
import { conclude } from './survey-snapshot.ts';

/**
 * Finds out what a cluster is and how to reach it, changing nothing.
 * @throws SurveyError with everything that is wrong; what is secret is in `access` alone
 */
export async function survey(
  cluster: ClusterFile,
  options: SurveyOptions = {},
): Promise<{ snapshot: Snapshot; access: Access }> {
  const bare = await bareAccess(cluster);
  const links = openLinks(bare);
  try {
    const now = begin(cluster, links, options);
    const found = await look(now);
    const access: Access = { ...bare, datastore: await findMembers(now, found) };
    const open = openLinks(access);
    try {
      const [snapshot, alertRules] = await Promise.all([
        conclude({ ...now, links: open }, found),
        rulesOf(cluster, now.asking().timeoutMs),
      ]);
      return { snapshot: { ...snapshot, ...(alertRules !== undefined && { alertRules }) }, access };
    } finally {
      open.close();
    }
  } finally {
    links.close();
  }
}

/**
 * Asks whichever API server answers first, for those who can do without a survey.
 * @returns the uid of namespace kube-system, and the names of the control planes
 * @throws LinkError or KubeError of a node, AggregateError with the problem of each node
 */
export async function askCluster(
  cluster: ClusterFile,
  links: Links,
): Promise<{ id: string; controlPlanes: readonly string[] }> {
  const { platform, asking } = begin(cluster, links, {});
  const report = await Promise.any(
    cluster.nodes.map(async ({ name }) => {
      const { timeoutMs: deadlineMs } = asking();
      return askKube(links.kube(name), platform.controlPlaneLabel, { deadlineMs });
    }),
  );
  return { id: report.id, controlPlanes: controlPlanes(cluster, report) };
}

/**
 * Takes a fresh snapshot through links that are open already.
 * @param links of the access that the cluster's survey gave; they stay open
 * @throws SurveyError as `survey` does
 */
export async function resurvey(
  cluster: ClusterFile,
  links: Links,
  options: SurveyOptions = {},
): Promise<Snapshot> {
  const now = begin(cluster, links, options);
  return conclude(now, await look(now));
}

/** What Prometheus alerts: only predicted by, so that one that does not answer hinders nothing. */
async function rulesOf(
  { alerts }: ClusterFile,
  timeoutMs: number,
): Promise<readonly AlertRule[] | undefined> {
  if (alerts === undefined || 'listen' in alerts || alerts.prometheus === undefined)
    return undefined;
  return askAlertRules(alerts.prometheus, timeoutMs).catch(() => undefined);
}
