import type { About } from '../claims/clocks/kind.ts';
import type { Intent } from '../model/intent.ts';
import type { Event, Sample, Timeline } from '../model/timeline.ts';
import { intentOf } from './intent.ts';
import { timelineOf } from './timelines.ts';

/** A look as it was written down, that was sent on time and answered after 10 ms. */
export function look(series: string, sent: number, value: unknown): Sample {
  return { type: 'sample', series, due: sent, sent, got: sent + 10, ok: true, value };
}

/** The same of a look that had no good answer. */
export function badLook(series: string, sent: number, error: string): Sample {
  return { type: 'sample', series, due: sent, sent, got: sent + 10, ok: false, error };
}

/** The deed in `aboutOf`; milliseconds on the run's clock. */
export const deed = { lo: 10_000, hi: 10_004 };

interface Changes {
  /** Of the fault; one that is aimed at pi1 and does nothing, without. */
  readonly intents?: readonly Partial<Intent>[];
  readonly targets?: readonly string[];
  readonly hit?: readonly string[];
  /** Id of the leader before; the member of pi1 without, none if empty. */
  readonly leader?: string;
}

/** A timeline of looks that are written by hand: there is a series for each that they are of, every 100 ms. */
export function timelineWith(looks: readonly Sample[], others: readonly Event[] = []): Timeline {
  const { plan } = timelineOf({ probes: [], end: 3100 });
  const series = [...new Set(looks.map((one) => one.series))].map((id) => {
    const [probe = '', node = ''] = id.split('@');
    return { id, probe, node, everyMs: 100 };
  });
  return { plan: { ...plan, series }, events: [...looks, ...others] };
}

/**
 * What a clock is asked where the looks are written by hand: a fault at 10.000 to 10.004 s, taken back at 20 s.
 */
export function aboutOf(
  looks: readonly Sample[],
  { intents = [{}], targets = ['pi1'], hit = targets, leader = '1' }: Changes = {},
): About {
  return {
    timeline: timelineWith(looks),
    since: {
      at: deed,
      until: 20_000,
      before: deed.lo,
      intents: intents.map((one) => ({ ...intentOf('test', 'pi1', 'node-timer', []), ...one })),
      targets,
      hit,
      down: [],
    },
    before: { voters: ['1', '2', '3'], ...(leader !== '' && { leader }) },
  };
}
