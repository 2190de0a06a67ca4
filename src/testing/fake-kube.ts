import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pair } from './certs.ts';

export interface FakeApi {
  readonly server: string;
  readonly port: number;
  /** How many connections it has taken. */
  connections(): number;
  close(): Promise<void>;
}

/** An API server on TLS; the handler answers, or does not. The certificate is its own authority. */
export async function fakeApi(
  pair: Pair,
  handler: (request: IncomingMessage, response: ServerResponse, body: string) => unknown,
  { host = '127.0.0.1', port: wanted = 0 } = {},
): Promise<FakeApi> {
  const sockets = new Set<Duplex>();
  let connections = 0;
  const server = createServer(pair, (request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => handler(request, response, body));
  });
  server.on('secureConnection', () => (connections += 1));
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(wanted, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    server: `https://${host}:${port}`,
    port,
    connections: () => connections,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
