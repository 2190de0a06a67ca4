/** Of what pages of many trials have beside that of one run, and of the failure matrix. */
export const chartStyle = `a { color: var(--accent); text-underline-offset: 2px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 14px 0 0; padding: 0; font-size: 14.5px; }
ul.bare { list-style: none; margin: 0; padding: 0; } ul.bare li + li { margin-top: 4px; }
.matrix { min-width: 860px; } .matrix th[scope=rowgroup] { color: var(--ink); font-size: 14.5px; width: 16%; }
.matrix td[data-label=expected] { width: 26%; } .matrix td[data-label=induced] { width: 20%; } .matrix td[data-label=observed] { width: 27%; }
.matrix tbody + tbody { border-top: 1px solid var(--line); } .matrix tbody tr:last-child > *, .matrix [rowspan] { border-bottom: 0; }
table.cells td, table.cells th[scope=row], table.trials td, table.trials th[scope=row] { padding-top: 6px; padding-bottom: 6px; font-size: 14px; } td.fail, td.warn { font-weight: 550; }
table.trials th, table.trials td { padding-right: 12px; } table.trials th[scope=row], table.trials .hit { white-space: nowrap; } table.trials .wide { white-space: normal; min-width: 11em; }
table.trials tr:target > * { background: var(--faint); }
.distribution { margin-top: 26px; } .distribution + .distribution { border-top: 1px solid var(--rule); padding-top: 20px; } .distribution h3 { margin: 0 0 4px; } .distribution p { margin: 0 0 4px; } .distribution p.soft { font-size: 14px; }
details.scenario { border-top: 1px solid var(--rule); padding-top: 12px; } details.scenario > summary { font-size: 15.5px; }
.plot { display: grid; grid-template-columns: 74px minmax(0, 1fr) 170px; column-gap: 12px; margin: 10px 0 4px; }
.plot svg { width: 100%; display: block; overflow: visible; } .plot text { font-size: 12px; fill: var(--ink); paint-order: stroke; stroke: var(--card); stroke-width: 3px; stroke-linejoin: round; } .plot svg.names text { text-anchor: end; fill: var(--soft); } .plot svg.figures text { font-variant-numeric: tabular-nums; }
.plot .body > rect.predicted, svg.sample rect.predicted { fill: var(--strong); fill-opacity: 0.6; } .plot text.soft { fill: var(--soft); } .plot svg.at { width: auto; overflow: visible; }
.plot .axis line, .plot line.rule { stroke: var(--rule); } .plot .axis text { fill: var(--soft); font-variant-numeric: tabular-nums; } .plot line.divide { stroke: var(--line); }
line.limit { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 5 3; } .plot text.limit { font-weight: 600; }
.trial line { stroke: var(--accent); stroke-opacity: 0.35; } .trial circle { fill: var(--accent); }
.trial.fail line { stroke: var(--failed); stroke-opacity: 0.5; } .trial.fail path, .unseen path { fill: none; stroke: var(--failed); stroke-width: 2; } .plot text.fail { fill: var(--fail); font-weight: 600; }
.trial.unknown line { stroke: var(--warn); } .trial.unknown circle { fill: var(--card); stroke: var(--warn); stroke-width: 2; } .plot text.unknown { fill: var(--warn); font-weight: 600; }
.unseen line { stroke: var(--failed); stroke-width: 1.5; stroke-dasharray: 2 2; }
.unseen.unknown line, .unseen.unknown path { stroke: var(--warn); } .unseen.pass line, .unseen.pass path { stroke: var(--accent); }
.quantile line { stroke: var(--ink); stroke-width: 2; } .quantile line.boundless { stroke: var(--soft); stroke-width: 1.5; stroke-dasharray: 1.5 4; } .quantile circle { fill: var(--ink); } .quantile circle.open { fill: var(--card); stroke: var(--ink); stroke-width: 2; }
.legend.first { margin: 0 0 6px; } .legend svg.sample { overflow: visible; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 10px 34px; } .charts h3 { margin: 14px 0 0; }
.plot.trend { grid-template-columns: 46px minmax(0, 1fr); }
.night line { stroke: var(--accent); stroke-width: 2; stroke-opacity: 0.45; } .night circle { fill: var(--accent); } .night circle.open { fill: var(--card); stroke: var(--accent); stroke-width: 2; } .night path { fill: none; stroke: var(--failed); stroke-width: 2; }
.night.missed circle { fill: var(--failed); stroke: var(--failed); } .night.missed line { stroke: var(--failed); } .night.last circle { r: 5.5px; } line.path { stroke: var(--ok); }
details.log { margin-top: 4px; } details.log > summary { font-weight: 500; } details.log pre { max-height: 420px; overflow-y: auto; font-size: 12px; }
`;
