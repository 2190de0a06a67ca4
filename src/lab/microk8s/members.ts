import { inside } from '../machine.ts';
import { controlPlanes, firstControlPlane, type Lab, type LabNode } from '../topology.ts';
import { backendDir, binDir, datastorePort } from './places.ts';

/** The command by which the datastore lists its members, as JSON; any voter among the servers will do. */
export function askMembers(nodes: readonly LabNode[]): string {
  const servers = nodes.map((node) => `${node.address}:${datastorePort}`).join(',');
  return `${binDir}/dqlite -s ${servers} -c ${backendDir}/cluster.crt -k ${backendDir}/cluster.key -f json k8s .cluster`;
}

/** Whether Dqlite has given its members the roles that it will leave them, once it sees them all. */
export async function rolesMissing(lab: Lab): Promise<string | undefined> {
  const nodes = controlPlanes(lab);
  const answer = await inside(lab, firstControlPlane(lab), askMembers(nodes));
  const members = JSON.parse(answer) as readonly { readonly Role: number }[];
  const count = (role: number): number => members.filter((member) => member.Role === role).length;
  // Dqlite makes up to three of its members voters and up to three of the others stand-bys; two cannot both vote.
  const voters = nodes.length < 3 ? 1 : 3;
  const standbys = Math.min(3, nodes.length - voters);
  const right = count(0) === voters && count(1) === standbys;
  return right
    ? undefined
    : `roles are ${count(0)} voters and ${count(1)} stand-bys, wanted ${voters} and ${standbys}`;
}
