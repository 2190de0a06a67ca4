/** A service that systemd runs. @see systemd.service(5), systemd.kill(5) */
import { quote } from '../../model/quote.ts';
import type { UnitService } from '../../model/snapshot.ts';
import { commOf, lines, readStat, rmdirIfEmpty, startTime } from '../script.ts';
import type { Control, DataControl, KeptDown, Stopping } from './control.ts';

/** Snaps and most units give a service 30 s to end before systemd kills it, and then the stop was none. */
const stopTimeoutMs = 45_000;

export function unit({ unit: name, process }: UnitService): Control {
  const quoted = quote(name);
  const comm = commOf(process);
  const state = `state=$(systemctl show -p ActiveState --value ${quoted}) || exit 2`;
  const result = `result=$(systemctl show -p Result --value ${quoted}) || exit 2`;
  return {
    name,
    find: lines(
      `pid=$(systemctl show -p MainPID --value ${quoted}) || exit 1`,
      `comm=$(cat "/proc/$pid/comm" 2>/dev/null) || comm='no process'`,
      // A wrapper that still waits is not the service: to hit it would prove nothing.
      `[ "$comm" = ${comm} ] || { echo "the main process of "${quoted}" ($pid) is $comm, not "${comm} >&2; exit 1; }`,
    ),
    processes: groupOf(quoted),
    starts: `starts=$(systemctl show -p NRestarts --value ${quoted}) || exit 1`,
    endsAlone: lines(
      `along=$(systemctl show -p RequiredBy -p BoundBy -p ConsistsOf --value ${quoted}) || exit 1`,
      'for other in $along; do',
      `systemctl is-active --quiet "$other" && { echo "to stop "${quoted}" would stop $other too, which requires it" >&2; exit 1; }`,
      'done',
    ),
    crashed: lines(
      `now=$(systemctl show -p MainPID --value ${quoted}) || exit 2`,
      `grown=$(systemctl show -p NRestarts --value ${quoted}) || exit 2`,
      state,
      `sub=$(systemctl show -p SubState --value ${quoted}) || exit 2`,
      '[ "$now" != "$pid" ] || exit 1',
      // It counts a restart when it does it, which may be RestartSec after the crash: ten seconds for a kubelet.
      'case "$sub" in auto-restart*) exit 0 ;; esac',
      '[ "$grown" -gt "$starts" ] || [ "$state" = failed ]',
    ),
    keptDown: (id) => keptDown({ unit: name, process }, id, lines(state, result)),
    stop: () => stopping(quoted, lines(state, result)),
    // The proof says when it serves; waiting here would only hold up the undoing of others.
    start: lines(
      `systemctl reset-failed ${quoted} 2>/dev/null`,
      `systemctl start --no-block ${quoted} || status=1`,
    ),
    runs: lines(
      state,
      `pid=$(systemctl show -p MainPID --value ${quoted}) || exit 2`,
      `[ "$state" = active ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = ${comm} ]`,
    ),
    restart: `systemctl restart --no-block ${quoted}`,
    data: dataControl(quoted),
  };
}

function dataControl(unit: string): DataControl {
  const halt = `systemctl stop ${unit} || exit 1`;
  const resume = lines(
    `systemctl reset-failed ${unit} 2>/dev/null`,
    `systemctl start --no-block ${unit} || exit 1`,
  );
  return {
    halt,
    // A wrapper that still waits is ended, too: it would start the service.
    wreck: `systemctl kill -s SIGKILL --kill-who=all ${unit}`,
    resume,
    still: (sh) =>
      lines(halt, `(\n${sh}\n)`, 'done=$?', `systemctl start ${unit} || exit 1`, '( exit $done )'),
    retire: halt,
  };
}

/**
 * Puts the processes of the unit that process `$pid` is of into `$pids`: those in its group of systemd's own hierarchy,
 * which with cgroup v2 is the only one. A group that is not the unit's could be everybody's: then the answer is unclear.
 * @param unit quoted for the shell
 */
export function groupOf(unit: string): string {
  return lines(
    `own=$(grep -m1 -E '^[0-9]+:name=systemd:|^0::' "/proc/$pid/cgroup") || exit 2`,
    `case $own in */${unit}*) ;; *) echo "$pid is in \${own#*:}, not in a group of "${unit} >&2; exit 2 ;; esac`,
    `pids=$(grep -slxF -e "$own" /proc/[0-9]*/cgroup | tr -dc '0-9\\n')`,
    '[ -n "$pids" ] || exit 2',
  );
}

/** By a drop-in in /run that bears the fault's name: it is nobody else's, and no reboot leaves it. */
function keptDown({ unit, process }: UnitService, id: string, asked: string): KeptDown {
  const folder = quote(`/run/systemd/system/${unit}.d`);
  const file = quote(`/run/systemd/system/${unit}.d/90-holdfast-${id}.conf`);
  const name = quote(unit);
  return {
    before: lines(
      `mkdir -p ${folder} || exit 1`,
      `printf '[Service]\\nRestart=no\\n' >${file} || exit 1`,
      'systemctl daemon-reload || exit 1',
      `restart=$(systemctl show -p Restart --value ${name}) || exit 1`,
      `[ "$restart" = no ] || { echo "another drop-in of "${name}" insists on Restart=$restart" >&2; exit 1; }`,
    ),
    says: `systemd counts ${process} as failed by a signal`,
    isDown: lines(asked, '[ "$state" = failed ] && [ "$result" = signal ]'),
    allow: lines(
      `rm -f ${file} || status=1`,
      rmdirIfEmpty(folder),
      'systemctl daemon-reload || status=1',
    ),
    isGone: lines(
      `reload=$(systemctl show -p NeedDaemonReload --value ${name}) || exit 2`,
      `[ ! -e ${file} ] && [ "$reload" = no ]`,
    ),
  };
}

/**
 * Orders the stop and waits until systemd has begun: it leaves "active" as it sends the signal. To wait for the end
 * would spread the instant over all that the service does before it ends.
 */
function stopping(unit: string, asked: string): Stopping {
  return {
    order: lines(
      `systemctl stop --no-block ${unit} || exit 1`,
      'tries=100',
      `while state=$(systemctl show -p ActiveState --value ${unit}) && [ "$state" = active ]; do`,
      '[ $((tries -= 1)) -gt 0 ] || { echo "systemd has not begun to stop it" >&2; exit 1; }',
      'done',
      '[ -n "$state" ]',
    ),
    ended: lines(
      asked,
      '[ "$state" = inactive ] || [ "$state" = failed ] || exit 1',
      // It may have ended with an error; but if systemd had to kill it, it had no time to hand anything over.
      '[ "$result" = success ] || [ "$result" = exit-code ] || { echo "its result is $result" >&2; exit 1; }',
      `${readStat} && [ "${startTime}" = "$start" ] && exit 1`,
      'exit 0',
    ),
    withinMs: stopTimeoutMs,
  };
}
