import type { LocalMember, PlatformDatastore } from '../platform.ts';
import { memberScripts } from './members.ts';
import { dataFolder, etcdClientPort, etcdPki, kubernetesDir, manifest } from './places.ts';

const pki = `${kubernetesDir}/pki`;

/** etcd: every 100 ms a heartbeat, and an election after 1000 ms without. */
const defaults = { heartbeatMs: 100, electionMs: 1000 } as const;

/** What shows that a node has a member: its data, which is there whether or not its process runs. */
const isMember = `[ -d ${dataFolder}/member ]`;

/** etcd as kubeadm has it, in a static pod of each control plane, or as a service on machines of its own. */
export const etcd: PlatformDatastore = {
  kind: 'etcd',
  folder: dataFolder,
  pair: {
    cert: `${pki}/apiserver-etcd-client.crt`,
    key: `${pki}/apiserver-etcd-client.key`,
    ca: `${etcdPki}/ca.crt`,
  },
  member: { script: `! ${isMember} || echo member`, read: readMember },
  settings: {
    // As it was started; of one that does not run, as its manifest has it.
    script: [
      `${isMember} || exit 0`,
      'pid=$(pgrep -o -x etcd) && tr "\\0" "\\n" <"/proc/$pid/cmdline" && tr "\\0" "\\n" <"/proc/$pid/environ"',
      `[ -n "$pid" ] || cat ${manifest('etcd')} ${kubernetesDir}/holdfast-*-etcd.yaml 2>/dev/null`,
      'file=$(tr "\\0" "\\n" <"/proc/$pid/cmdline" 2>/dev/null | sed -n "s/^--config-file=//p")',
      '[ -z "$file" ] || cat "$file"',
      'exit 0',
    ].join('\n'),
    read: readSettings,
  },
  scripts: memberScripts,
};

function readMember(text: string): LocalMember | undefined {
  return text.trim() === '' ? undefined : { port: etcdClientPort };
}

/** Flags, variables and YAML say it alike, but for how they write it; all are milliseconds. */
function readSettings(text: string): Readonly<Record<string, number>> {
  const read = (name: string, otherwise: number): number => {
    const written = name.replace('-', '[-_]');
    const found = new RegExp(`${written}["']?\\s*[=:]\\s*["']?(\\d+)`, 'i').exec(text);
    return found?.[1] === undefined ? otherwise : Number(found[1]);
  };
  return {
    heartbeatMs: read('heartbeat-interval', defaults.heartbeatMs),
    electionMs: read('election-timeout', defaults.electionMs),
  };
}
