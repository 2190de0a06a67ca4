/** What stands in a text of Prometheus' exposition format. */
export interface Read {
  /** Of each metric that has a help. */
  readonly helps: ReadonlyMap<string, string>;
  readonly samples: readonly ReadSample[];
}

export interface ReadSample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
  /** Name and labels, these sorted: what two samples must not share. */
  readonly series: string;
}

const name = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const label = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\"n])*"';
const number = '[+-]?(?:\\d+\\.?\\d*(?:e[+-]?\\d+)?|\\.\\d+)';
const helpLine = new RegExp(`^# HELP (${name}) (.*)$`);
const typeLine = new RegExp(`^# TYPE (${name}) gauge$`);
const sampleLine = new RegExp(`^(${name})(?:\\{(${label}(?:,${label})*)\\})? (${number})$`);

/**
 * Reads the text format, version 0.0.4, as strictly as its description and the textfile collector of node_exporter are
 * together, and more: gauges only, each with a type, finite values, and no comments.
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 * @throws Error with the number of the line that is not of the format
 */
export function readExposition(text: string): Read {
  const helps = new Map<string, string>();
  const samples: ReadSample[] = [];
  const begun = new Set<string>();
  const seen = new Set<string>();
  let current = '';
  const lines = text.split('\n');
  const refuse = (line: number, why: string): never => {
    throw new Error(`line ${line}: ${why}: ${lines[line - 1] ?? ''}`);
  };
  if (lines.pop() !== '') refuse(lines.length + 1, 'the last line has no end');
  for (const [index, line] of lines.entries()) {
    const at = index + 1;
    const [, helped, help = ''] = helpLine.exec(line) ?? [];
    const [, typed] = typeLine.exec(line) ?? [];
    if (helped !== undefined) {
      if (helps.has(helped) || begun.has(helped)) refuse(at, 'not the first line of its metric');
      helps.set(helped, unescaped(help));
    } else if (typed !== undefined) {
      if (begun.has(typed)) refuse(at, 'a type after the type or the samples of its metric');
      begun.add(typed);
      current = typed;
    } else {
      const sample = sampleIn(line, (why) => refuse(at, why));
      if (sample.name !== current) refuse(at, `not under the type of its metric, but ${current}`);
      if (seen.has(sample.series)) refuse(at, 'a series twice');
      seen.add(sample.series);
      samples.push(sample);
    }
  }
  return { helps, samples };
}

function sampleIn(line: string, refuse: (why: string) => never): ReadSample {
  const [, of = '', inside = '', value] = sampleLine.exec(line) ?? refuse('no sample');
  const labels = labelsIn(inside, () => refuse('a label twice'));
  return { name: of, labels, value: Number(value), series: seriesOf(of, labels) };
}

function labelsIn(text: string, refuse: () => never): ReadonlyMap<string, string> {
  const pairs = [...text.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)];
  const labels = new Map(pairs.map(([, key = '', value = '']) => [key, unescaped(value)]));
  return labels.size === pairs.length ? labels : refuse();
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char));
}

function seriesOf(name: string, labels: ReadonlyMap<string, string>): string {
  const pairs = [...labels].map(([key, value]) => `${key}=${JSON.stringify(value)}`).sort();
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`;
}
