import { quote } from '../model/quote.ts';
import { diskFolder, runFolder } from './note.ts';

/** What of a platform the fingerprint looks at, beside what every node has. */
export interface Looked {
  /** systemd units of the platform. */
  readonly units: readonly string[];
  /** Where a datastore member keeps its data. */
  readonly folder: string;
}

// Chains and links that kube-proxy and network plugins make and remove as pods come and go.
const churnChain = '^(KUBE-|CNI-|FLANNEL|CILIUM|cali|flannel|cni-|kube-)';
const churnRule = '(KUBE-|CNI-|FLANNEL|CILIUM|cali-|kubernetes|portmap)';
const churnLink = '^(veth|cali|cni|flannel|vxlan|tunl|lxc|cilium|kube-|docker|br-)';
// iptables makes these tables and their chains, empty, whenever anybody looks into them.
const iptablesTable = '^(nat|filter|mangle|raw|security)$';

/** The rules of all tables, without counters and contents of sets. */
const rules = `
nft -s -t list ruleset 2>/dev/null | awk '
  /^table / {
    table = $2 " " $3
    ipt = ($2 == "ip" || $2 == "ip6") && $3 ~ /${iptablesTable}/
    churn = $3 ~ /${churnChain}/
    if (!ipt && !churn) print "table " table
    next
  }
  /^}/ || churn { next }
  /^\\t}/ { skip = 0; next }
  /^\\t[a-z]+ [^ ]+ [{]/ {
    name = $2
    skip = name ~ /${churnChain}/
    if (!skip && !ipt) print table " " $1 " " name
    next
  }
  skip || /^[\\t ]*(#|$)/ || /${churnRule}/ { next }
  ipt && /^[\\t ]*type .* policy accept;$/ { next }
  { sub(/^[\\t ]+/, ""); print table " " name ": " $0 }
' | section nft`;

const links = `
ip -o link show | awk '{
  name = $2; sub(/:$/, "", name); sub(/@.*/, "", name)
  if (name ~ /${churnLink}/) next
  up = $3 ~ /[<,]UP[,>]/ ? "up" : "down"
  for (i = 4; i < NF; i++) if ($i == "mtu") up = up " mtu " $(i + 1)
  print name " " up
}' | section link
tc qdisc show 2>/dev/null | awk '{
  for (i = 1; i < NF; i++) if ($i == "dev") name = $(i + 1)
  if (name ~ /${churnLink}/) next
  sub(/ refcnt [0-9]+/, ""); $3 = ""; print
}' | section qdisc`;

const unitFiles = `
systemctl list-units --all --state=failed --plain --no-legend --no-pager | awk '{ print $1 }' | section failed
find /etc/systemd/system /run/systemd/system /etc/systemd/system.control /run/systemd/system.control -xdev \\
  ! -name 'snap-*.mount' \\( -type l -printf '%p -> %l\\n' -o -type f -exec sha256sum {} + \\) 2>/dev/null |
  awk '/^[0-9a-f]+  \\// { print $2 " " substr($1, 1, 12); next } { print }' | section 'unit file'`;

/** What kubelets run by themselves, and whether somebody slows the disks of pods. */
const staticPods = `
for file in /etc/kubernetes/manifests/*; do
  [ ! -f "$file" ] || sha256sum "$file"
done | awk '{ print $2 " " substr($1, 1, 12) }' | section manifest
find /sys/fs/cgroup -path '*kubepods*' \\( -name 'blkio.throttle.*_device' -o -name io.max \\) \\
  -exec grep -H . {} + 2>/dev/null | section 'io limit'`;

/** Whether the platform's own units are as they were, and whether somebody slows their disks. */
function platformUnits(units: readonly string[]): string {
  const names = units.map(quote).join(' ');
  return `
systemctl show -p Id -p ActiveState -p UnitFileState -p FreezerState -p NeedDaemonReload ${names} 2>/dev/null |
  awk -v RS= '{ gsub(/\\n/, " "); print }' | section unit
for unit in ${names}; do
  group=$(systemctl show -p ControlGroup --value "$unit" 2>/dev/null)
  while :; do
    for file in /sys/fs/cgroup/blkio"$group"/blkio.throttle.*_device /sys/fs/cgroup"$group"/io.max; do
      [ ! -r "$file" ] || while read -r limit; do echo "$file $limit"; done <"$file"
    done
    [ -n "$group" ] || break
    group=\${group%/*}
  done
done | section 'io limit'`;
}

/** Stopped processes, and processes of ours: not those of an SSH session, which ends by itself. */
const processes = `
stats=$(cat /proc/[0-9]*/stat 2>/dev/null)
printf '%s\\n' "$stats" | awk '
  { at = match($0, /\\) [A-Za-z] /); if (substr($0, at + 2, 1) == "T") print substr($0, 1, at) }
' | section stopped
{ printf '%s\\n' "$stats"; grep -slaE 'holdfast[-_/]' /proc/[0-9]*/cmdline; } | awk -v self=$$ '
  /^\\/proc/ { split($0, path, "/"); found[path[3]] = 1; next }
  {
    at = match($0, /\\) [A-Za-z] /); split(substr($0, at + 4), rest, " ")
    pid = $1; parent[pid] = rest[1]; comm[pid] = substr($0, index($0, "(") + 1, at - index($0, "(") - 1)
  }
  END {
    for (pid in found) {
      for (p = pid; p > 1 && p != self && comm[p] !~ /^sshd/; p = parent[p]);
      if (p == 1) print comm[pid] " (" pid ")"
    }
  }' | section process`;

function ours(folder: string): string {
  return `
for file in ${runFolder}/* ${diskFolder}/*; do
  case "$file" in ${runFolder}/lock | *.fingerprint) continue ;; esac
  [ ! -e "$file" ] || echo "$file"
done | section file
find /etc /run ${quote(folder)} -xdev -path ${runFolder} -prune -o -name '*holdfast*' -print 2>/dev/null |
  section file
df -P ${quote(folder)} 2>/dev/null | awk 'NR == 2 && $5 + 0 >= 95 { print $6 " is more than 95 % full" }' | section disk`;
}

/**
 * Prints a node's fingerprint, changing nothing: lines `section<TAB>text`. Needs root and what every node has, and nft,
 * ip, tc, systemctl, awk and find; a tool that is missing leaves its section empty.
 */
export function fingerprintScript({ units, folder }: Looked): string {
  return [
    'export LC_ALL=C PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH"',
    `section() { sed "s/^/$1\t/"; }`,
    rules,
    links,
    unitFiles,
    staticPods,
    platformUnits(units),
    processes,
    ours(folder),
    'exit 0',
  ].join('\n');
}
