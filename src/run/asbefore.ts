import { messageOf } from '../acts/world.ts';
import { differences, notRenewed } from '../model/differences.ts';
import type { Snapshot } from '../model/snapshot.ts';

/** A cluster beside what it was before. */
export interface Compared {
  /** As it was found; absent if it could not be asked. */
  readonly snapshot?: Snapshot;
  /** What of it is not as before, a line each. */
  readonly differences: readonly string[];
  /** The first of these, or what that is sampled does not work; undefined if all is well. */
  readonly because?: string;
}

interface Looking {
  readonly before: Snapshot;
  readonly survey: () => Promise<Snapshot>;
  /** What of all that is sampled does not work now. */
  readonly unsteady: () => string | undefined;
  /** Waits until all that is sampled was looked at once more: what fails then has not been well. */
  readonly lookedAgain?: () => Promise<void>;
  /** After each look that found something; true if there is to be no other. */
  readonly pause: () => Promise<boolean>;
}

/**
 * Looks until a cluster is as it was before, every kubelet has renewed its Lease since the first look, and all that is
 * sampled works. @returns the last look
 */
export async function untilAsBefore(looking: Looking): Promise<Compared> {
  let first: Snapshot | undefined;
  for (;;) {
    const now = await looking.survey().catch(messageOf);
    if (typeof now !== 'string') first ??= now;
    const found =
      typeof now === 'string'
        ? [now]
        : [...differences(looking.before, now), ...notRenewed(first ?? now, now)];
    let because = found[0] ?? looking.unsteady();
    if (because === undefined && looking.lookedAgain !== undefined) {
      await looking.lookedAgain();
      because = looking.unsteady();
    }
    if (because === undefined || (await looking.pause()))
      return {
        ...(typeof now !== 'string' && { snapshot: now }),
        differences: found,
        ...(because !== undefined && { because }),
      };
  }
}
