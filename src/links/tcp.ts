import { connect, type Socket } from 'node:net';

/**
 * Opens a TCP connection, before any TLS is set up on it: a connection that is refused then costs nothing but itself,
 * where a TLS object of its own would hold memory until some later garbage collection.
 * @param timeoutMs for the connection; then it is destroyed
 * @throws Error of the system, with its `code`; ETIMEDOUT after the time-out, ECANCELED if aborted
 */
export function dialTcp(
  host: string,
  port: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true });
    const fail = (error: Error): void => {
      settle();
      socket.destroy();
      reject(error);
    };
    const onAbort = (): void => fail(withCode('given up', 'ECANCELED'));
    const timer = setTimeout(
      () => fail(withCode(`connect ${host}:${port}: no answer`, 'ETIMEDOUT')),
      timeoutMs,
    );
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      socket.off('error', fail);
    };
    socket.once('error', fail);
    socket.once('connect', () => {
      settle();
      resolve(socket);
    });
    signal?.addEventListener('abort', onAbort);
  });
}

function withCode(message: string, code: string): Error {
  return Object.assign(new Error(message), { code });
}
