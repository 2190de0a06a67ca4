import { createHash } from 'node:crypto';
import type { Concluded } from '../model/result.ts';
import { markup, trusted, type Markup } from './markup.ts';
import { styleSheet } from './style.ts';
import { zoomScript } from './zoom.ts';

/** What a page has beside its sections. */
export interface Shell {
  /** Of the window. */
  readonly title: string;
  /** The header first, which tells the verdict. */
  readonly parts: readonly (Markup | false | undefined)[];
  readonly footer: Markup;
}

/**
 * A self-contained page: it asks for nothing from any network, and its policy forbids that.
 * @returns HTML
 */
export function pageOf({ title, parts, footer }: Shell): string {
  return markup`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashOf(styleSheet)}; script-src ${hashOf(zoomScript)}; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – Holdfast</title>
<style>${trusted(styleSheet)}</style>
</head>
<body>
<main>
${parts.map((part) => markup`${part}\n`)}<footer>${footer}</footer>
</main>
<script>${trusted(zoomScript)}</script>
</body>
</html>
`.markup;
}

/** What could not be put back, for the header. */
export function residueList({ residue }: Pick<Concluded, 'residue'>): Markup | false {
  if (residue.length === 0) return false;
  return markup`<div id="residue"><h2 class="fail">Left behind, to be put back by hand</h2><ul class="plain">${residue.map((line) => markup`<li><code>${line}</code></li>`)}</ul></div>`;
}

/** The policy allows our own style and script by what they are, and so nothing that got into the page otherwise. */
function hashOf(text: string): Markup {
  return trusted(`'sha256-${createHash('sha256').update(text).digest('base64')}'`);
}

/** `2026-11-22 01:00:00 UTC` */
export function sayWall(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}
