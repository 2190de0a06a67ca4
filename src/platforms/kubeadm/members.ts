/**
 * How members of etcd are managed with nothing on the node but its own manifest or unit, its certificates and curl:
 * etcd's JSON gateway takes members in and out, as etcdctl would.
 *
 * A member that joins, or is made the only one, starts with options that it must not keep: `--force-new-cluster` at a
 * second start would forget those that have joined since. So it starts with a changed manifest (or a drop-in, of a
 * service), and with its own again once it is what it should be. That takes a minute or two, as kubelets wait for the
 * end of a pod before they start another: a transient unit of the node does it, whoever ordered it.
 * @see https://etcd.io/docs/v3.6/op-guide/runtime-configuration/ and …/recovery/
 */
import { quote } from '../../model/quote.ts';
import { haltedManifest, type MemberScripts } from '../../model/snapshot.ts';
import { dataFolder, etcdClientPort, etcdPki, etcdUnit, manifest } from './places.ts';

const worker = 'holdfast-etcd-member';
const workerFile = `/run/holdfast/${worker}.sh`;
const askTimeoutS = 4;
/** All that is waited for, in the order of its coming: kubelets, elections, the log of the others. */
const workTimeoutS = 300;

const has = (folder: string): string => `[ -d ${quote(`${folder}/member`)} ]`;

export function memberScripts(external: boolean): MemberScripts {
  const way = external ? serviceWay : podWay;
  const finished = `[ ! -e ${quote(way.kept)} ]`;
  return {
    list: grouped(
      ask,
      `answer=$(ask list ${linearizable}) &&`,
      String.raw`printf '%s\n' "$answer" | tr '{' '\n' | sed -n 's#.*"peerURLs":\["https\{0,1\}://\([^"/]*\).*#"Address":"\1"#p'`,
    ),
    remove: grouped(ask, mine, 'remove'),
    wipe: `rm -rf ${quote(`${dataFolder}/member`)}`,
    join: lines(way.keep, start(way, joining)),
    hasData: `${has(dataFolder)} && ${finished}`,
    joining: `systemctl is-active --quiet ${worker}.service`,
    abandon: lines(
      `systemctl stop ${worker}.service 2>/dev/null`,
      // Without data, its own options might found a cluster of its own.
      `if ! ${finished} && ${has(dataFolder)}; then`,
      way.giveBack,
      'fi',
      leave,
    ),
    reform: lines(way.keep, start(way, reforming)),
  };
}

/** How one is started with other options for a while, and then with its own. */
interface Way {
  /** What there is for as long as it has other options. */
  readonly kept: string;
  /** Notes how it is started by itself; done already, it stays as it was. */
  readonly keep: string;
  /** Puts the member's name into `$name`; nothing if it is not told. */
  readonly name: string;
  /** Starts it with the options in `$options` in place of those of their names, each `name=value` without spaces. */
  readonly change: string;
  /** Starts it with its own options. */
  readonly giveBack: string;
}

const etcdManifest = manifest('etcd');
const keptManifest = haltedManifest(etcdManifest).replace('halted', 'own');

const podWay: Way = {
  kept: keptManifest,
  keep: lines(
    `if [ -e ${keptManifest} ]; then rm -f ${haltedManifest(etcdManifest)}`,
    `else mv ${haltedManifest(etcdManifest)} ${keptManifest} || exit 1; fi`,
  ),
  name: `name=$(sed -n 's/^ *- --name=//p' ${keptManifest})`,
  change: lines(
    'script= added=',
    'for option in $options; do',
    String.raw`script="$script/^ *- --$\{option%%=*}\(=.*\)\{0,1\}\$/d;"`.replace('$\\{', '${'),
    String.raw`added="$added\\n\\1- --$option"`,
    'done',
    // Behind the name of the program, which is the first of its command: there its own never are.
    String.raw`sed "${'$'}script;s#^\( *\)- etcd\$#&$added#" ${keptManifest} >${keptManifest}.new &&`,
    `grep -qF -e "--\${options%% *}" ${keptManifest}.new &&`,
    `mv -f ${keptManifest}.new ${etcdManifest}`,
  ),
  giveBack: `mv -f ${keptManifest} ${etcdManifest}`,
};

const dropIns = `/run/systemd/system/${etcdUnit}.d`;
const dropIn = `${dropIns}/90-${worker}.conf`;
const changedConfig = `/run/holdfast/${worker}.yaml`;

const serviceWay: Way = {
  kept: dropIn,
  // Whoever starts it before it has the other options must not: without data, its own found a cluster of their own.
  keep: lines(
    `mkdir -p ${dropIns} || exit 1`,
    `printf '[Unit]\\nConditionPathExists=!/\\n' >${dropIn} || exit 1`,
    'systemctl daemon-reload || exit 1',
  ),
  name: lines(
    command(),
    'name=$(printf "%s\\n" $argv | sed -n "s/^--name=//p")',
    '[ -z "$config" ] || name=$(sed -n \'s/^name: *//p\' "$config" | tr -d \'"\')',
  ),
  change: lines(
    command(),
    'if [ -n "$config" ]; then',
    // With a file, etcd reads no other option. A value may go on in lines that are indented.
    `awk -v names=" $options" '/^[^ #]/ { name = $1; sub(/:.*/, "", name); skip = index(names, " " name "=") } !skip' "$config" >${changedConfig} || return 1`,
    `for option in $options; do echo "\${option%%=*}: \${option#*=}"; done >>${changedConfig}`,
    `argv=$(printf '%s' "$argv" | sed "s#--config-file=[^ ]*#--config-file=${changedConfig}#")`,
    // The last of two options of a name counts.
    'else for option in $options; do argv="$argv --$option"; done; fi',
    `mkdir -p ${dropIns} && printf '[Service]\\nExecStart=\\nExecStart=%s\\n' "$argv" >${dropIn} &&`,
    `systemctl daemon-reload && systemctl restart --no-block ${etcdUnit}`,
  ),
  giveBack: lines(
    `rm -f ${dropIn} ${changedConfig}`,
    `rmdir ${dropIns} 2>/dev/null`,
    `systemctl daemon-reload && systemctl restart --no-block ${etcdUnit}`,
  ),
};

