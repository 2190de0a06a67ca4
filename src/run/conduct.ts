import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inject, InjectError, undo } from '../acts/fault.ts';
import { leftovers } from '../acts/leftovers.ts';
import { surveyedWorld } from '../acts/surveyed-world.ts';
import { messageOf, type World } from '../acts/world.ts';
import type { Access } from '../links/access.ts';
import { openLinks } from '../links/open.ts';
import type { Stop } from '../model/conclude.ts';
import type { ClusterFile } from '../model/clusterfile.ts';
import { formatDuration } from '../model/duration.ts';
import { ownNamespace as namespace } from '../model/namespace.ts';
import type { Intent } from '../model/intent.ts';
import type { Line } from '../model/line.ts';
import type { LogSearch } from '../model/log-search.ts';
import type { Plan, PlannedStep, Series } from '../model/plan.ts';
import type { Snapshot } from '../model/snapshot.ts';
import type { FaultTable } from '../model/tables.ts';
import type { Timeline } from '../model/timeline.ts';
import { redesign, type FaultStep } from '../plan/plan.ts';
import { isRefusal } from '../plan/refusal.ts';
import { untilAsBefore, type Compared } from './asbefore.ts';
import type { Clock } from './clock.ts';
import { StopRun } from './ending.ts';
import { watchLeadership } from './leadership.ts';
import { illness } from './illness.ts';
import { lifetimeMs, readyTimeoutMs } from './lifetime.ts';
import { lineList } from './linelist.ts';
import { lockCluster, LockedError, lockOfOthers, type Lock } from './lock.ts';
import { collectLogs } from './logs.ts';
import { takeMarks, type Marks } from './marks.ts';
import type { Recorder } from './recorder.ts';
import { compareClocks, searchLogs, type NodeClocks } from './search-logs.ts';
import { startSampling, type Sampling } from './sampling.ts';
import { sampledOf } from './inside.ts';
import { Stages } from './stages.ts';
import { unsteady } from './steady.ts';
import { Surveys } from './surveys.ts';
import { findTheirs, proveUntouched, type Theirs } from './theirs.ts';
import { removeVolumes } from './volumes.ts';
import { deploy, removeNamespace } from './workload.ts';

export interface ConductInput {
  readonly plan: Plan;
  readonly cluster: ClusterFile;
  readonly access: Access;
  readonly recorder: Recorder;
  readonly clock: Clock;
  readonly faults: FaultTable;
  /** Manifests of the workload that is ours; absent for none. */
  readonly workload?: string;
  /** Leave the workload in the cluster afterwards. */
  readonly keep: boolean;
  /** Take the lock of a run over that has not renewed it for a minute. */
  readonly takeOver: boolean;
  /** The cluster is locked already, by the campaign or the game day that this run is a trial of. */
  readonly locked: boolean;
  /** How much later than the steps may take the nodes take a fault back by themselves; half a minute without. */
  readonly graceMs?: number;
  /** Has every claim's end been seen in the timeline so far? */
  readonly seen: (timeline: Timeline) => boolean;
  /** What must be searched of the nodes' logs for the claims to be judged; absent if no claim reads them. */
  readonly searches?: (timeline: Timeline) => readonly LogSearch[];
  /** Aborted when a person wants it to end: it then heals, and ends. */
  readonly interrupted: AbortSignal;
  /** Which signal it was, once it is aborted. */
  readonly signal: () => 'SIGINT' | 'SIGTERM' | undefined;
}

const steadyTimeoutMs = 60_000;
const settleTimeoutMs = 180_000;
const pollMs = 200;
const surveyEveryMs = 1000;

/**
 * Does one run, from lock to unlock, and writes it down. Whatever happens, what was done is taken back.
 * @returns the lines at once, each to be settled in its time; `ended` when the last event is written down
 */
export function conduct(input: ConductInput): { lines: readonly Line[]; ended: Promise<void> } {
  const list = lineList(input.plan);
  const ended = new Conductor(input, list.settle).run().finally(() => {
    list.settleRest({ kind: 'skipped', because: 'the run ended before' });
  });
  return { lines: list.lines, ended };
}

interface Standing {
  readonly step: string;
  readonly intent: Intent;
}

/** One run at work: what it holds, and must let go of. */
class Conductor {
  readonly #input: ConductInput;
  readonly #stages: Stages;
  readonly #world: World;
  readonly #standing: Standing[] = [];
  readonly #residue: string[] = [];
  #lock: Lock | undefined;
  /** Before anything was broken; only where logs will be searched. */
  #clocks: NodeClocks = new Map();
  #marks: Marks | undefined;
  #theirs: Theirs | undefined;
  #deployed = false;
  #broken = false;
  #sampling: Sampling | undefined;
  /** Of the plan's series, those that this cluster lets us sample. */
  #sampled: readonly Series[] = [];
  readonly #surveys: Surveys;
  #before: Snapshot;

