import type { Duplex } from 'node:stream';
import { urlHost } from '../model/url-host.ts';
import { LinkError } from './errors.ts';
import { openHttps, type Answer, type Https } from './https.ts';
import type { ConfiguredMember, MemberLink } from './member.ts';

export interface EtcdOptions {
  /** Of the member, for messages. */
  readonly node: string;
  readonly host: string;
  /** For clients; etcd's own is 2379. */
  readonly port: number;
  /** Authority of the members' certificates, and a client's pair; PEM. */
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
  /** Makes the connection under TLS where the port is closed to us; a TCP connection to host:port unless given. */
  readonly dial?: () => Promise<Duplex>;
}

type Json = Readonly<Record<string, unknown>>;

/** The gateway writes 64 bits as a text, and leaves out what is nothing. */
const nobody = '0';

/**
 * One etcd member, asked through the JSON gateway on its clients' port. Both questions are answered by the member
 * alone, from what it knows, whether or not there is a quorum.
 * @see https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
export class EtcdLink implements MemberLink {
  readonly node: string;
  readonly #https: Https;

  constructor({ node, host, port, dial, ...credentials }: EtcdOptions) {
    this.node = node;
    this.#https = openHttps({
      node,
      server: `https://${urlHost(host)}:${port}`,
      credentials,
      deadlineMs: 5_000,
      ...(dial !== undefined && { dial }),
    });
  }

  async self(
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<{ readonly id: string; readonly version?: string }> {
    const { header, version } = await this.#status(timeoutMs, signal);
    const id = textOf(objectOf(header)?.['member_id']);
    if (id === undefined) throw this.#nonsense('a status without the id of its member');
    const said = textOf(version);
    return { id, ...(said !== undefined && { version: said }) };
  }

  async leader(
    timeoutMs: number,
    signal?: AbortSignal,
  ): Promise<{ readonly id: string } | undefined> {
    const id = textOf((await this.#status(timeoutMs, signal))['leader']) ?? nobody;
    return id === nobody ? undefined : { id };
  }

  async cluster(timeoutMs: number, signal?: AbortSignal): Promise<readonly ConfiguredMember[]> {
    // Linearizable, as it is by itself, it fails where there is no quorum.
    const body = { linearizable: false };
    const { members } = await this.#ask('/v3/cluster/member/list', body, timeoutMs, signal);
    if (!Array.isArray(members)) throw this.#nonsense('a list without members');
    return members.map((member: unknown) => {
      const { ID, peerURLs, isLearner } = objectOf(member) ?? {};
      const id = textOf(ID);
      const [url] = Array.isArray(peerURLs) ? (peerURLs as unknown[]) : [];
      if (id === undefined || typeof url !== 'string' || !URL.canParse(url))
        throw this.#nonsense(`a member without an id or an address: ${JSON.stringify(member)}`);
      const role = isLearner === true ? ('stand-by' as const) : ('voter' as const);
      return { id, address: new URL(url).host, role };
    });
  }

  close(): void {
    this.#https.close();
  }

  #status(timeoutMs: number, signal: AbortSignal | undefined): Promise<Json> {
    return this.#ask('/v3/maintenance/status', {}, timeoutMs, signal);
  }

  async #ask(
    path: string,
    body: Json,
    deadlineMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Json> {
    const extras = { deadlineMs, body, ...(signal !== undefined && { signal }) };
    const answer = await this.#https.request('POST', path, extras);
    const value = objectIn(answer);
    if (answer.status !== 200) {
      const why = textOf(value?.['message']) ?? answer.text.slice(0, 80);
      throw this.#error('refused', path, `HTTP ${answer.status}: ${why}`);
    }
    if (value === undefined)
      throw this.#error('protocol', path, `what is no JSON object: ${answer.text.slice(0, 80)}`);
    return value;
  }

  #nonsense(what: string): LinkError {
    return this.#error('protocol', 'for its state', what.slice(0, 200));
  }

  #error(kind: 'refused' | 'protocol', what: string, detail: string): LinkError {
    return new LinkError({ kind, node: this.node, what: `ask etcd ${what}`, tookMs: 0, detail });
  }
}

function objectIn({ text }: Answer): Json | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Json)
    : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
