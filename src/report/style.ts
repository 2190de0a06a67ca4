import { chartStyle } from './chart-style.ts';

/**
 * The style sheet of the page, light and dark, for screen and paper. The colours of nodes are those of Okabe and Ito,
 * which colour-blind people can tell apart; vermilion is kept for what fails.
 * @see https://jfly.uni-koeln.de/color/
 */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #fbfaf8; --card: #ffffff; --ink: #1f2430; --soft: #5d6472; --line: #e3e1dc; --rule: #efedea;
  --pass: #00795a; --fail: #c2410c; --warn: #8a5a00; --accent: #0a62a5;
  --failed: #d55e00; --ok: #9db4c6; --quiet: #b9bcc4; --band: #d55e0014; --hatch: #d55e0038; --heal: #00795a;
  --on-deep: #ffffff; --on-light: #10141b; --strong: #cfd9e3; --faint: #e9edf1; --phase-a: #eceae5; --phase-b: #f5f3ef;
  --n0: #0072b2; --n1: #e69f00; --n2: #009e73; --n3: #cc79a7; --n4: #56b4e9; --n5: #f0e442; --n6: #7a6a9c; --n7: #8a8f98;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #14171d; --card: #1b1f27; --ink: #e7e9ee; --soft: #a0a7b4; --line: #303643; --rule: #272c36;
    --pass: #4fc79c; --fail: #ff8a5c; --warn: #f0b44c; --accent: #7cbcf0;
    --failed: #f0743a; --ok: #5b7389; --quiet: #525966; --band: #f0743a1c; --hatch: #f0743a45; --heal: #4fc79c;
    --on-deep: #10141b; --on-light: #10141b; --strong: #37475a; --faint: #262e39; --phase-a: #2a303b; --phase-b: #222731;
    --n0: #3d9bd9; --n1: #e8a92b; --n2: #2cb58d; --n3: #d48db3; --n4: #7cc4ee; --n5: #e9de5a; --n6: #a08fc6; --n7: #a3a8b2;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif; }
