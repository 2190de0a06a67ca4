import type { Series } from '../../model/plan.ts';
import type { WatchSeen, WriteSeen } from '../../model/timeline.ts';
import { seriesOf, usedFrom, type Used } from '../series.ts';
import { firstShown, type About, type ClockKind, type Reading } from './kind.ts';

/** From the fault until the watch that is open on each API server tells of a write that was sent after it. */
export const watchTold: ClockKind = {
  summary: 'until the first event of a watch on an API server that tells of a later write',
  read: (about) => seriesOf(about.timeline, 'watch').map((series) => told(about, series)),
};

function told(about: About, series: Series): Reading {
  const { timeline, since } = about;
  const of = series.node ?? series.id;
  // A look without an answer tells nothing, and denies nothing.
  const looks = usedFrom(timeline, series, since.at.lo).filter(
    ({ sent, value }) => sent <= since.until && value !== undefined,
  );
  const [look] = looks;
  if (look === undefined) return { of, because: `${series.id} was not sampled after the fault` };
  const { of: writer } = look.value as WatchSeen;
  const [writes] = seriesOf(timeline, 'write', writer);
  // What was sent before the fault may be told after it, and shows nothing of how the watch outlived it.
  const later = (writes === undefined ? [] : usedFrom(timeline, writes, since.at.hi)).filter(
    ({ sent, got, value }) => sent >= since.at.hi && got <= since.until && value !== undefined,
  );
  const [first] = later;
  if (first === undefined || !later.some(({ ok }) => ok))
    return { of, because: `no write was acknowledged through ${writer}, whose object it watches` };
  const { n } = first.value as WriteSeen;
  const tells = (look: Used): boolean => (look.value as WatchSeen).n >= n;
  return { of, measuredMs: firstShown(about, looks, tells) };
}
