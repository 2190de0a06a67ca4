import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { exposition } from './exposition.ts';
import { metricHelps, metricsOf } from './metrics.ts';
import { readExposition, type Read } from './testing/read-exposition.ts';
import { sampleResult, verdictsWith } from './testing/sample-run.ts';
import { sampleCampaign, sampleGameday } from './testing/sample-trials.ts';

/** The values of a metric by those labels that are not the same everywhere. */
const valuesOf = ({ samples }: Read, name: string, ...labels: readonly string[]): object =>
  Object.fromEntries(
    samples
      .filter((sample) => sample.name === name)
      .map((sample) => [
        labels.map((label) => sample.labels.get(label) ?? '–').join(' '),
        sample.value,
      ]),
  );

const run = readExposition(metricsOf(sampleResult()));
const campaign = readExposition(metricsOf(sampleCampaign));
const gameday = readExposition(metricsOf(sampleGameday));

describe('the metrics of a result', () => {
  it('tell of a run what came of each claim, and between which bounds it measured', () => {
    expect(valuesOf(run, 'holdfast_claim_trials', 'claim', 'outcome')).to.include({
      'leader-elected pass': 1,
      'leader-elected fail': 0,
      'leader-elected unknown': 0,
    });
    expect(valuesOf(run, 'holdfast_claim_measured_seconds', 'claim', 'bound')).to.include({
      'leader-elected lower': 1.81,
      'leader-elected upper': 1.87,
    });
    expect(valuesOf(run, 'holdfast_claim_limit_seconds', 'claim')).to.include({
      'leader-elected': 5,
    });
    expect(valuesOf(run, 'holdfast_claim_requests', 'claim')).to.deep.equal({
      'workload-available': 4312,
    });
    expect(valuesOf(run, 'holdfast_duration_seconds', 'kind', 'scenario')).to.deep.equal({
      'run leader-loss': 74.2,
    });
    expect(valuesOf(run, 'holdfast_finished_timestamp_seconds', 'cluster')).to.deep.equal({
      rack: 1_795_245_074.2,
    });
  });

  it('have the outcome that holds as 1, and all others as 0', () => {
    for (const outcome of ['pass', 'residue', 'unreachable'] as const) {
      const states = valuesOf(
        readExposition(metricsOf(sampleResult([], { outcome }))),
        'holdfast_outcome',
        'outcome',
      );
      expect(Object.entries(states).filter(([, value]) => value === 1)).to.deep.equal([
        [outcome, 1],
      ]);
      expect(Object.keys(states)).to.have.length(13);
    }
  });

  it('give no number for what was not seen, was not measured, or proves nothing', () => {
    const censored = verdictsWith('leader-elected', {
      outcome: 'unknown',
      measuredMs: { atLeast: 4000 },
    });
    const some = censored.map((verdict) =>
      verdict.claim === 'writes-resume' ? { ...verdict, outcome: 'invalid' as const } : verdict,
    );
    const read = readExposition(metricsOf(sampleResult(some)));
    const measured = valuesOf(read, 'holdfast_claim_measured_seconds', 'claim', 'bound');
    expect(measured).to.include({ 'leader-elected lower': 4 });
    expect(measured).to.not.have.any.keys(
      'leader-elected upper',
      'writes-resume lower',
      'writes-resume upper',
    );
    expect(valuesOf(read, 'holdfast_claim_unseen_trials', 'claim')).to.include({
      'leader-elected': 1,
      'voters-restored': 0,
    });
  });

  it('keep equal claims of a scenario apart', () => {
    const twice = verdictsWith('leader-elected', {}).slice(0, 1);
    const read = readExposition(metricsOf(sampleResult([...twice, ...twice])));
    expect(valuesOf(read, 'holdfast_claim_limit_seconds', 'claim')).to.deep.equal({
      'leader-elected': 5,
      'leader-elected 2': 5,
    });
  });

  it('tell of a campaign quantiles, what bounds them and what is demonstrated', () => {
    expect(valuesOf(campaign, 'holdfast_claim_trials', 'claim', 'outcome')).to.deep.equal({
      'leader-elected pass': 58,
      'leader-elected fail': 1,
      'leader-elected unknown': 0,
      'leader-elected invalid': 1,
      'leader-elected not-applicable': 0,
    });
    // Nothing bounds the 95th percentile of 59 from above, and the largest of them was not seen to end.
    expect(
      valuesOf(campaign, 'holdfast_claim_quantile_seconds', 'quantile', 'bound'),
    ).to.deep.equal({ '0.5 lower': 2.2, '0.5 upper': 2.6, '0.95 lower': 2.9 });
    expect(
      valuesOf(campaign, 'holdfast_claim_measured_quantile_seconds', 'quantile', 'bound'),
    ).to.deep.equal({
      '0.5 lower': 2.4,
      '0.5 upper': 2.44,
      '0.95 lower': 3,
      '0.95 upper': 3.04,
      '1 lower': 45,
    });
    expect(valuesOf(campaign, 'holdfast_claim_demonstrated_ratio', 'claim')).to.deep.equal({
      'leader-elected': 0.922,
    });
    expect(valuesOf(campaign, 'holdfast_claim_change', 'change')).to.deep.equal({
      regressed: 1,
      same: 0,
      better: 0,
      'not enough data': 0,
    });
  });

  it('tell of a game day each scenario, and which failures are tolerated', () => {
    expect(valuesOf(gameday, 'holdfast_trials_asked', 'gameday', 'scenario')).to.deep.equal({
      'nightly leader-loss': 60,
      'nightly leader-freeze': 60,
      'nightly standby-loss': 3,
    });
    expect(valuesOf(gameday, 'holdfast_claim_tolerated', 'scenario')).to.deep.equal({
      'leader-loss': 0,
      'leader-freeze': 1,
    });
    expect(valuesOf(gameday, 'holdfast_scenario_outcome', 'scenario', 'outcome')).to.include({
      'leader-loss fail': 1,
      'leader-freeze pass': 1,
      'standby-loss skipped': 1,
    });
  });

  it('have no label of which each night has another value', () => {
    const labels = [run, campaign, gameday].flatMap(({ samples }) =>
      samples.flatMap((sample) => [...sample.labels]),
    );
    expect(new Set(labels.map(([label]) => label))).to.deep.equal(
      new Set([
        ...['cluster', 'platform', 'kind', 'scenario', 'gameday', 'claim'],
        ...['outcome', 'bound', 'quantile', 'change'],
      ]),
    );
    const values = labels.map(([, value]) => value).join('\n');
    expect(values).to.not.include(sampleResult().run);
    expect(values).to.not.include(String(sampleResult().seed));
  });

  it('say of a run that ended before the survey that it did, of no cluster', () => {
    const { cluster, ...rest } = sampleResult([], { outcome: 'unreachable', trials: [] });
    expect(cluster).to.not.equal(undefined);
    const read = readExposition(metricsOf(rest));
    expect(valuesOf(read, 'holdfast_outcome', 'cluster', 'outcome')).to.include({
      '– unreachable': 1,
    });
    expect(valuesOf(read, 'holdfast_trials_done')).to.deep.equal({ '': 0 });
  });

  it('can stand in one folder with those of another kind: no series is in two files', () => {
    const names = [run, campaign, gameday].flatMap(({ samples }) =>
      samples.map(({ series }) => series),
    );
    expect(new Set(names).size).to.equal(names.length);
  });

  it('are in docs/results.md, all of them with their help', () => {
    const page = readFileSync(new URL('../../docs/results.md', import.meta.url), 'utf8');
    const rows = [...page.matchAll(/^\| `(holdfast_[a-z_]+)` \|[^|]*\| (.*) \|$/gm)];
    expect(Object.fromEntries(rows.map(([, name, help]) => [name, help]))).to.deep.equal(
      metricHelps,
    );
  });
});