  constructor(input: ConductInput, settle: Stages['settle']) {
    this.#input = input;
    this.#stages = new Stages(input.recorder, input.clock.now, settle);
    this.#before = input.plan.snapshot;
    const { recorder, plan, cluster, access, clock } = input;
    this.#world = surveyedWorld(cluster, plan.snapshot, openLinks(access), clock.now);
    this.#surveys = new Surveys(cluster, plan, this.#world.links);
    recorder.listen(watchLeadership(plan, recorder.record));
  }

  async run(): Promise<void> {
    let stopped: Stop | undefined;
    try {
      await this.#stages.run('preflight', () => this.#preflight());
      await this.#stages.run('workload', () => this.#workload());
      await this.#stages.run('steady', () => this.#steady(steadyTimeoutMs));
      await this.#steps();
    } catch (error) {
      stopped = this.#stopOf(error);
    }
    const healed = await this.#stages.clean('heal', () =>
      this.#heal([...this.#standing].reverse()),
    );
    // If nothing was broken there is nothing to wait for.
    if (healed && this.#broken) await this.#stages.clean('settle', () => this.#settleDown(stopped));
    await this.#letGo();
    this.#stages.begin('done');
    const signal = this.#input.signal();
    this.#input.recorder.record({
      type: 'end',
      at: this.#world.now(),
      ...(signal !== undefined && { interrupted: signal }),
      ...(stopped !== undefined && { stopped }),
      residue: this.#residue,
    });
    this.#world.links.close();
  }

  async #preflight(): Promise<void> {
    const { plan, cluster, recorder, searches, takeOver, locked } = this.#input;
    const nodes = cluster.nodes.map(({ name }) => name);
    try {
      this.#lock = locked
        ? lockOfOthers
        : await lockCluster(plan.run, nodes, this.#world, takeOver);
    } catch (error) {
      throw new StopRun(error instanceof LockedError ? 'locked' : 'unreachable', messageOf(error), {
        cause: error,
      });
    }
    for (const lock of this.#lock.takenOver) this.#stages.note('warning', `took over ${lock}`);
    const left = await leftovers(nodes, this.#world);
    if (left.length > 0) {
      throw new StopRun(
        'refused',
        `an earlier run has left something on the nodes; first say: holdfast heal --all --cluster FILE\n${left.join('\n')}`,
      );
    }
    const owner = await removeNamespace(this.#world);
    if (owner !== undefined)
      this.#stages.note('warning', `tidied up namespace ${namespace}, left by run ${owner}`);
    this.#before = await this.#surveys.now();
    const ill = illness(this.#before);
    if (ill !== undefined)
      throw new StopRun(
        'unhealthy',
        `nothing was broken, because the cluster was not well before: ${ill}`,
      );
    const { workload } = plan.scenario;
    if (typeof workload === 'object') this.#theirs = await findTheirs(workload, this.#world);
    recorder.record({
      type: 'state',
      at: this.#world.now(),
      when: 'before',
      snapshot: this.#before,
      differences: [],
    });
    if (searches !== undefined) this.#clocks = await compareClocks(nodes, this.#world);
    this.#marks = await takeMarks(plan.run, this.#before, this.#world).catch((error: unknown) => {
      throw new StopRun('unreachable', messageOf(error), { cause: error });
    });
    for (const run of this.#marks.tidied)
      this.#stages.note('warning', `tidied up the fingerprint that run ${run} had left`);
    const { before } = this.#marks;
    recorder.record({ type: 'fingerprint', at: this.#world.now(), before });
  }

  async #workload(): Promise<void> {
    const { plan, access, recorder, workload, clock } = this.#input;
    this.#deployed = true;
    const nodes = plan.snapshot.nodes
      .filter(({ datastoreOnly }) => datastoreOnly !== true)
      .map(({ address }) => address);
    const { address, missing } = await deploy(
      this.#theirs?.workload ?? workload,
      plan.run,
      {
        nodes,
        key: randomBytes(16).toString('hex'),
        probes: new Set(plan.series.map(({ probe }) => probe)),
      },
      this.#world,
    ).catch((error: unknown) => {
      throw new StopRun('unhealthy', messageOf(error), { cause: error });
    });
    for (const line of missing) this.#stages.note('warning', line);
    this.#sampled = sampledOf(plan.series, address?.inside);
    this.#sampling = startSampling(
      {
        series: this.#sampled,
        access,
        namespace,
        origin: clock.origin,
        ...(address !== undefined && { workload: address }),
      },
      recorder.record,
    );
  }

  /** Waits until all that is sampled has been well for two seconds. */
  async #steady(atMostMs: number): Promise<void> {
    const end = this.#world.now() + atMostMs;
    for (;;) {
      const because = unsteady(this.#input.recorder.timeline, this.#sampled, this.#world.now());
      if (because === undefined) return;
      if (this.#world.now() > end) {
        throw new StopRun(
          'unhealthy',
          `nothing was broken: no steady state within ${formatDuration(atMostMs)}: ${because}`,
        );
      }
      await this.#pause(pollMs);
    }
  }

  async #steps(): Promise<void> {
    const { plan } = this.#input;
    this.#stages.begin('steps');
    await this.#pause(plan.phaseMs);
    for (const [index, step] of plan.steps.entries()) {
      await this.#stages.settled(index, () => this.#step(step, index));
    }
  }

  async #step(step: PlannedStep, index: number): Promise<void> {
    if (step.kind === 'fault') return this.#fault(step, index);
    if (step.kind === 'hold') return this.#pause(step.forMs);
    if (step.kind === 'until-seen') return this.#untilSeen(step.atMostMs);
    if (step.kind === 'until-well') return this.#untilWell(step.atMostMs);
    const healing = this.#standing.filter(
      ({ step: id }) => step.step === 'all' || step.step === id,
    );
    return this.#heal(healing.reverse());
  }

  async #fault(step: FaultStep, index: number): Promise<void> {
    const { plan, faults, recorder } = this.#input;
    const standing = this.#standing.map(({ intent }) => intent);
    const intent = redesign(step, await this.#surveys.beside(standing), plan, standing, faults);
    if (isRefusal(intent)) throw new StopRun('refused', intent.reason);
    this.#standing.push({ step: step.id, intent });
    // What was well a minute ago may not be now, and what is measured is held against the moment before.
    const ready = this.#broken ? undefined : () => this.#steady(readyTimeoutMs);
    this.#broken = true;
    if (intent.undoBy === 'journal')
      this.#stages.note(
        'warning',
        `nothing but Holdfast takes the next fault back; if it dies: holdfast heal ${recorder.folder} --cluster FILE`,
      );
    const later = plan.steps.slice(index + 1);
    const isFirst = ready !== undefined;
    const alone = lifetimeMs(intent, later, step.id, isFirst, this.#input.graceMs);
    try {
      const bit = await inject(step.id, intent, alone, this.#world, recorder.record, ready);
      if (!bit)
        throw new StopRun('invalid', `it could not be proved that this happened: ${intent.says}`);
    } catch (error) {
      if (error instanceof InjectError && error.cause instanceof StopRun) throw error.cause;
      if (error instanceof InjectError)
        throw new StopRun('invalid', error.message, { cause: error });
      throw error;
    }
  }

  async #untilSeen(atMostMs: number): Promise<void> {
    const { recorder, seen } = this.#input;
    const end = this.#world.now() + atMostMs;
    while (this.#world.now() < end && !seen(recorder.timeline)) {
      await this.#pause(Math.min(pollMs, end - this.#world.now()));
    }
  }

  /** What comes after it is not begun on a cluster that is not well. */
  async #untilWell(atMostMs: number): Promise<void> {
    const end = this.#world.now() + atMostMs;
    const { because } = await this.#untilAsBefore(async () => {
      if (this.#world.now() > end) return true;
      await this.#pause(surveyEveryMs);
      return false;
    });
    if (because !== undefined)
      throw new StopRun(
        'fail',
        `the cluster was not well again within ${formatDuration(atMostMs)}, and nothing else was broken: ${because}`,
      );
  }

  /** Takes faults back, each whether or not the one before could be. */
  async #heal(standing: readonly Standing[]): Promise<void> {
    const left: string[] = [];
    for (const fault of standing) {
      this.#standing.splice(this.#standing.indexOf(fault), 1);
      const rest = await undo(fault.step, fault.intent, this.#world, this.#input.recorder.record);
      if (rest !== undefined) left.push(rest);
    }
    if (left.length > 0) throw new Error(left.join('; '));
  }

  /** Waits until the cluster is as it was before and all that is sampled is well; a person's interruption ends it early. */
  async #settleDown(stopped: Stop | undefined): Promise<void> {
    const { recorder, interrupted } = this.#input;
    const end = this.#world.now() + settleTimeoutMs;
    const slowestMs = Math.max(0, ...this.#sampled.map(({ everyMs }) => everyMs));
    const { snapshot, differences, because } = await this.#untilAsBefore(
      async () => {
        if (interrupted.aborted || this.#world.now() > end) return true;
        await delay(surveyEveryMs);
        return false;
      },
      // What the survey has found well, the slowest series sees, too: a claim counts until then.
      () => delay(1.5 * slowestMs),
    );
    recorder.record({
      type: 'state',
      at: this.#world.now(),
      when: 'after',
      snapshot: snapshot ?? this.#before,
      differences,
    });
    if (because !== undefined && stopped === undefined) throw new Error(because);
  }

  #untilAsBefore(
    pause: () => Promise<boolean>,
    lookedAgain?: () => Promise<void>,
  ): Promise<Compared> {
    return untilAsBefore({
      before: this.#before,
      survey: () => this.#surveys.now(),
      unsteady: () => unsteady(this.#input.recorder.timeline, this.#sampled, this.#world.now()),
      pause,
      ...(lookedAgain !== undefined && { lookedAgain }),
    });
  }

  /** Ends sampling, and removes what is ours from the cluster and its nodes, each whether or not the other could be. */
  async #letGo(): Promise<void> {
    const { plan, cluster, recorder, keep } = this.#input;
    await this.#sampling?.stop();
    const nodes = cluster.nodes.map(({ name }) => name);
    const leave = async (what: string, work: () => Promise<unknown>): Promise<void> => {
      await work().catch((error: unknown) => this.#residue.push(`${what}: ${messageOf(error)}`));
    };
    if (this.#sampling !== undefined) {
      for (const line of await collectLogs(
        recorder.folder,
        plan.snapshot,
        this.#world.now(),
        this.#world,
      )) {
        this.#stages.note('warning', line);
      }
      await this.#searchLogs();
    }
    if (this.#deployed && keep)
      this.#stages.note('info', `the workload stays in namespace ${namespace}`);
    else if (this.#deployed)
      await leave(`namespace ${namespace}`, async () => {
        await removeNamespace(this.#world);
        this.#residue.push(...(await removeVolumes(nodes, this.#world)));
      });
    await leave('what is not ours', () => this.#proveUntouched());
    if (this.#lock === undefined) return;
    await this.#compareMarks();
    await leave('lock', async () => this.#lock?.release());
    this.#residue.push(...(await leftovers(nodes, this.#world)));
  }

  async #searchLogs(): Promise<void> {
    const { plan, recorder, searches } = this.#input;
    const wanted = searches?.(recorder.timeline) ?? [];
    const { services } = plan.snapshot;
    for (const event of await searchLogs(wanted, services, this.#clocks, this.#world))
      recorder.record(event);
  }

  /** Proves that the nodes are as they were before. What they keep to compare with stays if they are not. */
  async #compareMarks(): Promise<void> {
    if (this.#marks === undefined) return;
    const differences = await this.#marks.prove();
    this.#input.recorder.record({ type: 'fingerprint', at: this.#world.now(), differences });
    if (differences.length > 0) this.#residue.push(...differences);
    else this.#residue.push(...(await this.#marks.remove()));
  }

  async #proveUntouched(): Promise<void> {
    if (this.#theirs === undefined) return;
    const intents = this.#input.recorder.timeline.events.flatMap((event) =>
      event.type === 'fault' && event.state === 'journaled' ? (event.intent ?? []) : [],
    );
    const { changed, noted, says } = await proveUntouched(this.#theirs, intents, this.#world);
    this.#residue.push(...changed);
    for (const line of noted) this.#stages.note('warning', line);
    if (changed.length === 0) for (const line of says) this.#stages.note('info', line);
  }

  /** Waits, unless a person wants the run to end or nothing is seen any more. */
  async #pause(ms: number): Promise<void> {
    const { interrupted } = this.#input;
    const waited = delay(Math.max(0, ms), undefined, { signal: interrupted });
    await (this.#sampling === undefined ? waited : Promise.race([waited, this.#sampling.died]));
  }

  /** Why the steps were not all done; undefined if a person interrupted them, which the end event says. */
  #stopOf(error: unknown): Stop | undefined {
    if (error instanceof StopRun) return error.stop;
    if (this.#input.interrupted.aborted) return undefined;
    this.#stages.note(
      'error',
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    return { outcome: 'defect', reason: messageOf(error) };
  }
}