/** Puts the service's own command into `$argv`, and the file that it reads, if any, into `$config`. */
function command(): string {
  return lines(
    `argv=$(systemctl show -p ExecStart --value ${etcdUnit} | sed -n 's/.*argv\\[\\]=\\(.*\\) ; ignore_errors=.*/\\1/p')`,
    'config=$(printf "%s\\n" $argv | sed -n "s/^--config-file=//p")',
  );
}

/** Without it, a member that has lost the others would tell what it last knew. */
const linearizable = quote('{"linearizable":true}');

/** A question to whichever of SERVERS answers first, by the gateway: `ask list BODY`. */
const ask = lines(
  'ask() {',
  'for server in $(echo "$SERVERS" | tr , " "); do',
  `curl -gsSf -m ${askTimeoutS} --cacert ${etcdPki}/ca.crt --cert ${etcdPki}/healthcheck-client.crt --key ${etcdPki}/healthcheck-client.key \\`,
  `-d "$2" "https://\${server%:*}:${etcdClientPort}/v3/cluster/member/$1" && return 0`,
  'done',
  'return 1',
  '}',
);

/** MEMBER as it is listed: its line into `$line`, which is empty if it is not, and its id into `$id`. */
const mine = lines(
  'look() {',
  `all=$(ask list ${linearizable}) || return 1`,
  String.raw`all=$(printf '%s\n' "$all" | tr '{' '\n')`,
  String.raw`line=$(printf '%s\n' "$all" | grep -F "//$MEMBER\"")`,
  String.raw`id=$(printf '%s\n' "$line" | sed -n 's/.*"ID":"\([0-9]*\)".*/\1/p')`,
  '}',
  'remove() { look || return 1; [ -z "$id" ] || ask remove "{\\"ID\\":\\"$id\\"}" >/dev/null; }',
);

/** One attempt to join. A learner first, which has no vote: one that never comes must not cost the others theirs. */
const joining = lines(
  'added=',
  'attempt() {',
  'look || return 1',
  'if [ -z "$added" ]; then',
  // It is that of the data which is no more, or was ordered before; neither may be taken up again.
  '[ -z "$line" ] || remove || return 1',
  `ask add "{\\"peerURLs\\":[\\"https://$MEMBER\\"],\\"isLearner\\":true}" >/dev/null || return 1`,
  'look || return 1',
  String.raw`others=$(printf '%s\n' "$all" | sed -n 's/.*"name":"\([^"]\{1,\}\)".*"peerURLs":\["\([^"]*\)".*/\1=\2/p' | tr '\n' ,)`,
  'options="initial-cluster=$others$name=https://$MEMBER initial-cluster-state=existing name=$name"',
  'change && added=yes',
  'return 1',
  'fi',
  'case $line in',
  // Refused until it has the log of the others.
  '*\'"isLearner":true\'*) ask promote "{\\"ID\\":\\"$id\\"}" >/dev/null; return 1 ;;',
  '*\'"name":"\'[!\\"]*) return 0 ;;',
  'esac',
  'return 1',
  '}',
);

/** One attempt to be the only member. */
const reforming = lines(
  'changed=',
  'attempt() {',
  'if [ -z "$changed" ]; then options=force-new-cluster=true; change || return 1; changed=yes; fi',
  'look || return 1',
  '[ -n "$id" ] && [ "$(printf \'%s\\n\' "$all" | grep -c \'"peerURLs"\')" = 1 ]',
  '}',
);

/** Orders the work, which goes on by itself: what it does until an attempt succeeds, then the member's own options. */
function start(way: Way, attempt: string): string {
  const script = lines(
    ask,
    mine,
    `change() {\n${way.change}\n}`,
    attempt,
    `end=$(($(cut -d. -f1 /proc/uptime) + ${workTimeoutS}))`,
    'wait_for() {',
    'until "$@"; do',
    `[ "$(cut -d. -f1 /proc/uptime)" -lt $end ] || { echo "given up: $*" >&2; exit 1; }`,
    'sleep 1',
    'done',
    '}',
    way.name,
    'name=${name:-$(uname -n)}',
    'wait_for attempt',
    'SERVERS=$MEMBER',
    'before=$(pgrep -o -x etcd)',
    way.giveBack,
    'anew() { now=$(pgrep -o -x etcd) && [ "$now" != "$before" ] && look; }',
    'wait_for anew',
    leave,
    'exit 0',
  );
  return lines(
    'mkdir -p /run/holdfast || exit 1',
    `printf %s ${quote(script)} >${workerFile} || exit 1`,
    `systemd-run --quiet --collect --unit=${worker} --setenv=MEMBER="$MEMBER" --setenv=SERVERS="$SERVERS" /bin/sh ${workerFile}`,
  );
}

const leave = lines(`rm -f ${workerFile}`, 'rmdir /run/holdfast 2>/dev/null', 'true');

/** In braces, so that it can be one command of a pipeline. */
function grouped(...all: readonly string[]): string {
  return lines('{', ...all, '}');
}

function lines(...all: readonly string[]): string {
  return all.join('\n');
}
