import { between, type Span } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Since } from './injected.ts';
import { tooSparse } from './sampling.ts';
import { everyMsOf, type Used } from './series.ts';
import type { Finding } from './timing.ts';

/** Something is so only if no API server denies it for so long after it; milliseconds. */
const sustainedMs = 2000;

/** Something that the pods come to, and how it is said. */
export interface ComingTrue {
  readonly isSo: (look: Used) => boolean;
  /** Of the pods before, for the evidence. */
  readonly before: string;
  readonly shown: {
    readonly says: string;
    readonly evidence: (span: Span) => string;
  };
  readonly missed: {
    readonly says: string;
    /** @param denied when the last was asked that denied it; milliseconds on the run's clock */
    readonly evidence: (denied: number, looks: readonly Used[]) => string;
  };
}

/** When pods are told to have come to something, and nobody denies it afterwards, before the fault is taken back. */
export function findTold(
  timeline: Timeline,
  since: Since,
  looks: readonly Used[],
  { isSo, before, shown, missed }: ComingTrue,
): Finding {
  const later = looks.filter(({ sent }) => sent >= since.at.lo && sent <= since.until);
  const { denied, span } = toldFrom(later, isSo, since.at.lo);
  if (span === undefined)
    return {
      kind: 'measured',
      measured: { atLeast: Math.max(0, denied - since.at.hi) },
      says: missed.says,
      evidence: [before, missed.evidence(denied, later)],
    };
  const evidence = [before, shown.evidence(span)];
  const sparse = tooSparse(span, everyMsOf(timeline, 'pods'));
  if (sparse !== undefined) return { kind: 'invalid', because: sparse, evidence };
  return { kind: 'measured', measured: between(since.at, span), says: shown.says, evidence };
}

/** Instants on the run's clock, in milliseconds. */
interface Told {
  /** When the last was asked that denied it before it was so, or from when on it was looked for. */
  readonly denied: number;
  /** From the last denial to the first look that shows it, after which nobody denies it for two seconds. */
  readonly span?: Span;
}

/** @param looks in the order of asking, none before `from` */
function toldFrom(looks: readonly Used[], isSo: (look: Used) => boolean, from: number): Told {
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
  return { denied, span: { lo: denied, hi: Math.min(...answers) } };
}
