/**
 * Shell that tries whether one node reaches another: by TCP, from the one, to a port on which the other listens.
 * It needs bash and `timeout` on the node; without them the answer is unclear.
 */
import { lines } from './script.ts';

/** Where a try goes. */
export interface Door {
  readonly address: string;
  readonly port: number;
}

/** Puts into `$got` what came of a try: `open`, `refused` (somebody answered) or `silence` for a second. */
export function trying(door: Door): string {
  return lines(
    // Without LC_ALL the error is in the language of the node.
    `said=$(LC_ALL=C timeout 1 bash -c ${connect(door)} 2>&1)`,
    'case "$? $said" in',
    '0*) got=open ;;',
    '124*) got=silence ;;',
    '1*refused*) got=refused ;;',
    '*) echo "$said" >&2; exit 2 ;;',
    'esac',
  );
}

/** How many of twenty tries at the same time get no answer in 0.9 s, before a lost packet is sent again: `$lost`. */
export function losing(door: Door): string {
  return lines(
    'pids=',
    'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do',
    `  timeout 0.9 bash -c ${connect(door)} 2>/dev/null &`,
    '  pids="$pids $!"',
    'done',
    'lost=0',
    'for pid in $pids; do',
    '  wait "$pid"',
    '  case $? in',
    '  0 | 1) ;;',
    '  124) lost=$((lost + 1)) ;;',
    '  *) exit 2 ;;',
    '  esac',
    'done',
  );
}

function connect({ address, port }: Door): string {
  return `'exec 3<>/dev/tcp/${address}/${port}'`;
}
