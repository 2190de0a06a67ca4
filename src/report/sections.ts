import { describeAct, describeProof, type Described } from '../model/described.ts';
import type { Intent } from '../model/intent.ts';
import { stepTitle } from '../model/line.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Plan } from '../model/plan.ts';
import { memberOn, type NodeFacts } from '../model/snapshot.ts';
import type { Result } from '../model/result.ts';
import { saySeconds } from '../model/span.ts';
import { faultsOf, phasesOf, type FaultStory } from './story.ts';
import type { Timeline } from '../model/timeline.ts';
import type { ClaimOutcome } from '../model/verdict.ts';
import { markup, type Markup } from './markup.ts';
import { phaseNames } from './terminal.ts';

/** A part of the page with its heading. */
export function section(id: string, title: string, content: Markup): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${content}</section>`;
}

/** An outcome as a word with a sign, so that colour is not all that tells it. */
export function verdictBadge(outcome: Outcome | ClaimOutcome): Markup {
  const looks: Partial<Readonly<Record<Outcome | ClaimOutcome, string>>> = {
    pass: 'pass',
    fail: 'fail',
    residue: 'fail',
    defect: 'fail',
    skipped: 'na',
    'not-applicable': 'na',
  };
  return markup`<span class="badge ${looks[outcome] ?? 'warn'}">${outcome.replace('-', ' ')}</span>`;
}

/** The phases, the steps, and each state of each fault with its bounds. */
export function stepsSection(timeline: Timeline, { trials }: Result): Markup {
  const phases = phasesOf(timeline)
    .filter(({ phase }) => phase !== 'done')
    .map(
      ({ phase, from, to }) =>
        markup`<tr><th scope="row">${phaseNames[phase]}</th><td class="figure">${instant(from)}</td><td class="figure">${saySeconds(to - from)}</td></tr>`,
    );
  const faults = faultsOf(timeline).map(faultTable);
  const steps = timeline.plan.steps.map(
    (step, index) =>
      markup`<li>${stepTitle(step, index)} <code class="soft">${step.id}</code></li>`,
  );
  const count = trials.length > 1 && markup`<p>${trials.length} trials</p>`;
  return section(
    'steps',
    'Steps and faults',
    markup`${count}<ul class="plain">${steps}</ul>${faults}<h3>Phases</h3><div class="scroll"><table><thead><tr><th scope="col">phase</th><th scope="col">from</th><th scope="col">took</th></tr></thead><tbody>${phases}</tbody></table></div>${differencesOf(timeline)}`,
  );
}

function faultTable({ step, intent, events }: FaultStory): Markup {
  const rows = events.map(({ at, state, span, because }) => {
    const when = span ? `${instant(span.lo)} to ${instant(span.hi)}` : instant(at);
    return markup`<tr><th scope="row">${state}</th><td class="figure">${when}</td><td>${because}</td></tr>`;
  });
  return markup`<h3>${step}: ${intent?.says ?? 'a fault'}</h3><div class="scroll"><table><thead><tr><th scope="col">state</th><th scope="col">when</th><th scope="col">because</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function differencesOf({ events }: Timeline): Markup {
  const after = events.findLast((event) => event.type === 'state' && event.when === 'after');
  if (after?.type !== 'state')
    return markup`<h3>Afterwards</h3><p>The cluster was not surveyed afterwards.</p>`;
  if (after.differences.length === 0)
    return markup`<h3>Afterwards</h3><p>The cluster is as it was before.</p>`;
  return markup`<h3>Afterwards, not as before</h3><ul class="plain">${after.differences.map((line) => markup`<li>${line}</li>`)}</ul>`;
}

/** What a reader can check against the timeline, by claim. */
export function evidenceSection({ trials }: Result): Markup | undefined {
  const verdicts = trials.flatMap((trial) => trial.verdicts);
  if (verdicts.length === 0) return undefined;
  const each = verdicts.map(({ claim, because, evidence }) => {
    const lines = evidence.map((line) => markup`<li><code>${line}</code></li>`);
    return markup`<h3>${claim}</h3><p>${because}</p>${lines.length > 0 && markup`<ul class="plain">${lines}</ul>`}`;
  });
  return section('evidence', 'Evidence', markup`${each}`);
}

