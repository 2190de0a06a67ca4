import { randomFrom, type Random } from '../../model/random.ts';
import type { Outcome, RegisterOperation, RegisterWrite } from '../operation.ts';

/** What a planted defect does, once, about in the middle of a history. */
export type Defect =
  /** A read is answered with what had been replaced before it was asked. */
  | 'stale read'
  /** After a write was acknowledged, the object is as it was before it. */
  | 'lost write'
  /** A write happens again after another one. */
  | 'applied twice'
  /** After a deletion was acknowledged, the object is there again. */
  | 'resurrected'
  /** A write happens and is answered with a conflict that claims to be certain. */
  | 'phantom conflict';

export interface Wish {
  readonly seed: number;
  readonly objects: number;
  readonly operations: number;
  readonly clients: number;
  /** Share of the writes that are not answered: of these some happen at once, some late and some never. */
  readonly timeouts: number;
  /** Share of the writes that ask for no version. */
  readonly blind: number;
  readonly deletes: number;
  readonly defect?: Defect;
}

export const usualWish: Wish = {
  seed: 1,
  objects: 1,
  operations: 200,
  clients: 4,
  timeouts: 0,
  blind: 0,
  deletes: 0,
};

/** A history of registers as clients of a cluster see it, each object asked in turn by its own clients. */
export function historyOf(wish: Wish): readonly RegisterOperation[] {
  const random = randomFrom(wish.seed);
  return Array.from({ length: wish.objects }, (_, at) =>
    historyOfObject(wish, `config-${at}`, random.child(`object ${at}`)),
  ).flat();
}

interface Content {
  readonly value: string;
  readonly version: string;
}

interface Change {
  readonly before: Content | undefined;
  readonly after: Content | undefined;
  /** When it was acknowledged. */
  known: number;
}

interface Request {
  readonly kind: 'read' | 'write' | 'delete';
  readonly value: string;
  readonly on: RegisterWrite['on'];
}

/** A client and what it does next, at an instant. */
interface Client {
  number: number;
  name: string;
  through: string;
  at: number;
  next: 'ask' | 'apply' | 'answer';
  called: number;
  request: Request;
  answer: {
    readonly outcome: Outcome;
    readonly content?: Content | undefined;
    readonly version?: string;
  };
  /** What it read last. */
  seen: Content | undefined;
}

