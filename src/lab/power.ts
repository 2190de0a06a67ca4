import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { get, labLock, nodeOf, storedLayers } from './lab.ts';
import { locked } from './lock.ts';
import { hasPower, nodeFolders, powerOff, powerOn } from './machine.ts';
import { labDir, program } from './paths.ts';
import type { Lab, LabNode } from './topology.ts';

/** A node of a lab, by name. */
export interface Plug {
  readonly lab: string;
  readonly node: string;
}

/**
 * Takes a node's power, as with a plug: nothing is waited for.
 * @param forMs switch it on again after so long, whatever becomes of this process, unless it is switched before
 */
export async function switchOff(plug: Plug, forMs?: number): Promise<void> {
  await atPlug(plug, async (lab, node) => {
    await cancelRevert(lab, node);
    // Before the cut: a node that was cut off and whose return nobody has seen to would stay so.
    if (forMs !== undefined) await startRevert(lab, node, forMs);
    await powerOff(lab, node);
  });
}

/** Gives a node its power; does nothing if it has it. */
export async function switchOn(plug: Plug): Promise<void> {
  await atPlug(plug, async (lab, node) => {
    await cancelRevert(lab, node);
    await powerOn(lab, node, await storedLayers(lab, node));
  });
}

/** Switches a node on if nobody has switched it since that was decided. @param token of the decision */
export async function revert(plug: Plug, token: string): Promise<void> {
  // A lab that is being made anew or taken down forgets such decisions: its end is waited for.
  await locked(
    labLock(plug.lab),
    () => undefined,
    () =>
      atPlug(plug, async (lab, node) => {
        if ((await readToken(lab, node)) !== token) return;
        await cancelRevert(lab, node);
        await powerOn(lab, node, await storedLayers(lab, node));
      }),
  );
}

/** Does it have power? */
export async function powerState({ lab: name, node }: Plug): Promise<'on' | 'off'> {
  const lab = await get(name);
  return (await hasPower(lab, nodeOf(lab, node))) ? 'on' : 'off';
}

/** One at a time: a node that is being cut off cannot be switched on in the middle of it. */
async function atPlug(
  { lab: name, node: nodeName }: Plug,
  work: (lab: Lab, node: LabNode) => Promise<void>,
): Promise<void> {
  const lab = await get(name);
  const node = nodeOf(lab, nodeName);
  const file = join(labDir(name), `${nodeName}.power.lock`);
  await locked(
    file,
    () => undefined,
    () => work(lab, node),
  );
}

/** A process of its own, in a session of its own, waits and then asks for the node to be switched on. */
async function startRevert(lab: Lab, node: LabNode, forMs: number): Promise<void> {
  const token = randomUUID();
  await writeFile(nodeFolders(lab, node).revert, token);
  const words = ['lab', 'power', 'revert', node.name, '--name', lab.name, '--token', token];
  const script = 'sleep "$1"; shift; exec "$@"';
  spawn('sh', ['-c', script, 'sh', String(forMs / 1000), process.execPath, program, ...words], {
    detached: true,
    // It may outlive the folder that it was asked in.
    cwd: '/',
    stdio: 'ignore',
  }).unref();
}

async function cancelRevert(lab: Lab, node: LabNode): Promise<void> {
  await rm(nodeFolders(lab, node).revert, { force: true });
}

function readToken(lab: Lab, node: LabNode): Promise<string> {
  return readFile(nodeFolders(lab, node).revert, 'utf8').catch(() => '');
}
