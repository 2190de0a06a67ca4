import type { Links } from '../links/open.ts';
import { resurvey } from '../links/survey.ts';
import { SurveyError } from '../links/survey-error.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import type { Intent } from '../model/intent.ts';
import { objectsNamed } from '../model/named-objects.ts';
import type { Plan } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { StopRun } from './ending.ts';
import { isWithoutApi } from './withoutapi.ts';

/** Surveys a cluster again and again in the course of a run. */
export class Surveys {
  readonly #cluster: ClusterFile;
  readonly #plan: Plan;
  readonly #links: Links;
  #last: Snapshot;

  constructor(cluster: ClusterFile, plan: Plan, links: Links) {
    this.#cluster = cluster;
    this.#plan = plan;
    this.#links = links;
    this.#last = plan.snapshot;
  }

  /** @param mayBeDown nodes that faults have taken down; @throws SurveyError */
  async now(mayBeDown: readonly string[] = []): Promise<Snapshot> {
    const objects = objectsNamed(this.#plan.scenario);
    this.#last = await resurvey(this.#cluster, this.#links, { mayBeDown, objects });
    return this.#last;
  }

  /**
   * The cluster beside faults that stand. Without an API, which they have taken down, it is as it was last known.
   * @throws StopRun
   */
  async beside(standing: readonly Intent[]): Promise<Snapshot> {
    const mayBeDown = standing.flatMap(({ nodesDown = [] }) => nodesDown);
    try {
      return await this.now(mayBeDown);
    } catch (error) {
      if (!(error instanceof SurveyError)) throw error;
      if (error.outcome === 'unreachable' && isWithoutApi(this.#last, standing)) return this.#last;
      throw new StopRun(error.outcome, error.message, { cause: error });
    }
  }
}
