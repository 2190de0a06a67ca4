import type { AlertSeen } from '../model/timeline.ts';

/** Whoever tells of the alerts of a cluster. */
export interface AlertsLink {
  /** Those that are active, by what is known now. @throws LinkError */
  readonly active: (timeoutMs: number) => Promise<readonly AlertSeen[]>;
  /** Ends it at once. */
  readonly close: () => void;
}

/** More alerts than these are more than a claim needs and than a timeline should hold. */
export const mostAlerts = 500;

/** More bytes than these are no list of so many alerts. */
export const maxAlertBytes = 1 << 20;

/** As Go writes it (RFC 3339). */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;

/** An alert as Alertmanager's API has it, or its webhook. */
interface AlertJson {
  readonly labels?: unknown;
  readonly startsAt?: unknown;
}

/**
 * Reads one alert; what is not used of it is left out.
 * @throws TypeError if it has no name, a label that is no text, or no instant at which it began
 */
export function alertFrom(value: unknown): AlertSeen {
  const { labels, startsAt } = (value ?? {}) as AlertJson;
  if (typeof startsAt !== 'string' || !instant.test(startsAt) || Number.isNaN(Date.parse(startsAt)))
    throw new TypeError('an alert does not say when it began');
  if (typeof labels !== 'object' || labels === null) throw new TypeError('an alert has no labels');
  const { alertname: name, ...others } = labels as Readonly<Record<string, unknown>>;
  if (typeof name !== 'string' || name === '') throw new TypeError('an alert has no name');
  if (!areTexts(others)) throw new TypeError(`a label of ${name} is no text`);
  return { name, labels: others, startsAt };
}

/** What tells an alert from all others: its name and its labels. */
export function alertKey({ name, labels }: AlertSeen): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([name, sorted]);
}

/** A list of JSON. @throws TypeError if it is none, or too long */
export function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new TypeError('there is no list of alerts');
  if (value.length > mostAlerts) throw new TypeError(`there are more than ${mostAlerts} alerts`);
  return value as readonly unknown[];
}

function areTexts(
  labels: Readonly<Record<string, unknown>>,
): labels is Readonly<Record<string, string>> {
  return Object.values(labels).every((value) => typeof value === 'string');
}
