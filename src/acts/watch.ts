import type { Intent } from '../model/intent.ts';
import { quote } from '../model/quote.ts';
import { diskFolder, runFolder } from './note.ts';

/** What one node keeps for an intent while its fault may stand. */
export interface Watch {
  /** Takes the node's part back; absent on a node that only keeps the note. */
  readonly undo?: string;
  /** On disk, it outlives a reboot. */
  readonly folder: typeof runFolder | typeof diskFolder;
  /** Runs `undo` and removes the note after so long by itself. */
  readonly timer: boolean;
  /** Runs `undo` at the next boot, too. */
  readonly boot: boolean;
  /** Without it the fault may not fire; of the others, one is enough. */
  readonly must: boolean;
}

/** The nodes on which an intent has something to undo, and the script that does. */
function undoScripts(intent: Intent): ReadonlyMap<string, string> {
  const scripts = new Map<string, string>();
  const add = (node: string, sh: string): void => {
    // One act that fails must not keep the next from being undone.
    scripts.set(node, `${scripts.get(node) ?? ''}(\n${sh}\n) || failed=1\n`);
  };
  for (const act of intent.undo) {
    if ('on' in act) add(act.on, act.sh);
    else if ('onAny' in act) for (const node of act.onAny) add(node, act.sh);
  }
  return scripts;
}

/**
 * Which nodes watch over an intent, and how. What a device or nobody takes back is noted on the control planes that are
 * no targets, or on all if there is no other.
 */
export function watches(
  intent: Intent,
  controlPlanes: readonly string[],
): ReadonlyMap<string, Watch> {
  const { undoBy } = intent;
  if (intent.undo.length === 0) return new Map();
  const others = controlPlanes.filter((node) => !intent.targets.includes(node));
  const keepers = others.length > 0 ? others : controlPlanes;
  const keep = (watch: Watch): [string, Watch][] => keepers.map((node) => [node, watch]);
  if (undoBy === 'journal')
    return new Map(keep({ folder: diskFolder, timer: false, boot: false, must: false }));
  const own = [...undoScripts(intent)].map(([node, undo]): [string, Watch] => [
    node,
    undoBy === 'boot'
      ? { undo, folder: diskFolder, timer: true, boot: true, must: true }
      : { undo, folder: runFolder, timer: true, boot: false, must: true },
  ]);
  if (undoBy !== 'device') return new Map(own);
  const noted = keep({ folder: runFolder, timer: true, boot: false, must: false });
  return new Map([...noted, ...own]);
}

/** One command for one node, and what it reads. */
export interface Order {
  readonly command: string;
  readonly stdin?: string;
}

/**
 * Sets a watch up: the note, the script, and what runs it.
 * @param note one line
 */
export function setUp(id: string, watch: Watch, note: string, afterMs: number): Order {
  const names = namesOf(id, watch);
  const timer =
    `systemd-run --quiet --collect --on-active=${Math.ceil(afterMs)}ms ` +
    // Without it a timer may be a minute late.
    '--timer-property=AccuracySec=100ms';
  return {
    // Several kilobytes, which no command line should carry: first the note in its line, then the script.
    stdin: `${note}\n${scriptOf(names, watch)}`,
    command: lines(
      'umask 077',
      `mkdir -p ${watch.folder} || exit 1`,
      'IFS= read -r note || exit 1',
      `printf '%s\\n' "$note" >${names.note} || exit 1`,
      ...(watch.timer
        ? [
            `cat >${names.script} || exit 1`,
            // Whoever sent it may have died in the middle: half an undo must not run.
            `[ "$(tail -n 1 ${names.script})" = ${quote(endMark)} ] || { rm -f ${names.note} ${names.script}; exit 1; }`,
          ]
        : []),
      ...(watch.boot
        ? [
            `printf %s ${quote(unitText(id, watch))} >${names.unitFile} || exit 1`,
            `mkdir -p ${wants} && ln -sf ${names.unitFile} ${names.wanted} || exit 1`,
            'systemctl daemon-reload || exit 1',
          ]
        : []),
      // The fault may take the power away at once.
      ...(watch.folder === diskFolder ? [`sync ${toSync(names, watch)} || exit 1`] : []),
      // With a unit of that name on disk, the timer starts that.
      ...(watch.timer
        ? [`${timer} --unit=${quote(names.unit)}${watch.boot ? '' : ` /bin/sh ${names.script}`}`]
        : []),
    ),
  };
}

