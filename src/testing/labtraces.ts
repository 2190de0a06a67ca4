import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { labDir } from '../lab/paths.ts';
import { bridgeName, hostNames, type Lab } from '../lab/topology.ts';

/** Whatever a lab has on this host: mounts, namespaces, groups, interfaces, files. */
export function tracesOf(lab: Lab): readonly string[] {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`${labDir(lab.name)}/`));
  const names = lab.nodes.map((node) => hostNames(lab, node));
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  const links = readdirSync('/sys/class/net');
  const groups = existsSync('/sys/fs/cgroup/memory')
    ? readdirSync('/sys/fs/cgroup/memory')
    : readdirSync('/sys/fs/cgroup');
  return [
    ...mounts,
    ...names
      .filter((one) => namespaces.includes(one.namespace))
      .map((one) => `namespace ${one.namespace}`),
    ...names.filter((one) => links.includes(one.veth)).map((one) => `link ${one.veth}`),
    ...names.filter((one) => groups.includes(one.cgroup)).map((one) => `group ${one.cgroup}`),
    ...(links.includes(bridgeName(lab)) ? [`bridge ${bridgeName(lab)}`] : []),
    ...(existsSync(labDir(lab.name)) ? [labDir(lab.name)] : []),
  ];
}
