import type { Intent } from '../model/intent.ts';
import type { Prediction } from '../model/plan.ts';
import type { Scenario } from '../model/scenario.ts';
import type { AlertRule, Snapshot } from '../model/snapshot.ts';
import { quantiles } from './quantiles.ts';

/**
 * What Prometheus' own settings say of how long it takes until a node that falls silent is alerted, of those rules alone
 * that ask for nothing but whether a target is up: what others wait for, no setting tells.
 */
export function predictAlerts(
  { alertRules = [] }: Snapshot,
  { nodesDown = [], loss }: Intent,
  { expect }: Scenario,
): readonly Prediction[] {
  if (nodesDown.length === 0 || loss === 'brief') return [];
  const asked = expect.flatMap(({ claim, params }) => (claim === 'alerted' ? params['alert'] : []));
  return alertRules
    .filter(({ alert, query }) => asked.includes(alert) && isUp.test(query))
    .map((rule) => ({
      claim: 'alerted',
      of: [rule.alert],
      // The last look that was answered and the last at the rules may be of any age; the next one meets silence.
      ...quantiles(
        (random) =>
          random.between(0, rule.scrapedEveryMs) +
          rule.scrapeTimeoutMs +
          random.between(0, rule.evaluatedEveryMs) +
          pendingMs(rule),
      ),
      from:
        `Prometheus looks every ${rule.scrapedEveryMs / 1000} s, for ${rule.scrapeTimeoutMs / 1000} s in vain, ` +
        `and at its rules every ${rule.evaluatedEveryMs / 1000} s; ${rule.alert} waits for ${rule.forMs / 1000} s`,
    }));
}

/** As Prometheus prints it. */
const isUp = /^up(?:\{[^{}]*\})? == 0$/;

/** A rule that waits fires at the first look at which it has waited long enough. */
function pendingMs({ forMs, evaluatedEveryMs }: AlertRule): number {
  return Math.ceil(forMs / evaluatedEveryMs) * evaluatedEveryMs;
}
