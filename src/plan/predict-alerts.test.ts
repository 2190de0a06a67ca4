import { expect } from 'chai';
import type { Expectation } from '../model/scenario.ts';
import type { Intent } from '../model/intent.ts';
import type { AlertRule } from '../model/snapshot.ts';
import { intentOf } from '../testing/intent.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { leaderLoss, timelineOf } from '../testing/timelines.ts';
import { predictAlerts } from './predict-alerts.ts';

const rule: AlertRule = {
  alert: 'NodeDown',
  query: 'up{job="node"} == 0',
  forMs: 10_000,
  evaluatedEveryMs: 5000,
  scrapedEveryMs: 5000,
  scrapeTimeoutMs: 3000,
};

function predicted(
  changes: Partial<AlertRule> = {},
  intent: Partial<Intent> = { nodesDown: ['pi1'] },
  alert = 'NodeDown',
): ReturnType<typeof predictAlerts> {
  const asked: Expectation = { claim: 'alerted', params: { alert, within: 'predicted' } };
  const { plan } = timelineOf({ ...leaderLoss, probes: [], expect: [asked] });
  return predictAlerts(
    { ...snapshotOf(), alertRules: [{ ...rule, ...changes }] },
    { ...intentOf('test', 'pi1', 'node-timer', []), ...intent },
    plan.scenario,
  );
}

describe('what is predicted of an alert', () => {
  it('is a look in vain, a look at the rules, and what the rule waits for', () => {
    const [one] = predicted();
    expect(one).to.deep.include({ claim: 'alerted', of: ['NodeDown'] });
    expect(one?.p50Ms).to.be.within(17_800, 18_200);
    expect(one?.p95Ms).to.be.within(21_100, 21_700);
    expect(one?.from).to.equal(
      'Prometheus looks every 5 s, for 3 s in vain, and at its rules every 5 s; NodeDown waits for 10 s',
    );
  });

  it('waits for whole looks at the rules', () => {
    const [one] = predicted({ forMs: 12_000 });
    expect(one?.p50Ms).to.be.within(22_800, 23_200);
    expect(predicted({ forMs: 0 })[0]?.p50Ms).to.be.within(7800, 8200);
  });

  it('is nothing for rules of another kind, alerts that nobody asks for, and nodes that stay', () => {
    expect(predicted({ query: 'increase(x[1m]) > 0' })).to.deep.equal([]);
    expect(predicted({ query: 'up == 0 and on() x' })).to.deep.equal([]);
    expect(predicted({ query: 'up == 0' })).to.have.length(1);
    expect(predicted({}, { nodesDown: ['pi1'] }, 'Other')).to.deep.equal([]);
    expect(predicted({}, {})).to.deep.equal([]);
    expect(predicted({}, { nodesDown: ['pi1'], loss: 'brief' })).to.deep.equal([]);
    const { plan } = timelineOf({ probes: [] });
    expect(
      predictAlerts(
        snapshotOf(),
        { ...intentOf('test', 'pi1', 'node-timer', []), nodesDown: ['pi1'] },
        plan.scenario,
      ),
    ).to.deep.equal([]);
  });
});
