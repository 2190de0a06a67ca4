import pRetry from 'p-retry';
import type { Act, Intent } from '../model/intent.ts';
import type { EvictionEvent, FaultEvent, NoteEvent } from '../model/timeline.ts';
import { arm, disarm, early, guard } from './deadman.ts';
import { perform } from './perform.ts';
import { performTimed } from './timed.ts';
import { untilProved } from './prove.ts';
import { messageOf, type World } from './world.ts';

type Record = (event: FaultEvent | NoteEvent) => void;
type RecordAll = (event: FaultEvent | EvictionEvent | NoteEvent) => void;

const biteTimeoutMs = 10_000;
// A datastore on a Raspberry Pi waits six seconds before it starts and may replay a long log; a kubelet takes up to two
// minutes before it starts a static pod whose manifest it has just missed.
const goneTimeoutMs = 180_000;
// A lost connection is opened anew by the next attempt; in all they wait some eight seconds.
const undoRetries = { retries: 4, minTimeout: 500, factor: 2 };

/** A fault could not be put in place; whatever of it was done is for `undo` to take back. */
export class InjectError extends Error {
  override readonly name = 'InjectError';
}

/**
 * Journals, arms, prepares, fires and proves a fault. From the first event on, it must be undone.
 * @param aloneForMs how long the nodes wait before they undo it by themselves
 * @param ready asked last before it is fired: arming is work for the nodes, too
 * @returns whether it bit
 * @throws InjectError if it could not be fired, or `ready` says that it must not be
 */
export async function inject(
  step: string,
  intent: Intent,
  aloneForMs: number,
  world: World,
  record: RecordAll,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<boolean> {
  const tell = teller(step, world, record);
  tell('journaled', { intent });
  try {
    await arm(intent, world, aloneForMs);
    tell('armed');
    await perform(guard(intent.prepare, intent, world), world);
    await ready();
    const deed = guard(revertingAfter(aloneForMs, intent.inject), intent, world);
    const { span, notes } = await performTimed(deed, world, (answer) =>
      record({ ...answer, step }),
    );
    for (const text of notes) record({ type: 'note', at: world.now(), level: 'info', text });
    tell('fired', { span });
  } catch (error) {
    const because = `could not ${intent.says}: ${messageOf(error)}`;
    tell('missed', { because });
    throw new InjectError(because, { cause: error });
  }
  const { answer, said } = await untilProved(
    intent.bit,
    world,
    intent.bitWithinMs ?? biteTimeoutMs,
  );
  const because = said.join('; ');
  tell(answer === 'yes' ? 'bit' : 'missed', { because });
  return answer === 'yes';
}

/**
 * Takes a fault back and proves that it is gone. Safe to repeat, and safe if the fault was never fired.
 * @returns what is left, in words with the command that would take it back; undefined if nothing is
 */
export async function undo(
  step: string,
  intent: Intent,
  world: World,
  record: Record,
): Promise<string | undefined> {
  const tell = teller(step, world, record);
  let because: string;
  try {
    const back = await poweredAlready(intent, world);
    const lo = world.now();
    await pRetry(() => perform(intent.undo, world), undoRetries);
    tell('undone', { span: { lo, hi: world.now() } });
    const ran = await early(intent, world);
    if (ran.length > 0) {
      tell('missed', { because: `the undo timer on ${ran.join(', ')} had run before its time` });
    }
    if (back.length > 0) {
      tell('missed', { because: `${back.join(', ')} had power before it was given back` });
    }
    const { answer, said } = await untilProved(
      intent.gone,
      world,
      intent.goneWithinMs ?? goneTimeoutMs,
    );
    if (answer === 'yes') {
      await disarm(intent, world);
      tell('gone');
      return undefined;
    }
    because = said.join('; ');
  } catch (error) {
    because = messageOf(error);
  }
  const on = intent.targets.length > 0 ? ` on ${intent.targets.join(', ')}` : '';
  const what = `${intent.says}: not taken back${on}: ${because}`;
  tell('residue', { because: what });
  return what;
}

/** A device that can gives power back by itself when a dead man would undo the fault. */
function revertingAfter(forMs: number, acts: readonly Act[]): readonly Act[] {
  return acts.map((act) => (keepsOff(act) ? { ...act, forMs } : act));
}

/** The nodes that should be without power until this undo and have it: a device came before us. */
async function poweredAlready(intent: Intent, world: World): Promise<readonly string[]> {
  const nodes = intent.inject.filter(keepsOff).map(({ node }) => node);
  const states = await Promise.all(
    nodes.map(async (node) => {
      try {
        return await world.power.get(node)?.state();
      } catch {
        // It is told to switch on next, and that says what is wrong with it.
        return undefined;
      }
    }),
  );
  return nodes.filter((_, i) => states[i] === 'on');
}

type PowerAct = Extract<Act, { power: string }>;

/** Takes power away for as long as the fault stands, rather than for a time of its own. */
function keepsOff(act: Act): act is PowerAct {
  return 'power' in act && act.power === 'off' && act.forMs === undefined;
}

function teller(
  step: string,
  world: World,
  record: Record,
): (state: FaultEvent['state'], more?: Partial<FaultEvent>) => void {
  return (state, more = {}) => record({ type: 'fault', at: world.now(), step, state, ...more });
}
