/**
 * Keeps systemd from starting a service again, by a drop-in in /run that bears the fault's name: it is nobody else's,
 * and no reboot leaves it.
 * @see systemd.service(5) Restart=, systemd.unit(5) on drop-ins
 */
import { quote } from '../model/quote.ts';
import { lines, rmdirIfEmpty } from './script.ts';

export interface NoRestart {
  /** Makes it, and ends the script if it has no effect. */
  readonly forbid: string;
  /** Takes it back, and sets `status=1` if that does not succeed. */
  readonly allow: string;
  /** Is false unless it is gone and systemd knows it; ends the script with 2 if that is unclear. */
  readonly isGone: string;
}

/** @param unit as systemd names it, not quoted */
export function noRestart(unit: string, id: string): NoRestart {
  const folder = quote(`/run/systemd/system/${unit}.d`);
  const file = quote(`/run/systemd/system/${unit}.d/90-holdfast-${id}.conf`);
  const name = quote(unit);
  return {
    forbid: lines(
      `mkdir -p ${folder} || exit 1`,
      `printf '[Service]\\nRestart=no\\n' >${file} || exit 1`,
      'systemctl daemon-reload || exit 1',
      `restart=$(systemctl show -p Restart --value ${name}) || exit 1`,
      `[ "$restart" = no ] || { echo "another drop-in of "${name}" insists on Restart=$restart" >&2; exit 1; }`,
    ),
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
