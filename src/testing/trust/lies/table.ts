import { budgetLies } from './budgets.ts';
import { changeLies } from './changes.ts';
import { clockLies } from './clocks.ts';
import { controllerLies } from './controllers.ts';
import { endingLies } from './endings.ts';
import { endpointLies } from './endpoints.ts';
import { faultLies } from './faults.ts';
import { harnessLies } from './harness.ts';
import { keptLies } from './kept.ts';
import { leaderLies } from './leaders.ts';
import { leftoverLies } from './leftovers.ts';
import type { Lie } from './lie.ts';
import { memberLies } from './members.ts';
import { apiLies } from './of-the-api.ts';
import { nodeLies } from './on-nodes.ts';
import { planLies } from './plans.ts';
import { powerLies } from './power.ts';
import { recoveryLies } from './recovery.ts';
import { replicaLies } from './replicas.ts';
import { surveyLies } from './surveys.ts';
import { toldLies } from './told.ts';
import { watchLies } from './watches.ts';
import { workloadLies } from './workload.ts';
import { writeLies } from './writes.ts';

/** Every lie that is planted, by what it is about. */
export const lies: Readonly<Record<string, readonly Lie[]>> = {
  'the fault': faultLies,
  'who leads': leaderLies,
  'who is there': memberLies,
  'what is acknowledged': writeLies,
  'what was written': keptLies,
  watches: watchLies,
  'the workload': workloadLies,
  'endpoints and names': endpointLies,
  'the replicas': replicaLies,
  'changes of workloads': changeLies,
  'disruption budgets': budgetLies,
  'the controllers': controllerLies,
  'who was told': toldLies,
  'this machine': harnessLies,
  'the recovery': recoveryLies,
  'the end': endingLies,
  'a node and its scripts': nodeLies,
  'the API': apiLies,
  power: powerLies,
  'what is planned': planLies,
  'a survey': surveyLies,
  clocks: clockLies,
  'what is left': leftoverLies,
};
