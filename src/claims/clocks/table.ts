import { findElected } from '../leader-elected.ts';
import { findPodsRun } from '../pods-run.ts';
import { findVotersRestored } from '../voters-restored.ts';
import { endpointsUpdated } from './endpoints-updated.ts';
import { readingOf, type About, type ClockKind, type Reading } from './kind.ts';
import { leaseHeld } from './lease-held.ts';
import { longestOutage } from './longest-outage.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { oldLeaderGone } from './old-leader-gone.ts';
import { readAnswered, writeAcknowledged } from './requests.ts';
import { watchTold } from './watch-told.ts';

/** Every clock of a report, in the order in which a failure is lived through. */
export const clockKinds = {
  'old-leader-gone': oldLeaderGone,
  'leader-elected': {
    summary: 'until a majority of the voters names the same new leader, which agrees',
    read: ({ timeline }) => [readingOf(findElected({}, timeline))],
  },
  'own-word': { summary: 'until the new leader named itself', read: ownWord },
  'write-acknowledged': writeAcknowledged,
  'read-answered': readAnswered,
  'watch-told': watchTold,
  'lease-held': leaseHeld,
  'voters-restored': {
    summary: 'until there are as many live voters as before',
    read: ({ timeline }) => [readingOf(findVotersRestored({}, timeline))],
  },
  'node-not-ready': nodeNotReady,
  'endpoints-updated': endpointsUpdated,
  'pods-run': {
    summary:
      'until as many pods of the workload are ready as before, in place of those that were hit',
    read: ({ timeline }) => [readingOf(findPodsRun({}, timeline))],
  },
  'longest-outage': longestOutage,
} as const satisfies Record<string, ClockKind>;

function ownWord({ timeline }: About): readonly Reading[] {
  const found = findElected({}, timeline);
  const measuredMs = found.kind === 'measured' ? found.clocks?.['own-word'] : undefined;
  return [measuredMs === undefined ? { because: 'no new leader was seen' } : { measuredMs }];
}
