import type { Kube } from '../links/kube.ts';
import { partLabel } from '../model/namespace.ts';
import type { HistorySeen } from '../model/timeline.ts';
import {
  countIn,
  dataIn,
  isAnswer,
  unread,
  versionIn,
  written,
  type Answer,
  type ConfigMap,
  type Known,
} from './history-answers.ts';
import { errorCode, nodeOf, type OpenProbe, type Seen } from './probe.ts';

/** So many objects hold a value each that is swapped through all API servers; few, so that they meet. */
const registers = 3;
const part = 'history';

/**
 * Asks of objects that all API servers share, one thing after another: to swap a value if the object has not changed since
 * it was read, what it is, what a cache says that it is, to add to a set, to count one up, and what those hold. What was
 * asked and answered is a history, which can be right or wrong as a whole.
 */
export const history: OpenProbe = (series, { links, namespace }) => {
  const asker = new Asker(nodeOf(series), links.kube(nodeOf(series)), namespace);
  let turn = 0;
  return {
    look: (timeoutMs) => {
      const next = cycle[(turn += 1) % cycle.length] ?? cycle[0];
      return asker[next](timeoutMs);
    },
    close: () => undefined,
  };
};

const cycle = ['read', 'swap', 'add', 'swap', 'cached', 'increment', 'elements', 'count'] as const;

/** One client: it remembers what it has read, as a controller does. */
class Asker {
  readonly #node: string;
  readonly #kube: Kube;
  readonly #folder: string;
  readonly #known = new Map<string, Known>();
  #n = 0;

  constructor(node: string, kube: Kube, namespace: string) {
    this.#node = node;
    this.#kube = kube;
    this.#folder = `/api/v1/namespaces/${namespace}/configmaps`;
  }

  /** Linearizable: from the datastore. */
  read(timeoutMs: number): Promise<Seen> {
    return this.#readRegister('read', '', timeoutMs);
  }

  /** From the API server's cache, as most controllers read. */
  cached(timeoutMs: number): Promise<Seen> {
    return this.#readRegister('cached-read', '?resourceVersion=0', timeoutMs);
  }

  /** Compare and swap: on the version that was read last, or on there being none. */
  async swap(timeoutMs: number): Promise<Seen> {
    const object = this.#register();
    const known = this.#known.get(object);
    if (known === undefined) return this.#readRegister('read', '', timeoutMs);
    const value = `${this.#node}-${(this.#n += 1)}`;
    const answer = await this.#put(object, known, { value }, timeoutMs);
    // Whatever it was, it may be another now: only an answer tells.
    this.#known.set(object, versionIn(answer));
    const asked = { kind: 'write', object, value, on: known } as const;
    return written(asked, answer);
  }

  /** An element of the set is an object of its own. */
  async add(timeoutMs: number): Promise<Seen> {
    const element = `${this.#node}-${(this.#n += 1)}`;
    const body = configMap(`set-${element}`, {}, undefined);
    const answer = await this.#ask('POST', this.#folder, timeoutMs, body);
    return written({ kind: 'add', object: 'set', element }, answer);
  }

  async elements(timeoutMs: number): Promise<Seen> {
    const label = encodeURIComponent(`${partLabel}=${part}`);
    const answer = await this.#ask('GET', `${this.#folder}?labelSelector=${label}`, timeoutMs);
    const asked = { kind: 'read-set', object: 'set' } as const;
    if (!isAnswer(answer) || answer.status !== 200) return unread(asked, answer);
    const { items } = JSON.parse(answer.text) as { items: readonly ConfigMap[] };
    const elements = items
      .map(({ metadata }) => metadata.name)
      .filter((name) => name.startsWith('set-'))
      .map((name) => name.slice('set-'.length));
    const value: HistorySeen = { ...asked, outcome: 'done', elements };
    return { ok: true, value };
  }

  /** Reads, and swaps for one more: two requests of one deadline. */
  async increment(timeoutMs: number): Promise<Seen> {
    const end = performance.now() + timeoutMs;
    const asked = { kind: 'increment', object: 'counter', by: 1 } as const;
    const read = await this.#ask('GET', `${this.#folder}/counter`, timeoutMs);
    const known = versionIn(read);
    if (known === undefined) return unread(asked, read);
    const count = String(countIn(read) + 1);
    const answer = await this.#put(
      'counter',
      known,
      { count },
      Math.max(1, end - performance.now()),
    );
    return written(asked, answer);
  }

  async count(timeoutMs: number): Promise<Seen> {
    const asked = { kind: 'read-counter', object: 'counter' } as const;
    const answer = await this.#ask('GET', `${this.#folder}/counter`, timeoutMs);
    if (versionIn(answer) === undefined) return unread(asked, answer);
    const value: HistorySeen = { ...asked, outcome: 'done', count: countIn(answer) };
    return { ok: true, value };
  }

  async #readRegister(
    kind: 'read' | 'cached-read',
    query: string,
    timeoutMs: number,
  ): Promise<Seen> {
    const object = this.#register();
    const answer = await this.#ask('GET', `${this.#folder}/${object}${query}`, timeoutMs);
    const known = versionIn(answer);
    if (known === undefined) return unread({ kind, object }, answer);
    if (kind === 'read') this.#known.set(object, known);
    const value = dataIn(answer)['value'];
    const seen: HistorySeen = {
      ...{ kind, object, outcome: 'done' },
      ...(value !== undefined && { value }),
      ...('version' in known && { version: known.version }),
    };
    return { ok: true, value: seen };
  }

  /** Its clients meet: each goes through the same few objects. */
  #register(): string {
    return `register-${this.#n % registers}`;
  }

  #put(
    name: string,
    known: Exclude<Known, undefined>,
    data: Readonly<Record<string, string>>,
    timeoutMs: number,
  ): Promise<Answer> {
    return 'absent' in known
      ? this.#ask('POST', this.#folder, timeoutMs, configMap(name, data, undefined))
      : this.#ask(
          'PUT',
          `${this.#folder}/${name}`,
          timeoutMs,
          configMap(name, data, known.version),
        );
  }

  async #ask(
    method: 'GET' | 'POST' | 'PUT',
    path: string,
    deadlineMs: number,
    body?: unknown,
  ): Promise<Answer> {
    try {
      return await this.#kube.request(method, path, {
        deadlineMs,
        ...(body !== undefined && { body }),
      });
    } catch (error) {
      return { error: errorCode(error) };
    }
  }
}

function configMap(
  name: string,
  data: Readonly<Record<string, string>>,
  resourceVersion: string | undefined,
): unknown {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name,
      labels: { [partLabel]: part },
      ...(resourceVersion !== undefined && { resourceVersion }),
    },
    data,
  };
}
