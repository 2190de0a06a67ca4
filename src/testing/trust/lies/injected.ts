import { inject, InjectError, undo } from '../../../acts/fault.ts';
import { messageOf, type World } from '../../../acts/world.ts';
import type { Intent } from '../../../model/intent.ts';
import type { Event } from '../../../model/timeline.ts';
import type { Said } from './lie.ts';

/** What the nodes keep for the undo is of no interest to these lies: others keep it, who take whatever they get. */
function watchedByOthers(intent: Intent): Intent {
  return { ...intent, undoBy: 'journal' };
}

/** Puts a fault in place in a world: whether it bit, and what its proofs said. */
export async function injected(intent: Intent, world: World): Promise<Said> {
  const events: Event[] = [];
  const record = (event: Event): void => void events.push(event);
  try {
    await inject('step', watchedByOthers(intent), 60_000, world, record);
  } catch (error) {
    if (!(error instanceof InjectError)) throw error;
    return { outcome: 'missed', because: messageOf(error) };
  }
  return lastOf(events);
}

/** Takes a fault back: whether it is gone, and if not, what is left. */
export async function healed(intent: Intent, world: World): Promise<Said> {
  const events: Event[] = [];
  const record = (event: Event): void => void events.push(event);
  await undo('step', watchedByOthers(intent), world, record);
  return lastOf(events);
}

function lastOf(events: readonly Event[]): Said {
  const last = events.findLast((event) => event.type === 'fault');
  return { outcome: last?.state ?? 'nothing', because: last?.because ?? '' };
}
