import pRetry from 'p-retry';
import type { Intent } from '../model/intent.ts';
import type { FaultEvent, NoteEvent } from '../model/timeline.ts';
import { arm, disarm, forget } from './deadman.ts';
import { perform, performTimed } from './perform.ts';
import { untilProved } from './prove.ts';
import { messageOf, type World } from './world.ts';

type Record = (event: FaultEvent | NoteEvent) => void;

const biteTimeoutMs = 10_000;
// A datastore on a Raspberry Pi waits six seconds before it starts and may replay a long log.
const goneTimeoutMs = 90_000;
// A lost connection is opened anew by the next attempt; in all they wait some eight seconds.
const undoRetries = { retries: 4, minTimeout: 500, factor: 2 };

/** A fault could not be put in place; whatever of it was done is for `undo` to take back. */
export class InjectError extends Error {
  override readonly name = 'InjectError';
}

/**
 * Journals, arms, prepares, fires and proves a fault. From the first event on, it must be undone.
 * @param aloneForMs how long the nodes wait before they undo it by themselves
 * @returns whether it bit
 * @throws InjectError if it could not be fired
 */
export async function inject(
  step: string,
  intent: Intent,
  aloneForMs: number,
  world: World,
  record: Record,
): Promise<boolean> {
  const tell = teller(step, world, record);
  tell('journaled', { intent });
  try {
    await arm(intent, world, aloneForMs);
    tell('armed');
    if (intent.undoBy === 'journal' && intent.undo.length > 0) {
      const text = `nothing but Holdfast takes this back; if it dies: holdfast heal --all --cluster FILE`;
      record({ type: 'note', at: world.now(), level: 'warning', text });
    }
    await perform(intent.prepare, world);
    const { span, notes } = await performTimed(intent.inject, world);
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
    const lo = world.now();
    await pRetry(() => perform(intent.undo, world), undoRetries);
    tell('undone', { span: { lo, hi: world.now() } });
    const early = await disarm(intent, world);
    if (early.length > 0) {
      tell('missed', { because: `the undo timer on ${early.join(', ')} had run before its time` });
    }
    const { answer, said } = await untilProved(intent.gone, world, goneTimeoutMs);
    if (answer === 'yes') {
      await forget(intent, world);
      tell('gone');
      return undefined;
    }
    because = said.join('; ');
  } catch (error) {
    because = messageOf(error);
  }
  const what = `${intent.says}: not taken back on ${intent.targets.join(', ')}: ${because}`;
  tell('residue', { because: what });
  return what;
}

function teller(
  step: string,
  world: World,
  record: Record,
): (state: FaultEvent['state'], more?: Partial<FaultEvent>) => void {
  return (state, more = {}) => record({ type: 'fault', at: world.now(), step, state, ...more });
}