describe('exposition', () => {
  const helps = { a_ratio: 'Of a \\ and\na line end.', b_seconds: 'Another.' };

  it('escapes what would end a help or a label', () => {
    const value = 'a "b" \\ c\nd {e="f"}';
    const text = exposition(helps, [{ name: 'a_ratio', labels: { of: value }, value: 0.5 }]);
    const { samples, helps: read } = readExposition(text);
    expect(samples[0]?.labels.get('of')).to.equal(value);
    expect([...read]).to.deep.equal([['a_ratio', 'Of a \\ and\na line end.']]);
  });

  it('writes each metric in one piece, whatever the order of its samples', () => {
    const text = exposition(helps, [
      { name: 'b_seconds', labels: {}, value: 1 },
      { name: 'a_ratio', labels: { of: 'x' }, value: 1e-7 },
      { name: 'b_seconds', labels: { of: 'y' }, value: 2 },
    ]);
    expect(readExposition(text).samples.map(({ series }) => series)).to.deep.equal([
      ...['a_ratio{of="x"}', 'b_seconds', 'b_seconds{of="y"}'],
    ]);
  });
});

describe('the reader of expositions', () => {
  const refused: Readonly<Record<string, string>> = {
    'a line without an end': '# TYPE a gauge\na 1',
    'a name with a dash': '# TYPE a-b gauge\na-b 1\n',
    'a value that is no number': '# TYPE a gauge\na one\n',
    'a timestamp': '# TYPE a gauge\na 1 1700000000000\n',
    'a label without quotes': '# TYPE a gauge\na{b=c} 1\n',
    'a label twice': '# TYPE a gauge\na{b="c",b="d"} 1\n',
    'the same series twice': '# TYPE a gauge\na{b="c",d="e"} 1\na{d="e",b="c"} 2\n',
    'a metric in two pieces': '# TYPE a gauge\na 1\n# TYPE b gauge\nb 1\na{x="y"} 1\n',
    'a metric without a type': 'a 1\n',
    'an unknown escape': '# TYPE a gauge\na{b="\\t"} 1\n',
    'a type after its samples': '# TYPE a gauge\na 1\n# TYPE a gauge\n',
  };
  for (const [what, text] of Object.entries(refused))
    it(`refuses ${what}`, () => {
      expect(() => readExposition(text)).to.throw(/^line \d+: /);
    });
});
