import type { Snapshot } from './snapshot.ts';

/**
 * What is not as it was, one line for each thing; empty if all is. Which member holds which role may change in a
 * cluster's life: that as many hold each as before is what counts.
 */
export function differences(before: Snapshot, now: Snapshot): readonly string[] {
  const lines: string[] = [];
  for (const was of before.nodes) {
    const is = now.nodes.find((node) => node.name === was.name);
    if (is === undefined) {
      lines.push(`node ${was.name} is not in the cluster any more`);
      continue;
    }
    if (was.ready && !is.ready) lines.push(`node ${was.name} is not Ready`);
    if (was.schedulable !== is.schedulable) {
      lines.push(`node ${was.name} is ${is.schedulable ? 'not cordoned any more' : 'cordoned'}`);
    }
  }
  for (const role of ['voter', 'stand-by', 'spare'] as const) {
    const count = (snapshot: Snapshot): number =>
      snapshot.datastore.members.filter((member) => member.role === role && member.answers).length;
    if (count(before) !== count(now)) {
      lines.push(
        `the datastore has ${count(now)} members that answer as ${role}, before ${count(before)}`,
      );
    }
  }
  if (before.datastore.leader !== undefined && now.datastore.leader === undefined) {
    lines.push('the datastore has no leader that a majority agrees on');
  }
  return lines;
}

/**
 * Nodes whose kubelet has not renewed its Lease since a survey, one line each: a node whose API server or kubelet does
 * not work any more is told to be Ready for up to a minute.
 */
export function notRenewed(since: Snapshot, now: Snapshot): readonly string[] {
  return since.nodes
    .filter((was) => was.ready && was.datastoreOnly !== true)
    .filter((was) => {
      const is = now.nodes.find((node) => node.name === was.name);
      return is?.renewed === undefined || is.renewed === was.renewed;
    })
    .map(({ name }) => `node ${name} has not renewed its Lease since the healing`);
}
