import picocolors from 'picocolors';
import { voters } from '../model/snapshot.ts';
import type { Event, FaultEvent, FaultState, Phase, StateEvent } from '../model/timeline.ts';
import { cut } from './width.ts';

/** Colours of a terminal, or functions that leave a text as it is. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** No colours at all. */
export const plain: Colors = picocolors.createColors(false);

/** What the live line tells, as far as it is known. */
export interface LiveState {
  readonly phase: Phase;
  /** Milliseconds since the run began. */
  readonly at: number;
  /** Milliseconds until the step or phase ends at the latest. */
  readonly leftMs?: number;
  /** Name of the node that leads. */
  readonly leader?: string;
  /** What each kind of probe saw over the last second. */
  readonly rates: readonly ProbeRate[];
}

export interface ProbeRate {
  readonly probe: string;
  readonly perSecond: number;
  readonly failedPerSecond: number;
}

/** The colours a stream can show: none if it is no terminal, a dumb one, or NO_COLOR is set. */
export function colorsFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Colors {
  const noColor = (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb';
  return picocolors.createColors(stream.isTTY === true && !noColor);
}

/** One line for an event that matters to somebody who watches; undefined for samples and the like. */
export function eventLine(event: Event, colors: Colors = plain): string | undefined {
  const text = sayEvent(event, colors);
  return text && `${colors.dim(stamp(event.type === 'sample' ? event.due : event.at))}  ${text}`;
}

/**
 * The line that is rewritten on a terminal: phase, time left, leader, what the probes see.
 * @param columns of the terminal; a longer line is cut, for one that wraps cannot be rewritten
 */
export function liveLine(state: LiveState, columns = 80): string {
  const parts = [
    `${stamp(state.at)}  ${phaseNames[state.phase]}`,
    state.leftMs !== undefined && `${Math.max(0, Math.ceil(state.leftMs / 1000))} s left`,
    state.leader !== undefined && `leader ${state.leader}`,
    ...state.rates.map(sayRate),
  ];
  return cut(parts.filter((part) => part !== false).join(' · '), columns - 1);
}

/** Phases as a person calls them. */
export const phaseNames: Readonly<Record<Phase, string>> = {
  preflight: 'preflight',
  workload: 'workload',
  steady: 'steady state',
  steps: 'steps',
  heal: 'heal',
  settle: 'recovery',
  done: 'done',
};

const stateNames: Readonly<Record<FaultState, string>> = {
  journaled: 'written down',
  armed: 'undo armed',
  fired: 'fired',
  bit: 'bit',
  missed: 'not in force',
  undone: 'taken back',
  gone: 'gone',
  residue: 'RESIDUE',
};

function sayEvent(event: Event, colors: Colors): string | undefined {
  switch (event.type) {
    // A note tells how long a budget held each pod back.
    case 'eviction':
    case 'sample':
    case 'harness':
    case 'end':
      return undefined;
    case 'phase':
      return colors.bold(phaseNames[event.phase]);
    case 'fault':
      return sayFault(event, colors);
    case 'note': {
      const paint = { info: colors.reset, warning: colors.yellow, error: colors.red }[event.level];
      const level = event.level === 'info' ? '' : `${event.level}: `;
      return paint(oneLine(level + event.text));
    }
    case 'state':
      return saySurvey(event, colors);
    case 'fingerprint':
      return event.differences && sayMarks(event.differences, colors);
    case 'log':
      return event.because && colors.yellow(oneLine(event.because));
  }
}

function sayFault(event: FaultEvent, colors: Colors): string {
  const { state, span, because, intent, step } = event;
  const bad = state === 'missed' || state === 'residue';
  const paint = bad ? colors.red : state === 'fired' ? colors.magenta : colors.reset;
  const bounds = span && ` (±${Math.ceil((span.hi - span.lo) / 2)} ms)`;
  const detail = because ?? intent?.says;
  return paint(
    oneLine(`${step}: ${stateNames[state]}${bounds ?? ''}${detail ? `: ${detail}` : ''}`),
  );
}

function sayMarks(differences: readonly string[], colors: Colors): string {
  return differences.length === 0
    ? 'nothing is left on the nodes'
    : colors.red(oneLine(`not as before on the nodes: ${differences.join('; ')}`));
}

function saySurvey({ when, snapshot, differences }: StateEvent, colors: Colors): string {
  if (when === 'after') {
    return differences.length === 0
      ? 'the cluster is as it was before'
      : colors.yellow(oneLine(`not as before: ${differences.join('; ')}`));
  }
  const { cluster, nodes, datastore } = snapshot;
  const { leader } = datastore;
  const standbys = datastore.members.filter(({ role }) => role === 'stand-by').length;
  return [
    `${cluster.name}: ${nodes.length} nodes, ${cluster.platform} ${cluster.kubernetes}`,
    `${datastore.kind} with ${voters(snapshot).length} voters and ${standbys} stand-by`,
    leader === undefined ? 'no leader' : `leader ${nodeIn(snapshot, leader)}`,
  ].join(', ');
}

function nodeIn(snapshot: StateEvent['snapshot'], member: string): string {
  return snapshot.datastore.members.find(({ id }) => id === member)?.node ?? member;
}

function sayRate({ probe, perSecond, failedPerSecond }: ProbeRate): string {
  const failing = failedPerSecond > 0 ? `, ${Math.round(failedPerSecond)} failing` : '';
  return `${probe} ${Math.round(perSecond)}/s${failing}`;
}

/** `+12.34s`, as wide as a run of a quarter of an hour needs. */
function stamp(ms: number): string {
  return `+${(ms / 1000).toFixed(2)}s`.padStart(8);
}

/** What came from outside may hold line ends and control characters; a line is one line. */
function oneLine(text: string): string {
  return text.replace(/[\p{Control}\s]+/gu, ' ').trim();
}
