import type { Proof } from '../model/intent.ts';
import { quote } from '../model/quote.ts';

/** Joins lines of a script. None relies on `set -e`: a shell ignores it wherever its caller looks at the exit status. */
export function lines(...all: readonly string[]): string {
  return all.join('\n');
}

/** Removes a folder that was made for a fault, unless somebody else has put something there. */
export function rmdirIfEmpty(folder: string): string {
  return `rmdir ${folder} 2>/dev/null`;
}

/** The file in which a fault notes on a node what it must know to prove and undo itself; quoted for the shell. */
export function noteFile(id: string): string {
  return quote(`/run/holdfast/${id}.before`);
}

/** Removes the note; the last thing that an undo does, as it needs what is in it. */
export function removeNote(id: string): string {
  return lines(`rm -f ${noteFile(id)} || status=1`, rmdirIfEmpty('/run/holdfast'));
}

/**
 * Is there no note any more? It is all that is left on a node by faults that have no more to say here.
 * @param isGone of what else a fault leaves: false unless that is gone
 */
export function nothingNoted(node: string, id: string, isGone?: string): Proof {
  return {
    from: node,
    says: 'nothing of the fault is left on the node',
    sh:
      isGone === undefined
        ? `[ ! -e ${noteFile(id)} ]`
        : lines(`[ ! -e ${noteFile(id)} ] || exit 1`, isGone),
  };
}

/**
 * Sets `$1`, `$2`, … to the fields of /proc/$pid/stat from the third on, the state being `$1`, and is false if there is
 * no such process. The name of the process, in brackets, may hold anything.
 */
export const readStat =
  'stat=\'\' && read -r stat 2>/dev/null <"/proc/$pid/stat" && set -- ${stat##*) }';

/** After `readStat`, when the process started: with its pid, this tells it from any other. */
export const startTime = '${20}';

/** What /proc/PID/comm has of a process's name, quoted for the shell: the kernel keeps 15 characters. */
export function commOf(process: string): string {
  return quote(process.slice(0, 15));
}