/** Prints `waiting` if the watch's timer has not run yet. */
export function asking(id: string): Order {
  return { command: `systemctl is-active --quiet ${timerOf(id)} && echo waiting; exit 0` };
}

/** Takes a watch away, whatever of it is there. */
export function takeDown(id: string, watch: Watch): Order {
  const names = namesOf(id, watch);
  const [timer, service] = [timerOf(id), quote(names.unit)];
  return {
    command: lines(
      ...(watch.timer
        ? [
            `systemctl stop ${timer} ${service} 2>/dev/null`,
            `systemctl reset-failed ${service} 2>/dev/null`,
          ]
        : []),
      ...removal(names, watch),
      'exit 0',
    ),
  };
}

/**
 * Lets a deed be done only while its undo is still to come: this machine may have slept from arming until firing, or
 * the network may have held what it sent.
 */
export function guarded(id: string, watch: Watch | undefined, sh: string): string {
  if (watch?.undo === undefined) return sh;
  const { script } = namesOf(id, watch);
  const said = 'its undo timer has run already: the fault would stay';
  return lines(`[ -e ${script} ] || { echo ${quote(said)} >&2; exit 1; }`, sh);
}

function timerOf(id: string): string {
  return quote(`holdfast-${id}.timer`);
}

interface Names {
  readonly unit: string;
  /** The rest is quoted for the shell. */
  readonly note: string;
  readonly script: string;
  readonly unitFile: string;
  readonly wanted: string;
  readonly folder: string;
}

const units = '/etc/systemd/system';
const wants = `${units}/multi-user.target.wants`;
const endMark = '# end';
// Five minutes: an API server that comes up again after a power cut has done so by then.
const attempts = 60;
const pauseS = 5;

/** Every name that Holdfast leaves on a node begins with its own. */
function namesOf(id: string, { folder }: Watch): Names {
  const unit = `holdfast-${id}.service`;
  return {
    unit,
    note: quote(`${folder}/${id}.json`),
    script: quote(`${folder}/${id}.undo`),
    unitFile: quote(`${units}/${unit}`),
    wanted: quote(`${wants}/${unit}`),
    folder,
  };
}

/** What the timer and the boot unit run: the undo until it succeeds, then away with all that was set up. */
function scriptOf(names: Names, watch: Watch): string {
  const { undo } = watch;
  const trying = [
    'tries=0',
    'while :; do',
    'failed=0',
    undo ?? '',
    '[ "$failed" = 1 ] || break',
    'tries=$((tries + 1))',
    `[ "$tries" -lt ${attempts} ] || exit 1`,
    `sleep ${pauseS}`,
    'done',
  ];
  return `${lines(
    ...(undo === undefined ? [] : trying),
    ...removal(names, watch),
    'exit 0',
    endMark,
  )}\n`;
}

/** The files and the folders that name them. */
function toSync(names: Names, { boot, timer }: Watch): string {
  return [
    names.note,
    ...(timer ? [names.script] : []),
    names.folder,
    ...(boot ? [names.unitFile, units, wants] : []),
  ].join(' ');
}

function removal(names: Names, { boot }: Watch): readonly string[] {
  return [
    `rm -f ${names.note} ${names.script}`,
    ...(boot
      ? [`rm -f ${names.unitFile} ${names.wanted}`, 'systemctl daemon-reload 2>/dev/null']
      : []),
    `rmdir ${names.folder} 2>/dev/null`,
  ];
}

function unitText(id: string, { folder }: Watch): string {
  return lines(
    '[Unit]',
    `Description=Holdfast takes back ${id}`,
    '[Service]',
    `ExecStart=/bin/sh ${folder}/${id}.undo`,
    '[Install]',
    'WantedBy=multi-user.target',
    '',
  );
}

function lines(...all: readonly string[]): string {
  return all.join('\n');
}
