/** What a node is told to make its side of a cut, and to take it back. */
import { quote } from '../model/quote.ts';
import { lines, rmdirIfEmpty } from './script.ts';
import { removal, tableText } from './ruleset.ts';
import type { Flapping, Side } from './side.ts';

/** Writes the rules' text, with what is routed through the other nodes (their pods), and has nftables check it. */
export function prepare({ file, ruleset, routers, flapping, script, table }: Side): string {
  return lines(
    'command -v nft >/dev/null || { echo "there is no nft on this node: install nftables" >&2; exit 1; }',
    'mkdir -p /run/holdfast || exit 1',
    'behind() {',
    '  routes=$(ip "$1" route show table all) || exit 1',
    '  echo "$routes" | while read -r prefix via hop rest; do',
    '    [ "$via" = via ] && [ "$prefix" != default ] || continue',
    '    case " $2 " in *" $hop "*) printf ", %s" "$prefix" ;; esac',
    '  done',
    '}',
    ...[...routers].map(
      ([set, hops]) =>
        `${set}=$(behind ${set.endsWith('ip6') ? '-6' : '-4'} '${hops.join(' ')}') || exit 1`,
    ),
    `cat >${file} <<END || exit 1`,
    tableText(ruleset) + 'END',
    ...(flapping === undefined
      ? []
      : [`cat >${script} <<'END' || exit 1`, ...flaps(flapping, table, file), 'END']),
    `nft -c -f ${file}`,
  );
}

/** What the unit runs from the first cut on, which `inject` makes. */
function flaps({ onMs, offMs, times }: Flapping, table: string, file: string): readonly string[] {
  return [
    'n=1',
    `while sleep ${onMs / 1000}; do`,
    `  ${removing(table)}`,
    `  [ $n -lt ${times} ] || exit 0`,
    `  sleep ${offMs / 1000}`,
    `  nft -f ${file}`,
    '  n=$((n + 1))',
    'done',
  ];
}

/** The whole table at once; the node itself goes on from there where it flaps. */
export function inject({ file, flapping, unit, script }: Side): string {
  if (flapping === undefined) return `nft -f ${file}`;
  return lines(
    `nft -f ${file} || exit 1`,
    `systemctl is-active --quiet ${unit} ||`,
    `  systemd-run --quiet --collect --no-block --unit=${unit} /bin/sh ${script}`,
  );
}

/** The table is removed whatever is left of the rest, and the text last: it tells that there may be a table. */
export function undo({ table, file, flapping, unit, script }: Side): string {
  const still = [
    `systemctl stop ${unit} 2>/dev/null`,
    `systemctl reset-failed ${unit} 2>/dev/null`,
    `rm -f ${script} || status=1`,
  ];
  return lines(
    'status=0',
    ...(flapping === undefined ? [] : still),
    // Without nft there was never a table.
    'if command -v nft >/dev/null; then',
    `  ${removing(table)} || status=1`,
    'fi',
    `[ $status = 0 ] && { rm -f ${file} || status=1; }`,
    rmdirIfEmpty('/run/holdfast'),
    'exit $status',
  );
}

/** The command that removes the table, whether or not it is there. */
function removing(table: string): string {
  return `printf '%s\\n' ${removal(table).map(quote).join(' ')} | nft -f -`;
}
