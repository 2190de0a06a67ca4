import type { Span } from '../model/span.ts';
import type { Used } from './series.ts';

/** Something is so only if no API server denies it for so long after it; milliseconds. */
const sustainedMs = 2000;

/** What API servers told of something that comes true. Instants on the run's clock, in milliseconds. */
export interface Told {
  /** When the last was asked that denied it before it was so, or from when on it was looked for. */
  readonly denied: number;
  /** From the last denial to the first look that shows it, after which nobody denies it for two seconds. */
  readonly shown?: Span;
}

/** @param looks in the order of asking, none before `from` */
export function toldFrom(
  looks: readonly Used[],
  isSo: (look: Used) => boolean,
  from: number,
): Told {
  let denied = from;
  let first: Used | undefined;
  for (const look of looks) {
    if (first !== undefined && look.sent > first.sent + sustainedMs) break;
    if (isSo(look)) first ??= look;
    else {
      denied = look.sent;
      first = undefined;
    }
  }
  const last = looks.at(-1)?.sent ?? from;
  if (first === undefined || last < first.sent + sustainedMs) return { denied };
  const { sent } = first;
  // Looks may be answered in another order than they were sent: the first answer counts.
  const answers = looks.flatMap((look) => (look.sent >= sent ? look.got : []));
  return { denied, shown: { lo: denied, hi: Math.min(...answers) } };
}
