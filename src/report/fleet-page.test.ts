import { expect } from 'chai';
import type { FleetResult, FleetScenario } from '../model/fleet-result.ts';
import { fleetJunit } from './fleet-junit.ts';
import { fleetPage } from './fleet-page.ts';
import { pageAsMarkdown, pageAsText } from './page.ts';
import { plain } from './terminal.ts';
import { validateJunit } from './testing/validate-junit.ts';

const startedAt = '2026-11-22T01:00:00.000Z';
const finishedAt = '2026-11-22T01:30:00.000Z';
const sentence = '18 of 20 failovers ≤ 5 s: with 95 % confidence at least 71.7 % are.';

const scenario: FleetScenario = {
  on: 'rack-a',
  cluster: { id: 'a', name: 'rack-a' },
  sources: ['night-1', 'night-2'],
  scenario: 'leader-loss',
  outcome: 'fail',
  reason: 'no leader was seen',
  asked: 20,
  trials: [
    {
      number: 1,
      outcome: 'fail',
      faults: [],
      verdicts: [
        {
          claim: 'leader-elected',
          outcome: 'fail',
          title: 'a new leader within 5 s',
          because: 'no leader was seen',
          evidence: [],
        },
      ],
      clocks: [],
      findings: [],
    },
  ],
  runs: [{ run: 'run-1', seed: 1, startedAt, finishedAt }],
  claims: [
    {
      claim: 'leader-elected',
      title: 'a new leader within 5 s',
      limitMs: 5000,
      passed: 18,
      failed: 2,
      unknown: 0,
      invalid: 0,
      notApplicable: 0,
      sentence,
    },
  ],
  clocks: [],
  compared: [],
  predicted: [],
  tolerated: [],
};

const fleet: FleetResult = {
  schema: 'holdfast.dev/result/v1',
  kind: 'fleet',
  run: '2026-11-22T03-00-00Z-fleet-abcdef',
  startedAt,
  finishedAt,
  outcome: 'fail',
  exitCode: 1,
  reason: 'rack-a, nightly: no leader was seen',
  healed: true,
  residue: [],
  members: [
    {
      on: 'rack-a',
      cluster: { id: 'a', name: 'rack-a' },
      folder: 'reports/night-1',
      source: {
        kind: 'gameday',
        run: 'night-1',
        scenario: 'nightly',
        seed: 7,
        startedAt,
        finishedAt,
      },
      outcome: 'fail',
      exitCode: 1,
      reason: 'no leader was seen',
    },
    {
      on: 'rack-b',
      cluster: { id: 'b', name: 'rack-b' },
      outcome: 'unknown',
      exitCode: 2,
      reason: 'there is no result of this cluster',
    },
    {
      on: 'cluster not known',
      folder: 'reports/torn',
      outcome: 'invalid',
      exitCode: 3,
      reason: 'run.json is no plan',
    },
  ],
  scenarios: [
    scenario,
    { ...scenario, on: 'rack-b', cluster: { id: 'b', name: 'rack-b' }, sources: ['night-3'] },
  ],
};

describe('the page of a fleet', () => {
  const text = pageAsText(fleetPage(fleet), plain, 200);

  it('has a row for each member and each scenario, and says which did not pass and why', () => {
    expect(text).to.include('FAIL: a fleet of 2 clusters, 1 result');
    expect(text).to.match(/rack-a +nightly \(game day\) +2026-11-22T01:00:00.000Z +fail +1/);
    expect(text).to.match(/rack-b +– +– +unknown +2/);
    expect(text).to.include('rack-a, nightly: fail: no leader was seen (reports/night-1)');
    expect(text).to.include('rack-b: unknown: there is no result of this cluster');
    expect(text).to.include('invalid: run.json is no plan (reports/torn)');
    expect(text).to.match(/rack-a: leader-loss +1 of 20 +fail +0 of 1/);
    expect(text).to.include('30 min; exit 1.');
  });

  it('gives figures over several members only where they were pooled', () => {
    expect(text).to.include('rack-a: leader-loss, 1 trial of 2 results under one configuration');
    expect(text).to.not.include('rack-b: leader-loss, 1 trial');
    expect(text.split(`leader-elected: ${sentence}`)).to.have.length(2);
    expect(pageAsMarkdown(fleetPage(fleet))).to.match(/^\| cluster \| what \|/m);
  });
});

describe('the junit.xml of a fleet', () => {
  it('has a suite for each member and each scenario, and none without its cluster', () => {
    const xml = fleetJunit(fleet);
    const names = [...xml.matchAll(/<testsuite name="([^"]*)"/g)].map(([, name]) => name);
    expect(names).to.deep.equal([
      'rack-a.gameday nightly',
      'rack-b.no result',
      'cluster not known.reports/torn',
      'rack-a.leader-loss',
      'rack-b.leader-loss',
    ]);
    expect(xml).to.match(/<testsuites name="holdfast" tests="7" failures="5" errors="2"/);
  });

  it('is valid', function () {
    for (const result of [fleet]) {
      const validated = validateJunit(fleetJunit(result));
      // Its absence is told by the test of a single run.
      if (validated === undefined) this.skip();
      expect(validated.says).to.match(/ validates\n$/);
    }
  });
});