/** The scenario as it was written, and each intent word for word. */
export function planSection({ text, file, steps }: Plan): Markup {
  const intents = steps.flatMap(({ intent }) => (intent ? [intentOf(intent)] : []));
  return section(
    'plan',
    'Plan',
    markup`<p>${file}</p><details><summary>The scenario as it was written</summary><pre>${text}</pre></details>${intents}`,
  );
}

function intentOf(intent: Intent): Markup {
  const part = (title: string, lines: readonly string[]): Markup | false =>
    lines.length > 0 && markup`<dt>${title}</dt><dd><pre>${lines.join('\n')}</pre></dd>`;
  return markup`<details><summary>What it would do: ${intent.says}</summary><dl>${[
    part('prepare', intent.prepare.map(describeAct).map(sayDescribed)) || markup``,
    part('inject', intent.inject.map(describeAct).map(sayDescribed)) || markup``,
    part('did it bite', intent.bit.map(describeProof).map(sayDescribed)) || markup``,
    part('undo', intent.undo.map(describeAct).map(sayDescribed)) || markup``,
    part('is it gone', intent.gone.map(describeProof).map(sayDescribed)) || markup``,
  ]}<dt>undone by</dt><dd>${intent.undoBy}, if Holdfast dies</dd></dl></details>`;
}

function sayDescribed({ head, script }: Described): string {
  return script === undefined ? head : `${head}:\n${script}`;
}

export function environmentSection(result: Result, timeline: Timeline | undefined): Markup {
  const { cluster } = result;
  const facts: readonly (readonly [string, string | number])[] = [
    ...(cluster
      ? ([
          ['cluster', `${cluster.name} (${cluster.id})`],
          ['Kubernetes', `${cluster.platform} ${cluster.kubernetes}`],
          [
            'datastore',
            `${cluster.datastore.kind}, ${cluster.datastore.voters} voters, ${cluster.datastore.standbys} stand-by`,
          ],
        ] as const)
      : []),
    ['run', result.run],
    ['seed', result.seed],
    ...(timeline ? planFacts(timeline.plan) : []),
  ];
  const list = facts.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`);
  return section(
    'environment',
    'Environment',
    markup`<dl>${list}</dl>${timeline && nodeTable(timeline.plan)}`,
  );
}

function planFacts({ phaseMs, versions, snapshot }: Plan): readonly (readonly [string, string])[] {
  const settings = Object.entries(snapshot.datastore.settings);
  return [
    ['random phase', saySeconds(phaseMs)],
    [
      'versions',
      Object.entries(versions)
        .map(([name, is]) => `${name} ${is}`)
        .join(', '),
    ],
    ['datastore settings', settings.map(([name, is]) => `${name} ${is}`).join(', ')],
  ];
}

function nodeTable({ snapshot }: Plan): Markup {
  const rows = snapshot.nodes.map((node) => {
    const { name, address } = node;
    const role = memberOn(snapshot, name)?.role ?? '–';
    return markup`<tr><th scope="row">${name}</th><td>${address}</td><td>${kindOf(node)}</td><td>${role}</td></tr>`;
  });
  return markup`<h3>Nodes before the run</h3><div class="scroll"><table><thead><tr><th scope="col">node</th><th scope="col">address</th><th scope="col">kind</th><th scope="col">datastore</th></tr></thead><tbody>${rows}</tbody></table></div>${leaderBefore(snapshot)}`;
}

function kindOf({ controlPlane, datastoreOnly }: NodeFacts): string {
  if (datastoreOnly === true) return 'datastore alone';
  return controlPlane ? 'control plane' : 'worker';
}

function leaderBefore(snapshot: Plan['snapshot']): Markup | false {
  const { leader, members } = snapshot.datastore;
  const name = members.find(({ id }) => id === leader)?.node ?? leader;
  return name !== undefined && markup`<p class="soft">${name} led before the run.</p>`;
}

export function notesSection({ events }: Timeline): Markup {
  const notes = events.filter((event) => event.type === 'note');
  const rows = notes.map(
    ({ at, level, text }) =>
      markup`<tr><td class="figure">${instant(at)}</td><td class="${level === 'info' ? 'soft' : level === 'warning' ? 'warn' : 'fail'}">${level}</td><td>${text}</td></tr>`,
  );
  const table = markup`<div class="scroll"><table><thead><tr><th scope="col">at</th><th scope="col">level</th><th scope="col">note</th></tr></thead><tbody>${rows}</tbody></table></div>`;
  return section('notes', 'Notes', notes.length > 0 ? table : markup`<p>None.</p>`);
}

function instant(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