function historyOfObject(wish: Wish, object: string, random: Random): readonly RegisterOperation[] {
  const history: RegisterOperation[] = [];
  const late: { readonly at: number; readonly request: Request }[] = [];
  let content: Content | undefined;
  let versions = 0;
  let values = 0;
  let clientsSoFar = wish.clients;
  let defect = wish.defect;
  /** The last write or deletion that was carried out. */
  let latest: Change | undefined;

  const clients: Client[] = Array.from({ length: wish.clients }, (_, number) => ({
    number,
    name: `client-${number}`,
    through: `pi${1 + (number % 3)}`,
    at: rounded(random.between(0, 5)),
    next: 'ask',
    called: 0,
    request: { kind: 'read', value: '', on: undefined },
    answer: { outcome: 'done' },
    seen: undefined,
  }));

  const request = (client: Client): Request => {
    const value = `w-${++values}`;
    const lot = random.next();
    if (lot < 0.6) return { kind: 'read', value, on: undefined };
    const blind = random.next() < wish.blind;
    const on = blind
      ? undefined
      : client.seen === undefined
        ? ({ absent: true } as const)
        : { version: client.seen.version };
    if (client.seen !== undefined && random.next() < wish.deletes)
      return { kind: 'delete', value, on };
    return { kind: 'write', value, on };
  };

  const apply = ({ kind, value, on }: Request): boolean => {
    const holds =
      on === undefined ||
      ('absent' in on ? content === undefined : content?.version === on.version);
    if (!holds || (kind === 'delete' && content === undefined)) return false;
    const before = content;
    content = kind === 'delete' ? undefined : { value, version: `${++versions}` };
    latest = { before, after: content, known: Infinity };
    return true;
  };

  const isTime = (): boolean => history.length >= wish.operations / 2;

  const answerRead = (client: Client): void => {
    let told = content;
    if (
      defect === 'stale read' &&
      isTime() &&
      latest !== undefined &&
      latest.known < client.called
    ) {
      told = latest.before;
      defect = undefined;
    }
    client.answer = { outcome: 'done', content: told };
    client.seen = told;
  };

  const answerWrite = (client: Client): void => {
    const happened = apply(client.request);
    client.answer = happened
      ? { outcome: 'done', ...(content === undefined ? {} : { version: content.version }) }
      : { outcome: 'conflict' };
    if (happened && defect === 'phantom conflict' && isTime() && client.request.on !== undefined) {
      client.answer = { outcome: 'conflict' };
      defect = undefined;
    }
  };

  const give = (client: Client): void => {
    const { name, through, called, answer } = client;
    const base = { client: name, through, object, called, returned: client.at };
    const { kind, value, on } = client.request;
    const { outcome, content: told, version } = answer;
    if (kind === 'read') history.push({ ...base, kind, outcome: 'done', ...told });
    else if (kind === 'delete')
      history.push({
        ...base,
        kind,
        outcome,
        on: on !== undefined && 'version' in on ? on : undefined,
      });
    else history.push({ ...base, kind, outcome, value, on, version });
    if (kind !== 'read' && outcome === 'done') plantAfter(kind, version, client.at);
  };

  /** Spoils the store right after an acknowledgement. */
  const plantAfter = (kind: 'write' | 'delete', version: string | undefined, at: number): void => {
    if (latest === undefined || latest.after?.version !== version) return;
    latest.known = at;
    if (!isTime() || content !== latest.after) return;
    if (defect === 'lost write' && kind === 'write') content = latest.before;
    else if (defect === 'resurrected' && kind === 'delete') content = latest.before;
    else if (defect === 'applied twice' && kind === 'write' && latest.before !== undefined)
      content = { value: latest.before.value, version: `${++versions}` };
    else return;
    defect = undefined;
  };

  const timeOut = (client: Client): void => {
    const lot = random.next();
    if (lot < 0.3) apply(client.request);
    else if (lot < 0.6)
      late.push({ at: rounded(client.at + random.between(0, 2000)), request: client.request });
    client.answer = { outcome: 'indeterminate' };
    client.at = rounded(client.called + 1000);
  };

  const act = (client: Client): void => {
    switch (client.next) {
      case 'ask':
        client.called = client.at;
        client.request = request(client);
        client.at = rounded(client.at + random.between(0.2, 6));
        client.next = 'apply';
        break;
      case 'apply':
        client.next = 'answer';
        if (client.request.kind !== 'read' && random.next() < wish.timeouts) {
          timeOut(client);
          break;
        }
        if (client.request.kind === 'read') answerRead(client);
        else answerWrite(client);
        client.at = rounded(client.at + random.between(0.2, 6));
        break;
      case 'answer':
        give(client);
        if (client.answer.outcome === 'indeterminate') client.name = `client-${clientsSoFar++}`;
        client.at = rounded(client.at + random.between(0.1, 8));
        client.next = 'ask';
        break;
    }
  };

  while (history.length < wish.operations) {
    const client = clients.reduce((first, one) => (one.at < first.at ? one : first));
    const due = late.findIndex(({ at }) => at <= client.at);
    if (due === -1) act(client);
    else for (const { request: its } of late.splice(due, 1)) apply(its);
  }
  for (const client of clients.filter(({ next }) => next !== 'ask')) {
    client.answer = { outcome: 'indeterminate' };
    if (client.request.kind !== 'read') give(client);
  }
  return history;
}

/** To whole microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
