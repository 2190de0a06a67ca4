import type { Intent } from '../model/intent.ts';
import type { Note } from './note.ts';
import { forgetting, setUp, takeDown, watches, type Order, type Watch } from './watch.ts';
import { ActError, messageOf, type World } from './world.ts';

const timeoutMs = 10_000;

/**
 * Arms the dead man: on each node with something to undo, systemd runs the undo by itself after so long unless it is
 * told not to, whatever becomes of us, of the network, or of the session that armed it. Beside it the intent is noted,
 * so that `holdfast heal --all` can take it back from any machine.
 * @throws ActError if a node does not take it; then nothing may be injected
 */
export async function arm(intent: Intent, world: World, afterMs: number): Promise<void> {
  const note: Note = {
    schema: 'holdfast.dev/note/v1',
    armedAt: new Date().toISOString(),
    intent,
  };
  const line = JSON.stringify(note);
  const { answers, failed } = await onEach(intent, world, (watch) =>
    setUp(intent.id, watch, line, afterMs),
  );
  const fatal = failed.filter(({ watch }) => watch.must);
  if (fatal.length === 0 && (failed.length === 0 || answers.length > 0)) return;
  const said = (fatal.length > 0 ? fatal : failed).map(({ because }) => because);
  throw new ActError(`arm the undo timer: ${said.join('; ')}`);
}

/**
 * Takes the dead man back, after everything has been undone. The notes stay until it is known to be gone.
 * @returns the nodes where it had run already: it came before us, and the fault did not last as long as planned
 * @throws ActError if a node with an undo of its own did not let go of it
 */
export async function disarm(intent: Intent, world: World): Promise<readonly string[]> {
  const { answers, failed } = await onEach(intent, world, (watch) => takeDown(intent.id, watch));
  // A note alone does no harm, and whoever looks for leftovers finds it.
  const fatal = failed.filter(({ watch }) => watch.must).map(({ because }) => because);
  if (fatal.length > 0) throw new ActError(`take the undo timer back: ${fatal.join('; ')}`);
  return answers
    .filter(({ watch, stdout }) => watch.undo !== undefined && !stdout.includes('waiting'))
    .map(({ node }) => node);
}

/** Removes the notes, when the fault is known to be gone. @throws ActError as `disarm` does */
export async function forget(intent: Intent, world: World): Promise<void> {
  const { failed } = await onEach(intent, world, (watch) => forgetting(intent.id, watch));
  const fatal = failed.filter(({ watch }) => watch.must).map(({ because }) => because);
  if (fatal.length > 0) throw new ActError(`remove the note: ${fatal.join('; ')}`);
}

interface Answers {
  readonly answers: readonly { node: string; watch: Watch; stdout: string }[];
  readonly failed: readonly { watch: Watch; because: string }[];
}

/** Gives each node that watches over an intent its order, all at the same time. */
async function onEach(
  intent: Intent,
  { links, controlPlanes }: World,
  order: (watch: Watch) => Order,
): Promise<Answers> {
  const answers: { node: string; watch: Watch; stdout: string }[] = [];
  const failed: { watch: Watch; because: string }[] = [];
  await Promise.all(
    [...watches(intent, controlPlanes)].map(async ([node, watch]) => {
      try {
        const ssh = await links.ssh(node);
        const { command, ...stdin } = order(watch);
        const ran = await ssh.run(command, { sudo: true, timeoutMs, ...stdin });
        if (ran.code === 0) answers.push({ node, watch, stdout: ran.stdout });
        else {
          const because = `exit ${ran.code ?? ran.signal ?? 'unknown'}: ${ran.stderr.trim()}`;
          failed.push({ watch, because: `on ${node}: ${because}` });
        }
      } catch (error) {
        failed.push({ watch, because: `on ${node}: ${messageOf(error)}` });
      }
    }),
  );
  return { answers, failed };
}
