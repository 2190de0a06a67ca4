import type { Ran } from '../links/command.ts';
import type { Links } from '../links/open.ts';
import type { Ping, RootShell, Shot } from '../links/shell.ts';
import type { SshLink } from '../links/ssh.ts';
import type { World } from '../acts/world.ts';
import type { PowerDevice } from '../power/power.ts';

/** What came of a script. */
export interface Came {
  readonly status: number | null;
  readonly stdout?: string;
  readonly stderr: string;
}

/** Runs a script as root of a node; what it throws is what the link to the node throws. */
export type Runs = (sh: string) => Came | Promise<Came>;

interface Scripted {
  /** By node; one that is not here takes whatever it is told and says nothing. */
  readonly nodes?: Readonly<Record<string, Runs>>;
  readonly kube?: Links['kube'];
  readonly power?: ReadonlyMap<string, PowerDevice>;
}

/** So much faster than a clock goes that of these worlds, so that what waits for a minute waits for a moment. */
const haste = 400;

/** A world in which scripts run where a test says, by real acts and proofs and without a network. */
export function scriptedWorld({ nodes = {}, kube, power = new Map() }: Scripted): World {
  const nothing = (): never => {
    throw new Error('there is nothing of the kind in this world');
  };
  const now = (): number => performance.now() * haste;
  return {
    links: {
      ssh: (node) => Promise.resolve(linkTo(node, nodes[node] ?? keeps, now)),
      kube: kube ?? nothing,
      member: nothing,
      endpoint: () => {
        throw new Error('nobody asks the endpoint');
      },
      endpointAddress: undefined,
      alerts: () => {
        throw new Error('nobody asks for alerts');
      },
      close: () => undefined,
    },
    controlPlanes: ['pi8', 'pi9'],
    power,
    now,
  };
}

function keeps(): Came {
  return { status: 0, stderr: '' };
}

function linkTo(node: string, runs: Runs, clock: () => number): SshLink {
  const run = async (sh: string): Promise<Ran> => {
    const { status, stdout = '', stderr } = await runs(sh);
    return {
      code: status ?? undefined,
      signal: status === null ? 'KILL' : undefined,
      stdout,
      stderr,
      truncated: false,
      tookMs: 1,
    };
  };
  const shell = (): Promise<RootShell> => {
    let script = '';
    const mock: Pick<RootShell, 'node' | 'clock' | 'prepare' | 'ping' | 'fire' | 'close'> = {
      node,
      clock,
      prepare: (sh) => {
        script = sh;
        return Promise.resolve();
      },
      ping: (): Promise<Ping> => {
        const at = clock();
        return Promise.resolve({ sentMs: at, gotMs: at, nodeMs: undefined });
      },
      fire: async (): Promise<Shot> => {
        const sentMs = clock();
        const { code = 1, stdout, stderr } = await run(script);
        const stamps = { startedNodeMs: undefined, endedNodeMs: undefined };
        return { sentMs, gotMs: clock(), ...stamps, code, stdout, stderr };
      },
      close: () => undefined,
    };
    return Promise.resolve(mock as RootShell);
  };
  return { run, shell } as unknown as SshLink;
}
