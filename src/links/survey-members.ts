import type { ClusterFile } from '../model/clusterfile.ts';
import type { Access, MemberAccess } from './access.ts';
import { findWay } from './survey-datastore.ts';
import { SurveyError } from './survey-error.ts';
import type { Found } from './survey-look.ts';
import { askPair } from './survey-node.ts';
import { sayProblem } from './survey-problems.ts';
import type { Survey } from './survey-questions.ts';
import { controlPlanes, outsiders } from './survey-roles.ts';

// A member that drops what we send is tried for so long before the way through SSH is.
const wayTimeoutMs = 2_000;

/** Reads the pair that members let in from the first control plane that gives it, and finds the way to each member. */
export async function findMembers(now: Survey, found: Found): Promise<Access['datastore']> {
  const { cluster, links, platform } = now;
  if (found.members.size === 0)
    throw new SurveyError('unreachable', [
      outsiders(cluster).length > 0
        ? `no node with role: etcd has a member of the datastore in ${platform.datastore.folder}`
        : 'no control plane has a datastore member; nodes of an external etcd need role: etcd in the cluster file',
    ]);
  const problems: string[] = [];
  for (const name of controlPlanes(cluster, found.kube)) {
    const pair = await links
      .ssh(name)
      .then((ssh) => askPair(ssh, platform, now.asking()))
      .catch((error: unknown) => void problems.push(sayProblem(error)));
    if (pair === undefined) continue;
    const members = await Promise.all(
      [...found.members].map(([node, { member }]): Promise<MemberAccess> => {
        const { timeoutMs, ...rest } = now.asking();
        const atMost = { timeoutMs: Math.min(timeoutMs, wayTimeoutMs), ...rest };
        const host = member.host ?? addressOf(cluster, node);
        return findWay(pair, { node, host, port: member.port }, links.ssh, atMost);
      }),
    );
    return { ...pair, members };
  }
  throw new SurveyError('unreachable', problems);
}

function addressOf({ nodes }: ClusterFile, name: string): string {
  return nodes.find((node) => node.name === name)?.address ?? name;
}
