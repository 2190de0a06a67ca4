import type { Act, Intent } from '../model/intent.ts';
import type { Note } from './note.ts';
import { asking, guarded, setUp, takeDown, watches, type Order, type Watch } from './watch.ts';
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

/** The nodes on which the dead man has run already: he came before us, and the fault did not last as long as planned. */
export async function early(intent: Intent, world: World): Promise<readonly string[]> {
  const { answers } = await onEach(intent, world, () => asking(intent.id));
  return answers
    .filter(({ watch, stdout }) => watch.undo !== undefined && !stdout.includes('waiting'))
    .map(({ node }) => node);
}

/**
 * Takes the dead man back, with his notes: after everything is known to be gone, so that he still does his part if we
 * die before.
 * @throws ActError if a node with an undo of its own did not let go of it
 */
export async function disarm(intent: Intent, world: World): Promise<void> {
  const { failed } = await onEach(intent, world, (watch) => takeDown(intent.id, watch));
  // A note alone does no harm, and whoever looks for leftovers finds it.
  const fatal = failed.filter(({ watch }) => watch.must).map(({ because }) => because);
  if (fatal.length > 0) throw new ActError(`take the undo timer back: ${fatal.join('; ')}`);
}

/** The deeds of an intent, each only to be done while its undo is still to come. */
export function guard(
  acts: readonly Act[],
  intent: Intent,
  { controlPlanes }: World,
): readonly Act[] {
  const all = watches(intent, controlPlanes);
  return acts.map((act) =>
    'on' in act ? { ...act, sh: guarded(intent.id, all.get(act.on), act.sh) } : act,
  );
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
