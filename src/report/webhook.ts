import { setTimeout as delay } from 'node:timers/promises';

/** An address that cannot be a webhook's. Its message does not hold the address, which is a secret. */
export class WebhookAddressError extends Error {
  override readonly name = 'WebhookAddressError';
}

/** Somebody to be told; the address stays inside. */
export interface Webhook {
  /** With the port if it is not the usual one: all that may ever be printed of the address. */
  readonly host: string;
  /**
   * Posts a body of JSON; takes `deadlineMs` at most and never rejects.
   * @returns why nobody was told, without any of the address but the host; undefined if it was accepted
   */
  readonly send: (body: string, aborted?: AbortSignal) => Promise<string | undefined>;
}

export interface WebhookTimes {
  /** For both attempts together; milliseconds. */
  readonly deadlineMs: number;
  /** Between the two; milliseconds. */
  readonly pauseMs: number;
}

const usualTimes: WebhookTimes = { deadlineMs: 5000, pauseMs: 500 };

/**
 * Reads the address of a webhook: `https://` or `http://`, with user and password if it needs them.
 * @throws WebhookAddressError
 */
export function webhookAt(address: string, times: WebhookTimes = usualTimes): Webhook {
  if (!URL.canParse(address))
    throw new WebhookAddressError('it is no URL, such as https://chat.example.org/hooks/…');
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw new WebhookAddressError('it does not begin with https:// or http://');
  const headers = new Headers({ 'content-type': 'application/json', ...credentialsOf(url) });
  url.username = '';
  url.password = '';
  url.hash = '';
  return {
    host: url.host,
    send: (body, aborted) => sendTwice({ url, headers, body }, times, aborted),
  };
}

interface Post {
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
}

/** Why a post was not accepted, and whether the same post may be tried again without being told twice. */
interface Refusal {
  readonly because: string;
  readonly again: boolean;
}

async function sendTwice(
  post: Post,
  { deadlineMs, pauseMs }: WebhookTimes,
  aborted?: AbortSignal,
): Promise<string | undefined> {
  const deadline = AbortSignal.timeout(deadlineMs);
  const signal = aborted === undefined ? deadline : AbortSignal.any([deadline, aborted]);
  const sayEnd = (): string =>
    deadline.aborted ? `no answer within ${deadlineMs / 1000} s` : 'it was interrupted';
  const first = await send(post, signal, sayEnd);
  if (first?.again !== true) return first?.because;
  await delay(pauseMs, undefined, { signal }).catch(() => undefined);
  if (signal.aborted) return `${first.because}, and then ${sayEnd()}`;
  const second = await send(post, signal, sayEnd);
  return second && `${first.because}, and then ${second.because}`;
}

async function send(
  { url, headers, body }: Post,
  signal: AbortSignal,
  sayEnd: () => string,
): Promise<Refusal | undefined> {
  try {
    // A redirect may lead to another host, which the secret and the result are none of the business of.
    const init = { method: 'POST', headers, body, signal, redirect: 'manual' } as const;
    const { ok, status, body: answer } = await fetch(url, init);
    // What it says is of no interest, and may repeat what it was asked.
    await answer?.cancel();
    if (ok) return undefined;
    const isRedirect = status >= 300 && status < 400;
    const because = `it answered ${status}${isRedirect ? ', and redirects are not followed' : ''}`;
    return { because, again: status >= 500 || status === 429 };
  } catch (error) {
    // It may have been accepted before the answer was lost: to be told twice is worse than late.
    if (signal.aborted) return { because: sayEnd(), again: false };
    return { because: codeOf(error), again: true };
  }
}

/** Messages may hold the address; codes such as ECONNREFUSED do not. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? code : 'the connection failed';
}

/** fetch refuses addresses that hold them. */
function credentialsOf({ username, password }: URL): Readonly<Record<string, string>> {
  if (username === '' && password === '') return {};
  try {
    const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return { authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
  } catch {
    throw new WebhookAddressError('a % in its user or password is not written as %25');
  }
}
