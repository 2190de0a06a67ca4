import { isSeen, longest } from '../../../model/span.ts';
import { between, conditions, judged, latest, lossless, verdictOf, type Clock } from './clock.ts';

const outage: Clock = {
  of: 'an outage of the workload',
  trial: (random) => {
    const from = between(random, 0, 3500);
    const lasts = between(random, 0, 2500);
    const verdict = verdictOf(
      'workload-available',
      { failed: 1, 'longest-outage': 1000, on: 'every' },
      {
        ...lossless(random),
        webDown: [{ node: 'pi2', from, to: from + lasts }],
        probes: ['web-new', 'web-reused'],
      },
    );
    const { longestOutageMs } = verdict;
    const isKnown = longestOutageMs !== undefined && isSeen(longest([longestOutageMs]));
    return {
      'workload outage': judged(
        { ...verdict, ...(isKnown && { measuredMs: longestOutageMs }) },
        lasts,
      ),
    };
  },
};

const podsRun: Clock = {
  of: 'pods that run elsewhere',
  trial: (random) => {
    const replaced = between(random, 0, latest);
    const script = { ...conditions(random), replaced, probes: ['pods'] };
    return { 'pods run': judged(verdictOf('pods-run', { within: 2000 }, script), replaced) };
  },
};

/** For how long the workload's users are turned away, and when as many pods run as before. */
export const workload: readonly Clock[] = [outage, podsRun];
