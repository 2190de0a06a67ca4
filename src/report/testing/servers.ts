import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** HTTP servers on this machine, for as long as a test takes. */
export class Servers {
  readonly #all: Server[] = [];

  /** @returns where it listens, as host and port */
  async serve(
    answer: RequestListener,
  ): Promise<{ readonly host: string; readonly server: Server }> {
    const server = createServer(answer);
    this.#all.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, server };
  }

  /** Ends them, with all that is under way. */
  close(): void {
    for (const server of this.#all.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  }
}
