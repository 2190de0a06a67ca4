import type { IncomingMessage } from 'node:http';
import { openKube } from '../links/kube.ts';
import type { World } from '../acts/world.ts';
import { selfSigned, type Pair } from './certs.ts';
import { fakeApi, sendJson } from './fake-kube.ts';

let pair: Pair | undefined;

/** What an API server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  /** What came with it; undefined if nothing did. */
  readonly body: unknown;
  readonly contentType: string | undefined;
}

/** Status and body of an answer; undefined hangs up without one. */
export type Answer = readonly [status: number, body: unknown] | undefined;

/** A world with one API server, which a test plays, and nothing else in it. */
export interface ApiWorld {
  readonly world: World;
  readonly asked: readonly Asked[];
  readonly close: () => Promise<void>;
}

export async function apiWorld(answer: (asked: Asked) => Answer): Promise<ApiWorld> {
  pair ??= selfSigned('DNS:kubernetes,IP:127.0.0.1');
  const all: Asked[] = [];
  const api = await fakeApi(pair, (request, response, body) => {
    const asked = askedBy(request, body);
    all.push(asked);
    const given = answer(asked);
    if (given === undefined) request.socket.destroy();
    else sendJson(response, ...given);
  });
  const { server } = api;
  const kube = openKube({
    node: 'pi1',
    server,
    credentials: { server, ca: pair.cert },
    deadlineMs: 1000,
  });
  const nothing = (): never => {
    throw new Error('there is only an API in this world');
  };
  return {
    world: {
      links: {
        kube: () => kube,
        ssh: nothing,
        member: nothing,
        endpoint: nothing,
        alerts: nothing,
        endpointAddress: undefined,
        close: nothing,
      },
      controlPlanes: ['pi1'],
      power: new Map(),
      now: () => performance.now(),
    },
    asked: all,
    close: async () => {
      kube.close();
      await api.close();
    },
  };
}

function askedBy({ method = '', url: path = '', headers }: IncomingMessage, body: string): Asked {
  return {
    method,
    path,
    body: body === '' ? undefined : JSON.parse(body),
    contentType: headers['content-type'],
  };
}
