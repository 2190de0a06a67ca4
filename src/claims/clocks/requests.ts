import type { Series } from '../../model/plan.ts';
import { resumedOn } from '../resumed.ts';
import { vacuous } from '../sampling.ts';
import { seriesOf } from '../series.ts';
import type { About, ClockKind, Reading } from './kind.ts';

/** From the fault until each API server takes writes that were sent after it, for two seconds on end. */
export const writeAcknowledged: ClockKind = {
  summary: 'until the first acknowledged write through an API server',
  read: (about) => seriesOf(about.timeline, 'write').map((series) => resumption(about, series)),
};

/** The same of reads from the datastore. */
export const readAnswered: ClockKind = {
  summary: 'until the first answered read through an API server',
  read: (about) => seriesOf(about.timeline, 'read').map((series) => resumption(about, series)),
};

function resumption({ timeline, since }: About, series: Series): Reading {
  const of = series.node ?? series.id;
  const { measured, sparse } = resumedOn(timeline, since, series);
  const because = vacuous(timeline, [series], since.before) ?? sparse;
  return because === undefined ? { of, measuredMs: measured } : { of, because };
}
