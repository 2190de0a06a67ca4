/** One value of a metric, under the labels that tell it from others of its name. */
export interface MetricSample<Name extends string = string> {
  readonly name: Name;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/**
 * Gauges in Prometheus' text format, version 0.0.4: each metric once with its help, its samples below it, and no
 * timestamps, as the textfile collector of node_exporter refuses files that have any.
 * @param helps what each metric is, in a sentence, in the order in which they are written; one without samples is left out
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function exposition<Name extends string>(
  helps: Readonly<Record<Name, string>>,
  samples: readonly MetricSample<Name>[],
): string {
  const names = Object.keys(helps) as Name[];
  const lines = names.flatMap((name) => {
    const own = samples.filter((sample) => sample.name === name);
    if (own.length === 0) return [];
    return [
      `# HELP ${name} ${helps[name].replace(/\\/g, '\\\\').replace(/\n/g, '\\n')}`,
      `# TYPE ${name} gauge`,
      ...own.map(({ labels, value }) => `${name}${labelsOf(labels)} ${value}`),
    ];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function labelsOf(labels: MetricSample['labels']): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escaped(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
