import type { Timeline } from './timeline.ts';

/**
 * An instant of the run's clock as milliseconds since 1970, by this machine's clock when the phase before it began: to
 * find it in logs, and nothing else.
 */
export function wallOf(atMs: number, { events }: Timeline): number | undefined {
  const phase = events.findLast((event) => event.type === 'phase' && event.at <= atMs);
  return phase?.type === 'phase' ? Date.parse(phase.wall) + (atMs - phase.at) : undefined;
}
