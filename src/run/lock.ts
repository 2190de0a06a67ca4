import { hostname } from 'node:os';
import { messageOf, type World } from '../acts/world.ts';

/** The cluster is locked by another run; `holder` says by whom, and what to do. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** The lock of one run on the nodes of a cluster. */
export interface Lock {
  /** Locks that a dead run had left and that were removed, a line each. */
  readonly tidied: readonly string[];
  readonly release: () => Promise<void>;
}

/** Who says that the cluster is theirs. */
export interface Held {
  readonly run: string;
  readonly host: string;
  readonly pid: number;
}

const file = '/run/holdfast/lock';
const timeoutMs = 10_000;
const renewMs = 10_000;
/** A run renews its lock every ten seconds: after a minute without, it is dead or can reach nothing. */
const staleAfterS = 60;

/** Takes the lock, or prints who has it and since how many seconds it has not been renewed. */
const take = `
mkdir -p /run/holdfast
if ( set -C; cat >${file} ) 2>/dev/null; then echo taken; exit 0; fi
echo held $(( $(date +%s) - $(stat -c %Y ${file}) ))
cat ${file}
`;

/**
 * Locks a cluster for one run: a file on a majority of its nodes, renewed while the run lives. The API is what we
 * break, so the lock is not there.
 * @throws LockedError if another run holds it and lives; Error if too few nodes can be reached
 */
export async function lockCluster(
  run: string,
  nodes: readonly string[],
  world: World,
): Promise<Lock> {
  const own: Held = { run, host: hostname(), pid: process.pid };
  const answers = await Promise.all(nodes.map((node) => takeOn(node, own, world)));
  const live = answers.find((answer) => answer.live !== undefined)?.live;
  const taken = nodes.filter((_, i) => answers[i]?.taken === true);
  const release = (): Promise<void> => releaseOn(taken, own, world);
  if (live !== undefined) {
    await release();
    throw new LockedError(live);
  }
  if (taken.length * 2 <= nodes.length) {
    await release();
    const said = answers.flatMap((answer) => answer.problem ?? []).join('; ');
    throw new Error(`only ${taken.length} of ${nodes.length} nodes could be locked: ${said}`);
  }
  const renewal = setInterval(() => void renewOn(taken, world), renewMs);
  renewal.unref();
  return {
    tidied: answers.flatMap((answer) => answer.tidied ?? []),
    release: async () => {
      clearInterval(renewal);
      await release();
    },
  };
}

/** Removes the lock of a given run wherever it is: for healing after a run that died. */
export async function removeLockOf(
  run: string,
  nodes: readonly string[],
  world: World,
): Promise<void> {
  await releaseOn(nodes, { run, host: '', pid: 0 }, world);
}

/** A lock as it is found on a node. */
export interface FoundLock {
  readonly node: string;
  /** Absent if the file was cut off. */
  readonly holder?: Held;
  /** Seconds since it was last renewed. */
  readonly idleS: number;
  /** Its run may be alive. */
  readonly live: boolean;
}

/** The locks on the nodes that answer. */
export async function findLocks(
  nodes: readonly string[],
  world: World,
): Promise<readonly FoundLock[]> {
  const command = `[ -e ${file} ] || exit 0\necho held $(( $(date +%s) - $(stat -c %Y ${file}) ))\ncat ${file}`;
  const found = await Promise.allSettled(
    nodes.map(async (node): Promise<FoundLock[]> => {
      const ssh = await world.links.ssh(node);
      const { stdout } = await ssh.run(command, { sudo: true, timeoutMs });
      const [first = '', ...rest] = stdout.split('\n');
      const idle = /^held (-?\d+)$/.exec(first)?.[1];
      if (idle === undefined) return [];
      const holder = readHeld(rest.join('\n'));
      const idleS = Number(idle);
      return [{ node, idleS, live: idleS <= staleAfterS, ...(holder && { holder }) }];
    }),
  );
  return found.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

/** Says who holds a lock and since when it was not renewed. */
export function sayLock({ node, holder, idleS }: FoundLock): string {
  return `the cluster is locked by run ${holder?.run ?? 'unknown'} on ${holder?.host ?? 'an unknown host'} (process ${holder?.pid ?? '?'}), whose lock on ${node} was renewed ${idleS} s ago`;
}

/** Removes the locks on some nodes, whoever holds them. @throws if a node does not do it */
export async function removeLocks(nodes: readonly string[], world: World): Promise<void> {
  const command = `rm -f ${file}; rmdir /run/holdfast 2>/dev/null; exit 0`;
  await Promise.all(
    nodes.map(async (node) =>
      (await world.links.ssh(node)).run(command, { sudo: true, timeoutMs }),
    ),
  );
}

interface Taken {
  readonly taken: boolean;
  readonly live?: string;
  readonly tidied?: string;
  readonly problem?: string;
}

async function takeOn(node: string, own: Held, world: World): Promise<Taken> {
  try {
    const ssh = await world.links.ssh(node);
    const options = { sudo: true, timeoutMs, stdin: `${JSON.stringify(own)}\n` };
    const { stdout } = await ssh.run(take, options);
    const [first = '', ...rest] = stdout.split('\n');
    if (first === 'taken') return { taken: true };
    const idleS = Number(/^held (-?\d+)$/.exec(first)?.[1]);
    const holder = readHeld(rest.join('\n'));
    if (idleS <= staleAfterS) {
      return {
        taken: false,
        live: `${sayLock({ node, idleS, live: true, ...(holder && { holder }) })}; ${waitFor(idleS)}`,
      };
    }
    await ssh.run(`rm -f ${file}`, { sudo: true, timeoutMs });
    const again = await ssh.run(take, options);
    const tidied = `${node}: the lock of run ${holder?.run ?? 'unknown'}, not renewed for ${idleS} s`;
    return { taken: again.stdout.startsWith('taken'), tidied };
  } catch (error) {
    return { taken: false, problem: messageOf(error) };
  }
}

async function renewOn(nodes: readonly string[], world: World): Promise<void> {
  await Promise.allSettled(
    nodes.map(async (node) =>
      (await world.links.ssh(node)).run(`touch -c ${file}`, { sudo: true, timeoutMs }),
    ),
  );
}

async function releaseOn(nodes: readonly string[], own: Held, world: World): Promise<void> {
  // Only our own: another run may have taken it over.
  const command = `grep -qsF '"run":"${own.run}"' ${file} && rm -f ${file}; rmdir /run/holdfast 2>/dev/null; exit 0`;
  await Promise.allSettled(
    nodes.map(async (node) =>
      (await world.links.ssh(node)).run(command, { sudo: true, timeoutMs }),
    ),
  );
}

/** What to do about a lock that may be of a live run. */
export function waitFor(idleS: number): string {
  return `wait for its end, or if it is dead, for ${staleAfterS - idleS} s`;
}

function readHeld(text: string): Held | undefined {
  try {
    return JSON.parse(text) as Held;
  } catch {
    // Written by something else, or cut off: there is nothing to say of its holder.
    return undefined;
  }
}
