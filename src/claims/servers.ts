import { z } from 'zod';
import type { Series } from '../model/plan.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Since } from './injected.ts';
import { seriesOf } from './series.ts';

export const serverChoices = ['every-survivor', 'targets', 'every'] as const;

/**
 * Which API servers a claim is about. A survivor is one on a node that no fault was aimed at which stood meanwhile: what
 * befalls the datastore's member of a node befalls the API server beside it.
 */
export type ServerChoice = (typeof serverChoices)[number];

export const whichServers = z.enum(serverChoices);

/** What each choice says in the description of a claim's field. */
export const choicesInWords =
  'every-survivor (of each control plane that no fault was aimed at), targets (of those that this one was aimed at) ' +
  'or every';

/** The series of a probe, `write` unless said, through the API servers that are meant. */
export function serversOf(
  timeline: Timeline,
  on: ServerChoice,
  { targets, hit }: Pick<Since, 'targets' | 'hit'>,
  probe = 'write',
): readonly Series[] {
  return seriesOf(timeline, probe).filter(({ node }) => {
    switch (on) {
      case 'every':
        return true;
      case 'targets':
        return targets.some((target) => target === node);
      case 'every-survivor':
        return !hit.some((one) => one === node);
    }
  });
}

/** The choice in the words of a promise: "every surviving API server". */
export function sayServers(on: ServerChoice): string {
  switch (on) {
    case 'every':
      return 'every API server';
    case 'targets':
      return 'the API server of every target';
    case 'every-survivor':
      return 'every surviving API server';
  }
}

/** Why there is nothing to look at where no series is meant. */
export function noServer(on: ServerChoice): string {
  switch (on) {
    case 'every':
      return 'no API server is sampled';
    case 'targets':
      return 'the fault is aimed at no node with an API server that is sampled';
    case 'every-survivor':
      return 'the fault leaves no API server that is sampled';
  }
}
