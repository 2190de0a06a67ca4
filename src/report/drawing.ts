import type { Timeline } from '../model/timeline.ts';
import { percent, placedText, sayInstant, sayTick, share, ticks, type Extent } from './chart.ts';
import type { Lane, LaneGroup, Look, Stretch } from './lanes.ts';
import { markup, type Markup } from './markup.ts';
import { endOf, faultsOf, phasesOf } from './story.ts';
import { phaseNames } from './terminal.ts';

/** Pixels. */
const rowHeight = 18;
const titleHeight = 30;
const phasesHeight = 24;
const faultsHeight = 22;
const axisHeight = 26;

/** The timeline as a drawing that can be zoomed: labels as text on the left, lanes as SVG on the right. */
export function drawingOf(timeline: Timeline, groups: readonly LaneGroup[]): Markup {
  const extent = { from: 0, to: Math.max(1000, endOf(timeline)) };
  const bands = bandsOf(timeline, extent.to);
  const faultMs = bands[0]?.from;
  const around = faultMs === undefined ? extent : aroundFault(faultMs, extent);
  const placed = place(groups);
  const top = phasesHeight + faultsHeight;
  const bottom = placed.reduce((y, { group }) => y + heightOf(group), top);
  const height = bottom + axisHeight;
  return markup`<div class="tools" role="group" aria-label="Zoom the timeline">
<button type="button" data-do="all">Whole run</button>
<button type="button" data-do="fault"${faultMs === undefined && markup` disabled`}>Around the fault</button>
<button type="button" data-do="in" aria-label="Zoom in">+</button>
<button type="button" data-do="out" aria-label="Zoom out">−</button>
<button type="button" data-do="left" aria-label="Earlier">←</button>
<button type="button" data-do="right" aria-label="Later">→</button>
<output class="readout" aria-live="off">drag over the drawing to zoom in</output></div>
<div class="drawing"><div class="labels" aria-hidden="true">${labelsOf(placed)}</div>
<svg id="drawing" height="${height}" role="img" aria-labelledby="drawing-says" data-from="${extent.from}" data-to="${extent.to}" data-fault-from="${Math.round(around.from)}" data-fault-to="${Math.round(around.to)}"${faultMs !== undefined && markup` data-fault="${Math.round(faultMs)}"`}>
<title id="drawing-says">${describe(timeline, bands)}</title>
<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><line x1="0" y1="0" x2="0" y2="6"/></pattern></defs>
${bands.map((band) => drawBand(band, extent, bottom))}
${drawPhases(timeline, extent)}
${placed.map((each) => drawGroup(each, extent, faultMs))}
${drawHeal(timeline, extent, bottom)}
<g class="axis" transform="translate(0 ${bottom})">${drawAxis(extent)}</g>
<line class="cursor" y1="${phasesHeight}" y2="${bottom}" visibility="hidden"/>
<rect class="chosen" y="${phasesHeight}" height="${bottom - phasesHeight}" visibility="hidden"/>
</svg></div>
${legend()}`;
}

interface Band extends Extent {
  readonly label: string;
  readonly says: string;
}

interface Placed {
  readonly group: LaneGroup;
  readonly y: number;
}

/** From fired to taken back, or to the end of the run. */
function bandsOf(timeline: Timeline, end: number): readonly Band[] {
  return faultsOf(timeline).flatMap(({ intent, step, fired, undone }) => {
    if (fired === undefined) return [];
    const says = intent?.says ?? step;
    const label = intent ? `${intent.fault} ${intent.targets.join(', ')}` : step;
    const to = undone?.hi ?? end;
    const bounds = `fired ${sayInstant(fired.lo, undefined)} to ${sayInstant(fired.hi, undefined)}`;
    const taken = undone ? `taken back by ${sayInstant(undone.hi, undefined)}` : 'not taken back';
    return [{ from: fired.lo, to, label, says: `${says}: ${bounds}, ${taken}` }];
  });
}

/** From three seconds before the fault to twelve after it, as far as the run goes. */
function aroundFault(faultMs: number, { from, to }: Extent): Extent {
  return { from: Math.max(from, faultMs - 3000), to: Math.min(to, faultMs + 12_000) };
}

function place(groups: readonly LaneGroup[]): readonly Placed[] {
  let y = phasesHeight + faultsHeight;
  return groups.map((group) => {
    const placed = { group, y };
    y += heightOf(group);
    return placed;
  });
}

function heightOf({ lanes }: LaneGroup): number {
  return titleHeight + lanes.length * rowHeight;
}

function labelsOf(placed: readonly Placed[]): readonly Markup[] {
  return [
    markup`<div class="top">phase</div><div class="faults">fault</div>`,
    ...placed.map(
      ({ group }) =>
        markup`<div class="title">${group.title}</div>${group.lanes.map(({ label }) => markup`<div class="row">${label}</div>`)}`,
    ),
  ];
}

function drawBand({ from, to, label, says }: Band, extent: Extent, bottom: number): Markup {
  const x = percent(from, extent);
  const width = `${share(from, to, extent) * 100}%`;
  const y = phasesHeight;
  return markup`<g class="band"><rect class="fault" x="${x}" width="${width}" y="${y}" height="${bottom - y}" data-from="${Math.round(from)}" data-to="${Math.round(to)}"/><rect class="fault-head" x="${x}" width="${width}" y="${y}" height="${faultsHeight - 4}" data-from="${Math.round(from)}" data-to="${Math.round(to)}"><title>${says}</title></rect>${placedText(label, { from, to, y: y + 13, className: 'fault-label' }, extent)}<line class="edge" x1="${x}" x2="${x}" y1="${y}" y2="${bottom}" data-at="${Math.round(from)}"/></g>`;
}

