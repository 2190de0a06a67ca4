import { describeAct, describeProof, type Described } from '../model/described.ts';
import { claims } from '../claims/table.ts';
import { formatDuration } from '../model/duration.ts';
import { saySeconds } from '../model/span.ts';
import { titleOf } from '../model/tables.ts';
import type { Act, Intent, Proof } from '../model/intent.ts';
import type { Plan, PlannedStep, Prediction, Series } from '../model/plan.ts';
import type { Role, Snapshot } from '../model/snapshot.ts';
import type { ClaimTable } from '../model/tables.ts';

/** The dry run: all that a run would do, each intent word for word. */
export function explain(plan: Plan, table: ClaimTable = claims): string {
  const { scenario } = plan;
  return [
    scenario.title,
    `  claim    ${scenario.claim}`,
    ...(scenario.source === undefined ? [] : [`  source   ${scenario.source}`]),
    `  cluster  ${sayCluster(plan.snapshot)}`,
    `  run      ${plan.run}, seed ${plan.seed}`,
    `  begins   ${saySeconds(plan.phaseMs)} after steady state, so that every phase of periodic work is met`,
    '',
    ...plan.steps.flatMap((step, index) => [`${index + 1}. ${sayStep(step)}`, ...intentOf(step)]),
    'Then: heal everything and settle until all is as before.',
    '',
    'Expects:',
    ...scenario.expect.flatMap(({ claim, params }) => [
      `  ${claim}: ${titleOf(table, claim, params)}`,
      ...plan.predicted.filter((one) => one.claim === claim).map(sayPrediction),
    ]),
    '',
    'Samples:',
    ...saySeries(plan.series),
    '',
  ].join('\n');
}

function sayCluster({ cluster, nodes, datastore }: Snapshot): string {
  const counted = (role: Role): string => {
    const count = datastore.members.filter((member) => member.role === role).length;
    return `${count} ${role}${count === 1 ? '' : 's'}`;
  };
  const leader = datastore.members.find((member) => member.id === datastore.leader);
  const leads = leader === undefined ? 'no leader' : `led by ${leader.node ?? leader.address}`;
  return (
    `${cluster.name} (${cluster.platform}, Kubernetes ${cluster.kubernetes}): ${nodes.length} nodes, ` +
    `${datastore.kind} ${datastore.version} with ${counted('voter')} and ${counted('stand-by')}, ${leads}`
  );
}

function sayStep(step: PlannedStep): string {
  switch (step.kind) {
    case 'fault':
      return `${step.id}: ${step.intent?.says ?? sayLater(step)}`;
    case 'hold':
      return `${step.id}: hold for ${formatDuration(step.forMs)}`;
    case 'until-seen':
      return `${step.id}: wait until the end of every claim was seen, at most ${formatDuration(step.atMostMs)}`;
    case 'until-well':
      return `${step.id}: wait until the cluster is as it was before, at most ${formatDuration(step.atMostMs)}, or end there`;
    case 'heal':
      return `${step.id}: heal ${step.step}`;
  }
}

function sayLater({ fault, untilDeployed }: Extract<PlannedStep, { kind: 'fault' }>): string {
  return `${untilDeployed ?? fault} (designed once the workload is deployed)`;
}

function intentOf(step: PlannedStep): readonly string[] {
  if (step.kind !== 'fault' || step.intent === undefined) return [];
  return sayIntent(step.intent).map((line) => (line === '' ? '' : `   ${line}`));
}

/** An intent word for word: what `run` would perform and prove, and in which order. */
export function sayIntent(intent: Intent): readonly string[] {
  return [
    `intent   ${intent.id}`,
    `holds    ${intent.holds.join(', ')}`,
    `down     ${intent.membersDown.length === 0 ? 'no datastore member' : `datastore member ${intent.membersDown.join(', ')}`}`,
    ...intent.prepare.flatMap((act) => sayAct('prepare', act)),
    ...intent.inject.flatMap((act) => sayAct('inject', act)),
    ...intent.bit.flatMap((proof) => sayProof('bit if', proof)),
    ...intent.undo.flatMap((act) => sayAct('undo', act)),
    ...intent.gone.flatMap((proof) => sayProof('gone if', proof)),
    `undo by  ${intent.undoBy}, should Holdfast die meanwhile`,
    '',
  ];
}

function sayAct(label: string, act: Act): readonly string[] {
  return sayDescribed(label, describeAct(act));
}

function sayProof(label: string, proof: Proof): readonly string[] {
  return sayDescribed(label, describeProof(proof));
}

function sayDescribed(label: string, { head, script: sh }: Described): readonly string[] {
  return [
    `${label.padEnd(8)} ${head}${sh === undefined ? '' : ':'}`,
    ...(sh === undefined ? [] : script(sh)),
  ];
}

function script(sh: string): readonly string[] {
  return sh.split('\n').map((line) => `    ${line}`);
}

function sayPrediction({ p50Ms, p95Ms, from }: Prediction): string {
  return `    predicted: half within ${saySeconds(p50Ms)}, 95 % within ${saySeconds(p95Ms)}, from ${from}`;
}

function saySeries(series: readonly Series[]): readonly string[] {
  const probes = [...new Set(series.map((one) => one.probe))];
  return probes.map((probe) => {
    const own = series.filter((one) => one.probe === probe);
    const nodes = own.flatMap((one) => one.node ?? []);
    return `  ${probe} every ${own[0]?.everyMs ?? 0} ms${nodes.length === 0 ? '' : ` at ${nodes.join(', ')}`}`;
  });
}
