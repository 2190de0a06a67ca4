import { markup, type Markup } from './markup.ts';

/** A window of time on the run's clock, in milliseconds; `from < to`. */
export interface Extent {
  readonly from: number;
  readonly to: number;
}

/** Where an instant is in an extent, as an SVG percentage with three decimals: `12.345%`. */
export function percent(at: number, { from, to }: Extent): string {
  return `${Number((((at - from) / (to - from)) * 100).toFixed(3))}%`;
}

/** Which part of an extent lies between two instants, both clamped to it; 0 to 1. */
export function share(a: number, b: number, { from, to }: Extent): number {
  const inside = Math.min(b, to) - Math.max(a, from);
  return Math.max(0, inside) / (to - from);
}

/** Round instants for an axis, at most `count` + 1 of them, 1, 2 or 5 times a power of ten milliseconds apart. */
export function ticks({ from, to }: Extent, count: number): readonly number[] {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5].find((times) => times * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step);
  const last = Math.floor(to / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) =>
    Number(((first + index) * step).toFixed(6)),
  );
}

/** An instant of an axis in seconds, with as many decimals as the distance of the ticks needs. */
export function sayTick(ms: number, stepMs: number): string {
  const decimals = Math.min(3, Math.max(0, Math.ceil(-Math.log10(stepMs / 1000) - 1e-9)));
  return `${(ms / 1000).toFixed(decimals)} s`;
}

/** An instant for a tooltip, with its distance from the fault if there was one. */
export function sayInstant(ms: number, faultMs: number | undefined): string {
  const plain = `${(ms / 1000).toFixed(2)} s`;
  if (faultMs === undefined) return plain;
  const after = (ms - faultMs) / 1000;
  return `${plain} (fault ${after < 0 ? '−' : '+'} ${Math.abs(after).toFixed(2)} s)`;
}

/** A text in the drawing that stays with its interval when the view is zoomed. */
export function placedText(
  text: string,
  { from, to, y, className }: Extent & { readonly y: number; readonly className: string },
  extent: Extent,
): Markup {
  const hidden = share(from, to, extent) < roomForText(text) && markup` visibility="hidden"`;
  return markup`<text class="${className}" x="${percent(Math.max(from, extent.from), extent)}" dx="4" y="${y}" data-from="${Math.round(from)}" data-to="${Math.round(to)}"${hidden}>${text}</text>`;
}

/** The share of a drawing of 800 pixels that a text takes. */
function roomForText(text: string): number {
  return (text.length * 6.2 + 8) / 800;
}
