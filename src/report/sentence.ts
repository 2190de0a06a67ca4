import { isSeen, saySeconds, type Measured } from '../model/span.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Result } from '../model/result.ts';
import { nameOfWorkload } from '../model/scenario.ts';
import type { Timeline } from '../model/timeline.ts';
import type { Verdict } from '../model/verdict.ts';
import { faultsOf, howMissed, newLeader, was, type FaultStory } from './story.ts';

/**
 * What a run came to, in one sentence for people: "pi3 led 1.84 s after pi1 was killed; nobody using web noticed".
 * @param timeline absent if the run ended before there was a plan
 */
export function verdictSentence(result: Result, timeline: Timeline | undefined): string {
  const sentence = sayOutcome(result, timeline);
  return beginsWithAName(sentence, timeline)
    ? sentence
    : sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A share for people: `0.1 %`, `0.04 %`, `0 %`. */
export function sayShare(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  const percent = (part / whole) * 100;
  return `${percent >= 10 ? percent.toFixed(0) : percent.toPrecision(2).replace(/\.?0+$/, '')} %`;
}

/** How the sentence begins for a run that has no claims to tell of. */
export const openings: Partial<Readonly<Record<Outcome, string>>> = {
  defect: 'Holdfast itself failed',
  refused: 'nothing was broken: refused',
  locked: 'nothing was broken: another run has the cluster',
  unreachable: 'the cluster could not be reached',
  usage: 'nothing was broken: the call or a file is wrong',
  unhealthy: 'nothing was broken: the cluster was not well to begin with',
  skipped: 'skipped',
};

function sayOutcome(result: Result, timeline: Timeline | undefined): string {
  const opening = openings[result.outcome];
  if (opening !== undefined) return `${opening}: ${result.reason}`;
  // Those that remain: residue, interrupted, invalid, fail, unknown, pass.
  if (result.outcome === 'invalid') return sayInvalid(result, timeline);
  if (result.outcome === 'interrupted') {
    return result.healed
      ? 'interrupted; everything has been put back'
      : `interrupted, and not everything has been seen to be back: ${result.reason}`;
  }
  if (result.outcome !== 'residue') return sayClaims(result, timeline);
  const [first, ...more] = result.residue;
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  return `something could not be put back: ${first ?? result.reason}${rest}`;
}

/** A fault that did not bite says more than any claim about it. */
function sayInvalid(result: Result, timeline: Timeline | undefined): string {
  const fault = timeline && faultsOf(timeline).find((fault) => was(fault, 'missed'));
  const because = fault?.events.find((event) => event.state === 'missed')?.because;
  if (fault === undefined) return `no verdict: ${result.reason}`;
  return `no verdict, for the fault ${howMissed(fault)}: ${because ?? result.reason}`;
}

function sayClaims(result: Result, timeline: Timeline | undefined): string {
  const verdicts = result.trials.flatMap((trial) => trial.verdicts);
  const find = (claim: string): Verdict | undefined =>
    verdicts.find((verdict) => verdict.claim === claim && verdict.outcome !== 'not-applicable');
  const election = find('leader-elected');
  const workload = find('workload-available');
  // The first that tells what a controller did; a Lease alone tells what it says.
  const controller = find('pods-scheduled') ?? find('deployments-reconciled') ?? find('lease-held');
  const said = [election, workload];
  const others = verdicts.filter((verdict) => !said.includes(verdict));
  const parts = [
    election ? sayElection(election, timeline) : sayDeeds(timeline),
    controller?.outcome === 'pass' ? controller.because.split(';')[0] : undefined,
    workload && sayWorkload(workload, nameOf(timeline)),
    list('not kept', others, 'fail'),
    list('not known', others, 'unknown'),
  ];
  return parts.filter((part) => part !== undefined).join('; ') || result.reason;
}

function sayElection(verdict: Verdict, timeline: Timeline | undefined): string {
  const fault = timeline && faultsOf(timeline).find(({ fired }) => fired !== undefined);
  const deed = fault ? sayDeed(fault) : 'the fault';
  const { measuredMs, limitMs, outcome } = verdict;
  if (measuredMs === undefined) return `of a new leader: ${verdict.because}`;
  if (!isSeen(measuredMs))
    return `no new leader within ${saySeconds(measuredMs.atLeast)} after ${deed}`;
  const fired = fault?.fired;
  const leader = (timeline && fired && newLeader(timeline, fired.lo)) ?? 'a new leader';
  const limit = limitMs === undefined ? 'limit' : `${limitMs / 1000} s allowed`;
  const tail: Readonly<Record<string, string>> = {
    fail: `, later than the ${limit}`,
    unknown: `, too close to the ${limit} to tell`,
  };
  return `${leader} led ${saySeconds(middle(measuredMs))} after ${deed}${tail[outcome] ?? ''}`;
}

function nameOf(timeline: Timeline | undefined): string {
  const workload = timeline?.plan.scenario.workload;
  return workload === undefined ? 'the workload' : nameOfWorkload(workload);
}

function sayWorkload(verdict: Verdict, name: string): string {
  const { failed = 0, requests = 0, longestOutageMs, outcome } = verdict;
  const share = `${sayShare(failed, requests)} of requests failed`;
  if (outcome === 'pass') {
    return failed === 0
      ? `nobody using ${name} noticed`
      : `${failed} of ${requests} requests to ${name} failed, within what is allowed`;
  }
  if (outcome !== 'fail')
    return `whether people using ${name} noticed is not known: ${verdict.because}`;
  const outage = longestOutageMs && `, the longest outage ${sayLength(longestOutageMs)}`;
  return `people using ${name} noticed: ${share}${outage ?? ''}`;
}

function sayDeeds(timeline: Timeline | undefined): string | undefined {
  const deeds = timeline
    ? faultsOf(timeline)
        .filter(({ fired }) => fired)
        .map(sayDeed)
    : [];
  return deeds.length > 0 ? deeds.join(', ') : undefined;
}

/**
 * What happened to the nodes, else the objects that were changed or the pods, that were hit: "pi1 was killed", "the
 * scheduler on pi2 was killed".
 */
function sayDeed({ intent, step }: FaultStory): string {
  if (intent === undefined) return `step ${step}`;
  const hit = intent.targets.length > 0 ? intent.targets : (intent.changes ?? intent.podsHit);
  const nodes = inWords(hit) || 'the cluster';
  const service = intent.service ?? 'datastore';
  const what = service === 'datastore' ? nodes : `the ${service} on ${nodes}`;
  const were = hit.length > 1 && service === 'datastore' ? 'were' : 'was';
  const participle = participles[intent.fault];
  return participle === undefined
    ? `${what} ${were} hit by ${intent.fault}`
    : `${what} ${were} ${participle}`;
}

/** "pi1, pi2 and pi3" */
function inWords(names: readonly string[]): string {
  const [last = '', ...others] = [...names].reverse();
  return others.length === 0 ? last : `${others.reverse().join(', ')} and ${last}`;
}

/** What was done to a node or a pod by each kind of fault, to go after "was". */
export const participles: Readonly<Record<string, string>> = {
  'add-member': 'added to the datastore',
  cordon: 'cordoned',
  'delete-pod': 'deleted',
  'destroy-data': 'robbed of all data',
  drain: 'drained',
  'fill-disk': 'left without space on its disk',
  flap: 'cut off again and again',
  freeze: 'frozen',
  'freeze-pod': 'frozen',
  'hog-cpu': 'short of processor time',
  'hog-memory': 'short of memory',
  isolate: 'cut off from all others',
  kill: 'killed',
  lose: 'losing packets',
  partition: 'cut off from others',
  'power-cycle': 'switched off and on',
  'power-off': 'switched off',
  reboot: 'rebooted',
  'remove-member': 'removed from the datastore',
  rollback: 'rolled back',
  scale: 'scaled',
  'slow-disk': 'on a slow disk',
  stop: 'stopped',
  switch: 'led to other pods',
  update: 'updated',
};

function list(
  words: string,
  verdicts: readonly Verdict[],
  outcome: Verdict['outcome'],
): string | undefined {
  const titles = verdicts
    .filter((verdict) => verdict.outcome === outcome)
    .map(({ title }) => title);
  return titles.length === 0 ? undefined : `${words}: ${titles.join(', ')}`;
}

function sayLength(measured: Measured): string {
  return isSeen(measured) ? saySeconds(middle(measured)) : `over ${saySeconds(measured.atLeast)}`;
}

function middle({ lo, hi }: { lo: number; hi: number }): number {
  return (lo + hi) / 2;
}

/** The name of a node or a pod is written as it is, also at the head of a sentence. */
function beginsWithAName(sentence: string, timeline: Timeline | undefined): boolean {
  if (timeline === undefined) return false;
  const nodes = timeline.plan.snapshot.nodes.map(({ name }) => name);
  const pods = faultsOf(timeline).flatMap(({ intent }) => [
    ...(intent?.podsHit ?? []),
    ...(intent?.changes ?? []),
  ]);
  return [...nodes, ...pods].some(
    (name) => /^[ ,]/.test(sentence.slice(name.length)) && sentence.startsWith(name),
  );
}
