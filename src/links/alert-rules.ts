import type { AlertRule } from '../model/snapshot.ts';
import { parseDuration } from '../model/duration.ts';
import { getText } from './alertmanager.ts';

/** What Prometheus answers, as far as it is read; whatever it is, nothing of it is taken for granted. */
interface Answered {
  readonly data?: { readonly groups?: unknown; readonly activeTargets?: unknown } | null;
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Asks Prometheus for its rules of alerts and how often it looks.
 * @param prometheus its base URL
 * @returns nothing of what cannot be understood: then nothing is predicted of it
 * @throws LinkError if it does not answer
 */
export async function askAlertRules(
  prometheus: string,
  timeoutMs: number,
): Promise<readonly AlertRule[]> {
  const ask = (path: string): Promise<string> =>
    getText({
      url: new URL(`${prometheus.replace(/\/+$/, '')}${path}`),
      node: 'Prometheus',
      timeoutMs,
      underWay: new Set(),
    });
  const [rules, targets] = await Promise.all([
    ask('/api/v1/rules?type=alert'),
    ask('/api/v1/targets?state=active'),
  ]);
  return alertRulesIn(rules, targets);
}

/** Reads both answers. Of several rhythms of looking, the slowest counts. */
export function alertRulesIn(rules: string, targets: string): readonly AlertRule[] {
  const looks = listIn(targets, 'activeTargets');
  const slowest = (field: string): number =>
    Math.max(0, ...looks.map((one) => secondsIn(one[field]) * 1000));
  const scraped = {
    scrapedEveryMs: slowest('scrapeInterval'),
    scrapeTimeoutMs: slowest('scrapeTimeout'),
  };
  return listIn(rules, 'groups').flatMap((group) => {
    const evaluatedEveryMs = secondsIn(group['interval']) * 1000;
    const all = Array.isArray(group['rules']) ? (group['rules'] as unknown[]).filter(isFields) : [];
    return all.flatMap(({ name, query, duration }): readonly AlertRule[] =>
      typeof name === 'string' &&
      typeof query === 'string' &&
      evaluatedEveryMs > 0 &&
      scraped.scrapedEveryMs > 0
        ? [{ alert: name, query, forMs: secondsIn(duration) * 1000, evaluatedEveryMs, ...scraped }]
        : [],
    );
  });
}

function listIn(text: string, field: 'groups' | 'activeTargets'): readonly Fields[] {
  try {
    const list = (JSON.parse(text) as Answered | null)?.data?.[field];
    return Array.isArray(list) ? (list as unknown[]).filter(isFields) : [];
  } catch {
    return [];
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A number of seconds, or Prometheus' own way of writing a duration with one unit; 0 for anything else. */
function secondsIn(value: unknown): number {
  if (typeof value === 'number') return Number.isFinite(value) && value > 0 ? value : 0;
  return typeof value === 'string' ? (parseDuration(value) ?? 0) / 1000 : 0;
}
