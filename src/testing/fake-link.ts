import { SshLink } from '../links/ssh.ts';
import { type FakeSsh, fakeSsh, type FakeSshOptions } from './fake-ssh.ts';

/** A node that is this machine, and a link to it. */
export interface FakeLink {
  readonly node: FakeSsh;
  readonly link: SshLink;
  close(): Promise<void>;
}

/** Starts one and connects to it as `pi1`. */
export async function fakeLink(options: FakeSshOptions = {}): Promise<FakeLink> {
  const node = await fakeSsh(options);
  const link = await SshLink.connect({
    name: 'pi1',
    address: '127.0.0.1',
    port: node.port,
    user: 'pi',
    privateKey: node.privateKey,
    knownHosts: node.knownHosts,
    timeoutMs: 3000,
  });
  return {
    node,
    link,
    close: () => {
      link.close();
      return node.close();
    },
  };
}