function drawPhases(timeline: Timeline, extent: Extent): readonly Markup[] {
  return phasesOf(timeline)
    .filter(({ from, to }) => to > from)
    .map(({ phase, from, to }, index) => {
      const name = phaseNames[phase];
      const says = `${name}: ${sayInstant(from, undefined)} to ${sayInstant(to, undefined)}`;
      return markup`<g class="phase"><rect class="${index % 2 === 0 ? 'even' : 'odd'}" x="${percent(from, extent)}" width="${share(from, to, extent) * 100}%" y="0" height="${phasesHeight - 4}" data-from="${Math.round(from)}" data-to="${Math.round(to)}"><title>${says}</title></rect>${placedText(name, { from, to, y: 14, className: 'phase-label' }, extent)}</g>`;
    });
}

function drawGroup({ group, y }: Placed, extent: Extent, faultMs: number | undefined): Markup {
  return markup`<g class="lanes">${group.lanes.map((lane, index) =>
    drawLane(lane, y + titleHeight + index * rowHeight, extent, faultMs),
  )}</g>`;
}

/**
 * A lane is stretched to the width of the page: its own coordinates are milliseconds and tenths of its height, so that
 * zooming is a change of its view box.
 */
function drawLane(lane: Lane, y: number, extent: Extent, faultMs: number | undefined): Markup {
  const labels = lane.stretches
    .filter(({ label, from, to }) => label !== undefined && share(from, to, extent) > 0.004)
    .map((stretch) =>
      placedText(
        stretch.label ?? '',
        {
          from: stretch.from,
          to: stretch.to,
          y: y + 13,
          className: `${stretch.look}${colourOf(stretch)}`,
        },
        extent,
      ),
    );
  return markup`<line class="rule" x1="0" x2="100%" y1="${y + rowHeight - 0.5}" y2="${y + rowHeight - 0.5}"/><svg class="strip" y="${y + 2}" width="100%" height="${rowHeight - 4}" viewBox="${extent.from} 0 ${extent.to - extent.from} 10" preserveAspectRatio="none">${lane.stretches.map((stretch) => drawStretch(stretch, faultMs))}</svg>${labels}`;
}

/** Top and height of each look in tenths of the lane: what is wrong or outstanding is tall, the usual is thin. */
const shapes: Readonly<Record<Look, readonly [number, number]>> = {
  ok: [4, 2],
  failed: [0, 10],
  missed: [4.6, 0.8],
  leads: [0, 10],
  names: [0, 10],
  none: [4.6, 0.8],
  strong: [0, 10],
  faint: [0, 10],
  spare: [0.5, 9],
};

function drawStretch(stretch: Stretch, faultMs: number | undefined): Markup {
  const { from, to, look, says } = stretch;
  const [y, height] = shapes[look];
  const x = Math.round(from);
  const when = `${sayInstant(from, faultMs)}, for ${((to - from) / 1000).toFixed(2)} s`;
  return markup`<rect class="${look}${colourOf(stretch)}" x="${x}" y="${y}" width="${Math.max(1, Math.round(to) - x)}" height="${height}"><title>${says}\n${when}</title></rect>`;
}

/** Nodes beyond the eighth share colours; their names are written beside them. */
function colourOf({ node }: Stretch): string {
  return node === undefined ? '' : ` n${node % 8}`;
}

function drawHeal(timeline: Timeline, extent: Extent, bottom: number): readonly Markup[] {
  return phasesOf(timeline)
    .filter(({ phase }) => phase === 'heal')
    .map(
      ({ from }) =>
        markup`<g class="heal"><line x1="${percent(from, extent)}" x2="${percent(from, extent)}" y1="${phasesHeight}" y2="${bottom}" data-at="${Math.round(from)}"/>${placedText('heal', { from, to: extent.to, y: phasesHeight + 13, className: 'heal-label' }, extent)}</g>`,
    );
}

function drawAxis(extent: Extent): readonly Markup[] {
  const at = ticks(extent, 8);
  const step = (at[1] ?? extent.to) - (at[0] ?? extent.from);
  return at.map(
    (ms) =>
      markup`<line x1="${percent(ms, extent)}" x2="${percent(ms, extent)}" y1="0" y2="5"/><text x="${percent(ms, extent)}" y="18" text-anchor="${anchorAt(share(extent.from, ms, extent))}">${sayTick(ms, step)}</text>`,
  );
}

/** The first and the last text of an axis stay within the drawing. */
function anchorAt(part: number): string {
  return part < 0.02 ? 'start' : part > 0.98 ? 'end' : 'middle';
}

function describe(timeline: Timeline, bands: readonly Band[]): string {
  const faults = bands.map(({ says }) => says).join('; ') || 'no fault was fired';
  return `The run from 0 to ${sayInstant(endOf(timeline), undefined)}; ${faults}. What is drawn here stands in the table below.`;
}

function legend(): Markup {
  const sample = (look: Look, colour: string, text: string): Markup => {
    const [y, height] = shapes[look];
    return markup`<li><svg width="28" height="14" viewBox="0 0 28 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${look} ${colour}" x="0" y="${y}" width="28" height="${height}"/></svg>${text}</li>`;
  };
  return markup`<ul class="legend">${[
    sample('leads', 'n0', 'leads, by its own word'),
    sample('names', 'n0', 'names another as leader, in that one’s colour'),
    sample('none', '', 'knows no leader, or tells nothing new'),
    sample('ok', '', 'answers'),
    sample('failed', '', 'fails, or does not answer'),
    sample('missed', '', 'not sampled'),
  ]}</ul>`;
}
