import type { ClaimTable } from '../model/tables.ts';
import { acknowledgedWritesSurvive } from './acknowledged-writes-survive.ts';
import { alerted } from './alerted.ts';
import { capacityLeft } from './capacity-left.ts';
import { budgetRespected } from './budget-respected.ts';
import { clusterRecovers } from './cluster-recovers.ts';
import { deploymentsReconciled } from './deployments-reconciled.ts';
import { endpointAnswers } from './endpoint-answers.ts';
import { endpointsAlive } from './endpoints-alive.ts';
import { leaderActs } from './leader-acts.ts';
import { leaderChanges } from './leader-changes.ts';
import { leaderElected } from './leader-elected.ts';
import { leaseHeld } from './lease-held.ts';
import { logged } from './logged.ts';
import { memberReturns } from './member-returns.ts';
import { namesResolved } from './names-resolved.ts';
import { neverBelow } from './never-below.ts';
import { nothingAcknowledged } from './nothing-acknowledged.ts';
import { oneAddressHolder } from './one-address-holder.ts';
import { oneLeaderActs } from './one-leader-acts.ts';
import { podsMoved } from './pods-moved.ts';
import { podsReady } from './pods-ready.ts';
import { podsRun } from './pods-run.ts';
import { podsScheduled } from './pods-scheduled.ts';
import { reachedByName } from './reached-by-name.ts';
import { spreadKept } from './spread-kept.ts';
import { versionMix } from './version-mix.ts';
import { votersRestored } from './voters-restored.ts';
import { watchesAlive } from './watches-alive.ts';
import { workloadAvailable } from './workload-available.ts';
import { writeOutage } from './write-outage.ts';
import { writesResume } from './writes-resume.ts';

/** Every kind of claim, by the name a scenario gives it. */
export const claims = {
  'leader-elected': leaderElected,
  'leader-changes': leaderChanges,
  'voters-restored': votersRestored,
  'member-returns': memberReturns,
  'writes-resume': writesResume,
  'write-outage': writeOutage,
  'nothing-acknowledged': nothingAcknowledged,
  'acknowledged-writes-survive': acknowledgedWritesSurvive,
  'watches-alive': watchesAlive,
  'lease-held': leaseHeld,
  'pods-scheduled': podsScheduled,
  'deployments-reconciled': deploymentsReconciled,
  'names-resolved': namesResolved,
  'reached-by-name': reachedByName,
  'leader-acts': leaderActs,
  'one-leader-acts': oneLeaderActs,
  'endpoint-answers': endpointAnswers,
  'one-address-holder': oneAddressHolder,
  'pods-run': podsRun,
  'pods-ready': podsReady,
  'pods-moved': podsMoved,
  'never-below': neverBelow,
  'spread-kept': spreadKept,
  'capacity-left': capacityLeft,
  'workload-available': workloadAvailable,
  'endpoints-alive': endpointsAlive,
  logged,
  alerted,
  'version-mix': versionMix,
  'budget-respected': budgetRespected,
  'cluster-recovers': clusterRecovers,
} satisfies ClaimTable;
