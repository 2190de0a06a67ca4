import { expect } from 'chai';
import fc from 'fast-check';
import { testTables } from '../testing/tables.ts';
import { readScenario } from './scenario.ts';
import type { Scenario } from '../model/scenario.ts';

const head = `apiVersion: holdfast.dev/v1
kind: Scenario
name: some
title: Some
claim: It holds.
class: [reversible]
`;

describe('a scenario file', () => {
  it('becomes a scenario with its words checked and its durations in milliseconds', () => {
    const text = `${head}source: a guide
needs: { voters: 3 }
workload: web
steps:
  - kill: { service: datastore, target: leader, stay-down: true }
  - wait: { until: seen, at-most: 45s }
  - heal: all
expect:
  - leader-elected: { within: 5s }
  - workload-available: { failed: 0.1%, longest-outage: 1s }
`;
    expect(scenarioIn(text)).to.deep.equal({
      name: 'some',
      title: 'Some',
      claim: 'It holds.',
      source: 'a guide',
      class: ['reversible'],
      needs: { voters: 3 },
      workload: 'web',
      steps: [
        {
          kind: 'fault',
          id: 'kill',
          fault: 'kill',
          params: { service: 'datastore', target: 'leader', count: 'one', 'stay-down': true },
        },
        { kind: 'until-seen', id: 'wait', atMostMs: 45_000 },
        { kind: 'heal', id: 'heal', step: 'all' },
      ],
      expect: [
        { claim: 'leader-elected', params: { within: 5000 } },
        { claim: 'workload-available', params: { failed: 0.001, 'longest-outage': 1000 } },
      ],
    });
  });

  it('may ask a Service that is there already', () => {
    const workloadIn = (text: string) =>
      scenarioIn(`${head}workload: ${text}\nsteps: [{ wait: 5s }]\n`).workload;
    expect(workloadIn('{ service: shop/web }')).to.deep.equal({
      namespace: 'shop',
      service: 'web',
      path: '/',
      expect: 200,
      by: 'node-port',
    });
    const written =
      '{ service: shop/web, port: http, path: "/healthz?full=1", expect: 204, by: { ingress: shop.example.org, address: "2001:db8::7", https: true } }';
    expect(workloadIn(written)).to.deep.equal({
      namespace: 'shop',
      service: 'web',
      port: 'http',
      path: '/healthz?full=1',
      expect: 204,
      by: { ingress: 'shop.example.org', address: '2001:db8::7', https: true },
    });
  });

  it('may have its workload asked at a rate', () => {
    const text = `${head}workload: web\nload: { rate: 200/s }\nsteps: [{ wait: 5s }]\n`;
    expect(scenarioIn(text).load).to.deep.equal({ perSecond: 200 });
  });

  it('needs no more than a head and a step, and never has to heal', () => {
    const scenario = scenarioIn(`${head}steps: [{ wait: 5s }]\n`);
    expect(scenario.steps).to.deep.equal([{ kind: 'hold', id: 'wait', forMs: 5000 }]);
    expect(scenario.needs).to.deep.equal({});
    expect(scenario.expect).to.deep.equal([]);
    expect(scenario).not.to.have.any.keys('source', 'workload');
  });

  it('numbers the steps that were given no id, around those that were', () => {
    const kill = 'kill: { service: containers, target: leader }';
    const { steps } = scenarioIn(`${head}steps:
  - ${kill}
  - { id: kill-2, ${kill} }
  - ${kill}
  - heal: kill-3
  - heal: all
`);
    expect(steps.map(({ id }) => id)).to.deep.equal(['kill', 'kill-2', 'kill-3', 'heal', 'heal-2']);
  });

  it('may do steps for each of some nodes, with ids of their own', () => {
    const { steps } = scenarioIn(`${head}steps:
  - kill: { service: containers, target: leader }
  - each:
      of: { nodes: [pi1, pi2] }
      do:
        - kill: { service: containers, target: it }
        - heal: kill-2
        - wait: { until: well, at-most: 5m }
  - heal: kill
`);
    expect(steps).to.deep.include({
      kind: 'each',
      id: 'each',
      of: { nodes: ['pi1', 'pi2'] },
      steps: [
        {
          kind: 'fault',
          id: 'kill-2',
          fault: 'kill',
          params: { service: 'containers', target: 'it', count: 'one', 'stay-down': false },
        },
        { kind: 'heal', id: 'heal', step: 'kill-2' },
        { kind: 'until-well', id: 'wait', atMostMs: 300_000 },
      ],
    });
    expect(steps.map(({ id }) => id)).to.deep.equal(['kill', 'each', 'heal-2']);
  });

  it('may name a fault in a claim and in a heal', () => {
    const { expect: expectations } = scenarioIn(`${head}steps:
  - { id: first, kill: { service: datastore, target: { node: pi2 } } }
  - heal: first
expect:
  - leader-elected: { within: predicted, after: first }
  - cluster-recovers: { within: 2m }
`);
    expect(expectations).to.deep.equal([
      { claim: 'leader-elected', params: { within: 'predicted', after: 'first' } },
      { claim: 'cluster-recovers', params: { within: 120_000, after: 'heal' } },
    ]);
  });

  it('never throws, whatever is cut out of it or put into it', () => {
    const whole = `${head}steps:\n  - wait: { until: seen, at-most: 45s }\n`;
    const place = fc.nat(whole.length);
    const noise = fc.string({
      unit: fc.constantFrom(...Array.from('[]{}:,-&*!|>#"\'\n\t ax1~')),
      maxLength: 8,
    });
    fc.assert(
      fc.property(place, fc.nat(20), noise, (at, cut, put) => {
        const text = whole.slice(0, at) + put + whole.slice(at + cut);
        const read = readScenario(text, 'some.yaml', testTables);
        for (const { line, column } of 'problems' in read ? read.problems : [])
          expect(Math.min(line, column)).to.be.at.least(1);
      }),
      { numRuns: 500 },
    );
  });
});

function scenarioIn(text: string): Scenario {
  const read = readScenario(text, 'some.yaml', testTables);
  if ('problems' in read) throw new Error(JSON.stringify(read.problems, undefined, 2));
  return read.scenario;
}
