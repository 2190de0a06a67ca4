/** What says that it is Alertmanager and is not: answers of its API and posts of its webhook. */
import fc from 'fast-check';
import { afterPost } from '../../links/alert-receiver.ts';
import { alertsIn } from '../../links/alertmanager.ts';
import { LinkError } from '../../links/errors.ts';
import type { AlertSeen } from '../../model/timeline.ts';
import { wrongValue } from '../../model/stored-schema.ts';
import { must, target, type Target } from './fuzz-target.ts';
import { jsonOf, near } from './fuzz-yaml.ts';

const alert = {
  labels: { alertname: 'NodeDown', node: 'pi1' },
  annotations: { summary: 'pi1 is down' },
  startsAt: '2026-11-22T10:00:00.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  status: { state: 'active', silencedBy: [], inhibitedBy: [] },
};

const list = [alert, { ...alert, labels: { alertname: 'APIServerDown' } }];

const posted = {
  version: '4',
  status: 'firing',
  alerts: [
    { ...alert, status: 'firing' },
    { ...alert, labels: { alertname: 'A' }, status: 'resolved' },
  ],
};

const texts = (whole: readonly unknown[]): fc.Arbitrary<string> =>
  fc
    .record({
      text: fc.oneof(
        { weight: 8, arbitrary: near(whole).map(jsonOf) },
        { weight: 1, arbitrary: fc.json() },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
      ),
      cut: fc.oneof(
        { weight: 8, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.nat(200) },
      ),
    })
    .map(({ text, cut }) => text.slice(0, Math.max(0, text.length - cut)));

/** Whatever is answered: alerts that can be written down and judged, or an error of a link. */
function feedAnswer(text: string): void {
  try {
    mustBeAlerts(alertsIn(text));
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
  }
}

/** Whatever is posted: it is refused as a whole, or what is active is alerts. */
function feedPost(text: string): void {
  const before = afterPost(new Map(), JSON.stringify(posted));
  try {
    mustBeAlerts([...afterPost(before, text).values()]);
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    must(!/undefined|null \(/.test(error.message), `it is refused with "${error.message}"`);
  }
  must(before.size === 1, 'what was active before has changed');
}

function mustBeAlerts(alerts: readonly AlertSeen[]): void {
  const stored = JSON.parse(JSON.stringify({ alerts })) as unknown;
  const wrong = wrongValue('alerts', stored);
  must(wrong === undefined, `what was read cannot be stored: ${wrong ?? ''}`);
}

export const alertTargets: readonly Target[] = [
  target({ what: 'Alertmanager: answers', cases: texts([list]), feed: feedAnswer, runs: 20_000 }),
  target({ what: 'Alertmanager: posts', cases: texts([posted]), feed: feedPost, runs: 20_000 }),
];
