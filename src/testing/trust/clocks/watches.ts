import { between, judged, lossless, verdictOf, type Clock } from './clock.ts';

/** A watch is given so long to tell what was acknowledged, by the claim; milliseconds. */
const slack = 3000;
const fired = 8200;

const silentWatch: Clock = {
  of: 'a watch that is open and silent for a while',
  trial: (random) => {
    const from = between(random, -500, 500);
    const to = from + slack + between(random, 500, 3500);
    const verdict = verdictOf(
      'watches-alive',
      { within: 5000, on: 'every-survivor' },
      {
        ...lossless(random),
        fired,
        heal: fired + 9000,
        recovered: fired + 9300,
        end: fired + 9600,
        writes: {},
        silences: [{ node: 'pi3', from, to }],
        probes: ['watch', 'write'],
      },
    );
    return { 'watch alive again': judged(verdict, to) };
  },
};

/** Until when a watch is behind what is written through another API server. */
export const watches: readonly Clock[] = [silentWatch];