main { max-width: 1240px; margin: 0 auto; padding: 40px 28px 72px; }
h1 { font-size: 27px; line-height: 1.3; font-weight: 650; letter-spacing: -0.01em; margin: 10px 0 10px; text-wrap: balance; }
h2 { font-size: 18px; font-weight: 650; margin: 0 0 14px; }
h3 { font-size: 15px; font-weight: 600; margin: 18px 0 6px; }
p { margin: 0 0 10px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 24px 26px; margin-top: 22px; }
header { padding: 0 2px; }
.kicker, .soft { color: var(--soft); }
.kicker { font-size: 14px; margin: 0; }
.badge { display: inline-block; font-size: 13px; font-weight: 650; line-height: 1; padding: 5px 10px; border-radius: 99px; border: 1.5px solid currentColor; white-space: nowrap; }
.badge::before { margin-right: 6px; }
.pass { color: var(--pass); } .pass.badge::before { content: "✓"; }
.fail { color: var(--fail); } .fail.badge::before { content: "✕"; }
.warn { color: var(--warn); } .warn.badge::before { content: "?"; }
.na { color: var(--soft); } .na.badge::before { content: "–"; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14.5px; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 13px; }
th, td { padding: 9px 14px 9px 0; border-bottom: 1px solid var(--rule); vertical-align: top; }
tr:last-child > td, tr:last-child > th[scope=row] { border-bottom: 0; }
th[scope=row] { color: var(--ink); font-size: 14.5px; }
.figure { font-variant-numeric: tabular-nums; white-space: nowrap; }
span.beside { font-size: 13px; white-space: normal; }
table.clocks td, table.clocks th { padding-top: 4px; padding-bottom: 4px; border-bottom: 0; } table.clocks th[scope=row] { font-weight: 500; }
svg.clock { display: block; } svg.clock text { font: 11px system-ui, sans-serif; fill: var(--soft); }
svg.clock .mark { stroke: var(--rule); } svg.clock .predicted { fill: var(--strong); } svg.clock .seen { fill: var(--accent); } svg.clock .open { fill: none; stroke: var(--failed); stroke-width: 2; }
code, pre { font: 13px/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
code { overflow-wrap: anywhere; }
pre { background: var(--page); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; overflow-x: auto; margin: 8px 0 14px; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 5px 20px; margin: 0; font-size: 14.5px; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
ul.plain { margin: 4px 0 0; padding-left: 20px; font-size: 14.5px; }
details { margin-top: 12px; } summary { cursor: pointer; font-weight: 600; font-size: 14.5px; }
summary:focus-visible, button:focus-visible, a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.tools { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; margin-bottom: 14px; }
.tools button { font: inherit; font-size: 13.5px; color: var(--ink); background: var(--page); border: 1px solid var(--line); border-radius: 7px; padding: 3px 11px; cursor: pointer; }
.tools button:hover { border-color: var(--accent); }
.tools button:disabled { opacity: 0.5; cursor: default; }
.readout { margin-left: auto; color: var(--soft); font-size: 13.5px; font-variant-numeric: tabular-nums; }
.drawing { display: grid; grid-template-columns: auto minmax(0, 1fr); column-gap: 12px; overflow-x: clip; }
.labels { font-size: 12.5px; color: var(--soft); min-width: 52px; max-width: 120px; }
.labels div { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.labels .top { height: 24px; line-height: 20px; } .labels .faults { height: 22px; line-height: 18px; }
.labels .title { height: 30px; line-height: 18px; padding-top: 11px; overflow: visible; width: 0; color: var(--ink); font-weight: 600; position: relative; z-index: 1; pointer-events: none; }
.labels .row { height: 18px; line-height: 18px; }
#drawing { width: 100%; display: block; overflow: hidden; touch-action: pan-y; cursor: crosshair; user-select: none; }
#drawing text { font-size: 11.5px; fill: var(--ink); pointer-events: none; }
.even { fill: var(--phase-a); } .odd { fill: var(--phase-b); }
.fault { fill: var(--band); } .fault-head { fill: url(#hatch); } #hatch line { stroke: var(--hatch); stroke-width: 6; }
#drawing .fault-label, #drawing .heal-label { font-weight: 600; }
#drawing .heal-label { fill: var(--heal); }
.edge { stroke: var(--failed); stroke-width: 1.5; } .heal line { stroke: var(--heal); stroke-width: 1.5; stroke-dasharray: 4 3; }
.rule { stroke: var(--rule); }
.axis line { stroke: var(--soft); } #drawing .axis text { fill: var(--soft); font-variant-numeric: tabular-nums; }
.cursor { stroke: var(--accent); stroke-width: 1; pointer-events: none; } .chosen { fill: var(--accent); fill-opacity: 0.16; pointer-events: none; }
rect.ok { fill: var(--ok); } rect.strong { fill: var(--strong); } rect.faint { fill: var(--faint); }
rect.failed { fill: var(--failed); stroke: var(--failed); stroke-width: 1.5; vector-effect: non-scaling-stroke; }
rect.missed { fill: none; stroke: var(--quiet); stroke-width: 1.5; stroke-dasharray: 1.5 3; vector-effect: non-scaling-stroke; } rect.none { fill: var(--soft); }
${[0, 1, 2, 3, 4, 5, 6, 7].map((n) => `rect.n${n} { fill: var(--n${n}); }`).join(' ')}
rect.names { fill-opacity: 0.32; }
rect.spare { fill: none; stroke: var(--quiet); stroke-dasharray: 3 3; vector-effect: non-scaling-stroke; }
#drawing text.leads, #drawing text.failed { font-weight: 600; fill: var(--on-light); }
#drawing text.failed, #drawing text.n0, #drawing text.n2, #drawing text.n6 { fill: var(--on-deep); }
#drawing text.names { fill: var(--ink); }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 6px 20px; padding: 0; margin: 14px 0 0; font-size: 13px; color: var(--soft); }
.legend svg { vertical-align: -2px; margin-right: 7px; }
${chartStyle}footer { color: var(--soft); font-size: 13.5px; margin-top: 26px; }
@media screen and (max-width: 720px) {
  main { padding: 24px 14px 48px; } section { padding: 18px 16px; } h1 { font-size: 22px; }
  .drawing { column-gap: 8px; } .readout { margin-left: 0; flex-basis: 100%; } dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 8px; }
  table.matrix { min-width: 0; } table.matrix thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.matrix, table.matrix tbody { display: block; } table.matrix tr { display: block; padding: 10px 0; border-bottom: 1px solid var(--rule); }
  table.matrix th[data-label], table.matrix td[data-label] { display: block; width: auto; border: 0; padding: 3px 0; }
  table.matrix [data-label]::before { content: attr(data-label); display: block; font-size: 12.5px; font-weight: 400; color: var(--soft); }
  .plot { grid-template-columns: 58px minmax(0, 1fr); } .plot svg.figures { display: none; } .plot.trend { grid-template-columns: 46px minmax(0, 1fr); }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 11pt; } main { max-width: none; padding: 0; }
  section { border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 14px 0; margin-top: 12px; }
  .scroll { overflow: visible; } th, td, code, .badge, span.beside { font-size: 8pt !important; } th, td { padding: 4px 8px 4px 0 !important; } td.figure, td .figure { white-space: normal; }
  table.matrix { min-width: 0; } details.log pre { max-height: none; } .plot { grid-template-columns: 58px minmax(0, 1fr) 140px; }
  .tools, nav { display: none; } .distribution, .charts > div { break-inside: avoid; }
  tr, h2, h3, .drawing { break-inside: avoid; } h2, h3 { break-after: avoid; }
  rect, .badge, circle { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
