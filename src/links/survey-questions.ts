import { performance } from 'node:perf_hooks';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { ObjectNames } from '../model/named-objects.ts';
import type { Platform } from '../platforms/platform.ts';
import { platforms } from '../platforms/table.ts';
import type { Links } from './open.ts';

export interface SurveyOptions {
  readonly signal?: AbortSignal;
  /** For the whole survey; default 15 000 ms. */
  readonly deadlineMs?: number;
  /**
   * Nodes that a standing fault has taken down: they may be silent, or have booted a moment ago and not yet told the
   * API. Such a node is not ready, and all else of it is what the API says.
   */
  readonly mayBeDown?: readonly string[];
  /** Objects of Kubernetes to look at besides; none without. */
  readonly objects?: ObjectNames;
}

/** What all questions of one survey share. */
export interface Survey {
  readonly cluster: ClusterFile;
  readonly platform: Platform;
  readonly links: Links;
  readonly mayBeDown: readonly string[];
  readonly objects: ObjectNames;
  /** For the next question: what is left of the whole survey's time. */
  readonly asking: () => { timeoutMs: number; signal?: AbortSignal };
}

const defaultDeadlineMs = 15_000;

export function begin(cluster: ClusterFile, links: Links, options: SurveyOptions): Survey {
  const endMs = performance.now() + (options.deadlineMs ?? defaultDeadlineMs);
  const { signal } = options;
  return {
    cluster,
    platform: platforms[cluster.platform],
    links,
    mayBeDown: options.mayBeDown ?? [],
    objects: options.objects ?? { deployments: [], services: [] },
    asking: () => ({
      timeoutMs: Math.max(1, endMs - performance.now()),
      ...(signal === undefined ? {} : { signal }),
    }),
  };
}
