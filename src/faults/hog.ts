/**
 * What the faults that use up a node have in common: a transient unit `holdfast-<id>` of systemd, started before the
 * fault and stopped by a signal until it fires, so that the instant is known; it ends by itself after a day at the
 * latest. Its script and its main process are noted in /run/holdfast.
 */
import { quote } from '../model/quote.ts';
import type { Act, Proof } from '../model/intent.ts';
import { lines, noteFile, readStat, removeNote, startTime } from './script.ts';
import { groupOf } from './control/unit.ts';

/** A hog on one node. */
export interface Hog {
  readonly node: string;
  /** Of the intent. */
  readonly id: string;
  /** What it uses up, as part of its unit's name. */
  readonly what: 'cpu' | 'memory';
}

// As long as a scenario may wait: whatever else should fail, it is over then.
const runtimeMaxSec = 86_400;

function unitOf({ id, what }: Hog): string {
  return quote(`holdfast-${id}-${what}.service`);
}

function scriptOf({ id, what }: Hog): string {
  return quote(`/run/holdfast/${id}.${what}`);
}

/**
 * Starts the unit, which stops itself before its work, and waits until it has.
 * @param refuses lines that end with 1 and a reason if it should not be done
 * @param work what it does, by /bin/sh; it may use what `refuses` has set only by way of `variables`
 */
export function prepareHog(
  hog: Hog,
  refuses: readonly string[],
  work: readonly string[],
  variables: readonly string[] = [],
): Act {
  const unit = unitOf(hog);
  // A script of its own: systemd would read the dollars of a command line as its own variables.
  return {
    on: hog.node,
    sh: lines(
      ...refuses,
      'mkdir -p /run/holdfast || exit 1',
      `cat >${scriptOf(hog)} <<'END' || exit 1`,
      'kill -STOP $$',
      ...work,
      'END',
      `systemd-run --quiet --collect --unit=${unit} --property=RuntimeMaxSec=${runtimeMaxSec} /bin/sh ${[scriptOf(hog), ...variables].join(' ')} || exit 1`,
      `pid=$(systemctl show -p MainPID --value ${unit}) || exit 1`,
      'tries=50',
      `while ${readStat} && [ "$1" != T ] && [ $((tries -= 1)) -gt 0 ]; do sleep 0.1; done`,
      `[ "$1" = T ] || { echo "the process of "${unit}" does not wait" >&2; exit 1; }`,
      `echo "$pid ${startTime}" >${noteFile(hog.id)}`,
    ),
  };
}

export function releaseHog({ node, id }: Hog): Act {
  return {
    on: node,
    sh: lines(
      `read -r pid start <${noteFile(id)} || exit 1`,
      `${readStat} || exit 1`,
      `[ "${startTime}" = "$start" ] && kill -CONT "$pid"`,
    ),
  };
}

/**
 * Asks its processes.
 * @param asks lines that find `$pids`, and that answer by the exit status
 */
export function askHog(hog: Hog, says: string, asks: readonly string[]): Proof {
  const unit = unitOf(hog);
  return {
    from: hog.node,
    says,
    sh: lines(
      `pid=$(systemctl show -p MainPID --value ${unit}) || exit 2`,
      '[ "$pid" != 0 ] || exit 1',
      groupOf(unit),
      ...asks,
    ),
  };
}

export function endHog(hog: Hog): Act {
  const unit = unitOf(hog);
  return {
    on: hog.node,
    sh: lines(
      'status=0',
      // Nothing of it is worth a graceful end, for which systemd might have to wait.
      `systemctl kill -s SIGKILL ${unit} 2>/dev/null`,
      `systemctl stop ${unit} 2>/dev/null`,
      `systemctl reset-failed ${unit} 2>/dev/null`,
      `rm -f ${scriptOf(hog)} || status=1`,
      removeNote(hog.id),
      'exit $status',
    ),
  };
}

export function hogGone(hog: Hog): Proof {
  return {
    from: hog.node,
    says: 'nothing of the fault is left on the node',
    sh: lines(
      `[ ! -e ${scriptOf(hog)} ] && [ ! -e ${noteFile(hog.id)} ] || exit 1`,
      `loaded=$(systemctl show -p LoadState --value ${unitOf(hog)}) || exit 2`,
      '[ "$loaded" = not-found ]',
    ),
  };
}
