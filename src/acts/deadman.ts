import type { Intent } from '../model/intent.ts';
import { quote } from '../model/quote.ts';
import { ActError, type World } from './world.ts';

const timeoutMs = 10_000;

/** The nodes on which an intent has something to undo, and the script that does. */
export function undoScripts(intent: Intent): ReadonlyMap<string, string> {
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
 * Arms the dead man on each node: systemd runs the undo by itself after so long unless it is told not to, whatever
 * becomes of us, of the network, or of the session that armed it.
 * @throws ActError if a node does not take it; then nothing may be injected
 */
export async function arm(intent: Intent, world: World, afterMs: number): Promise<void> {
  const name = unitName(intent);
  const file = scriptFile(intent);
  await onEach(intent, world, 'arm the undo timer', (script) => ({
    stdin: `failed=0\n${script}rm -f ${quote(file)}\nrmdir /run/holdfast 2>/dev/null\nexit $failed\n`,
    command: [
      'set -e',
      'mkdir -p /run/holdfast',
      `cat >${quote(file)}`,
      // Without AccuracySec a timer may be a minute late.
      `systemd-run --quiet --collect --unit=${quote(name)} --on-active=${Math.ceil(afterMs)}ms ` +
        `--timer-property=AccuracySec=100ms /bin/sh ${quote(file)}`,
    ].join('\n'),
  }));
}

/**
 * Takes the dead man back, after everything has been undone.
 * @returns the nodes where it had run already: it came before us, and the fault did not last as long as planned
 */
export async function disarm(intent: Intent, world: World): Promise<readonly string[]> {
  const name = unitName(intent);
  const file = scriptFile(intent);
  const early: string[] = [];
  const answers = await onEach(intent, world, 'take the undo timer back', () => ({
    command: [
      `systemctl is-active --quiet ${quote(`${name}.timer`)} && echo waiting`,
      `systemctl stop ${quote(`${name}.timer`)} ${quote(`${name}.service`)} 2>/dev/null`,
      `systemctl reset-failed ${quote(`${name}.service`)} 2>/dev/null`,
      `rm -f ${quote(file)}`,
      'rmdir /run/holdfast 2>/dev/null',
      'exit 0',
    ].join('\n'),
  }));
  for (const [node, stdout] of answers) if (!stdout.includes('waiting')) early.push(node);
  return early;
}

/** Every name that Holdfast leaves on a node begins with its own. */
function unitName(intent: Intent): string {
  return `holdfast-${intent.id}`;
}

function scriptFile(intent: Intent): string {
  return `/run/holdfast/${intent.id}.undo`;
}

async function onEach(
  intent: Intent,
  world: World,
  what: string,
  order: (script: string) => { command: string; stdin?: string },
): Promise<ReadonlyMap<string, string>> {
  const answers = new Map<string, string>();
  await Promise.all(
    [...undoScripts(intent)].map(async ([node, script]) => {
      const ssh = await world.links.ssh(node);
      const { command, ...stdin } = order(script);
      const ran = await ssh.run(command, { sudo: true, timeoutMs, ...stdin });
      if (ran.code !== 0) {
        throw new ActError(
          `${what} on ${node}: exit ${ran.code ?? ran.signal ?? 'unknown'}: ${ran.stderr.trim()}`,
        );
      }
      answers.set(node, ran.stdout);
    }),
  );
  return answers;
}
