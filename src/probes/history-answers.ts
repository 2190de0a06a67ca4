import type { Answer as HttpAnswer } from '../links/https.ts';
import type { HistorySeen } from '../model/timeline.ts';
import type { Seen } from './probe.ts';

/** An object as the API has it. */
export interface ConfigMap {
  readonly metadata: { readonly name: string; readonly resourceVersion: string };
  readonly data?: Readonly<Record<string, string>>;
}

/** What is known of an object: its version, or that there is none; undefined if it was not asked yet. */
export type Known = { readonly version: string } | { readonly absent: true } | undefined;

/** What an API server said, or why it did not. */
export type Answer = HttpAnswer | { readonly error: string };

export function isAnswer(answer: Answer): answer is HttpAnswer {
  return 'status' in answer;
}

export function versionIn(answer: Answer): Known {
  if (!isAnswer(answer)) return undefined;
  if (answer.status === 404) return { absent: true };
  if (answer.status !== 200 && answer.status !== 201) return undefined;
  return { version: (JSON.parse(answer.text) as ConfigMap).metadata.resourceVersion };
}

export function dataIn(answer: Answer): Readonly<Record<string, string>> {
  if (!isAnswer(answer) || answer.status !== 200) return {};
  return (JSON.parse(answer.text) as ConfigMap).data ?? {};
}

export function countIn(answer: Answer): number {
  return Number(dataIn(answer)['count'] ?? 0);
}

/** What was asked, before anything came of it. */
type Asked<Seen extends HistorySeen> = Seen extends unknown ? Omit<Seen, 'outcome'> : never;
type AskedChange = Asked<Extract<HistorySeen, { kind: 'write' | 'add' | 'increment' }>>;

/**
 * What became of a change. A 409 may answer a request that an API server had tried before and that was carried out then:
 * during a fault nobody can tell.
 */
export function written(asked: AskedChange, answer: Answer): Seen {
  if (!isAnswer(answer)) {
    const outcome = answer.error === 'ECONNREFUSED' ? 'refused' : 'indeterminate';
    return { ok: false, value: { ...asked, outcome }, error: answer.error };
  }
  const { status } = answer;
  const known = versionIn(answer);
  if (status === 200 || status === 201) {
    const version = known !== undefined && 'version' in known && { version: known.version };
    return {
      ok: true,
      value: { ...asked, outcome: 'done', ...(asked.kind === 'write' && version) },
    };
  }
  if (status === 409) {
    const conflicted = asked.kind === 'write' && { conflicted: true };
    return { ok: true, value: { ...asked, outcome: 'indeterminate', ...conflicted } };
  }
  // Rejected before it came to the store: not allowed, malformed, or too many at once.
  const outcome = status >= 400 && status < 500 && status !== 408 ? 'refused' : 'indeterminate';
  return { ok: false, value: { ...asked, outcome }, error: `HTTP ${status}` };
}

export function unread(asked: Asked<HistorySeen>, answer: Answer): Seen {
  const error = isAnswer(answer) ? `HTTP ${answer.status}` : answer.error;
  return { ok: false, value: { ...asked, outcome: 'refused' }, error };
}
