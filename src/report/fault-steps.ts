import type { LineStep } from '../model/line.ts';
import { sayInstant } from '../model/span.ts';
import type { Timeline } from '../model/timeline.ts';
import { faultsOf } from './story.ts';

/** What was done to the cluster, a step for each state that each fault has reached so far, in the order of time. */
export function faultSteps(timeline: Timeline): readonly LineStep[] {
  const events = faultsOf(timeline).flatMap(({ intent, events }) =>
    events.map((event) => ({ ...event, says: intent?.says })),
  );
  return events
    .toSorted((a, b) => a.at - b.at)
    .map(({ step, state, at, says, because }) => ({
      title: [`${sayInstant(at)} ${step}: ${state}`, state === 'journaled' ? says : because]
        .filter((part) => part !== undefined)
        .join(': '),
      ok: state !== 'missed' && state !== 'residue',
    }));
}
