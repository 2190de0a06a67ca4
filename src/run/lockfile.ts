import { messageOf, type World } from '../acts/world.ts';

/** Who holds a lock, as its file says. */
export interface Held {
  readonly run: string;
  readonly host: string;
  readonly pid: number;
  /** When it took it, by its own clock; ISO 8601. */
  readonly since: string;
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

/** What came of asking one node for its lock. */
export interface Answer {
  readonly node: string;
  readonly taken: boolean;
  /** The lock that stands in the way. */
  readonly other?: FoundLock;
  /** Why it is not known. */
  readonly problem?: string;
}

const file = '/run/holdfast/lock';
const timeoutMs = 10_000;
/**
 * A run renews its lock every ten seconds: after a minute without, it is dead or can reach nothing. Which of both
 * nobody can tell from here, so that whoever takes its lock over must say so.
 */
const staleAfterS = 60;

const age = `$(( $(date +%s) - $(stat -c %Y ${file}) ))`;

/** Takes the lock, or prints who has it and since how many seconds it has not been renewed. */
const take = `
mkdir -p /run/holdfast
if ( set -C; cat >${file} ) 2>/dev/null; then echo taken; exit 0; fi
echo held ${age}
cat ${file}
`;

const look = `[ -e ${file} ] || exit 0\necho held ${age}\ncat ${file}`;

/** Its run may have come back since it was looked at. */
const dropStale = `[ ${age} -le ${staleAfterS} ] || rm -f ${file}`;

/** Takes the lock of one node, unless it is held. */
export async function takeOn(node: string, own: Held, world: World): Promise<Answer> {
  try {
    const stdout = await run(node, take, world, `${JSON.stringify(own)}\n`);
    if (stdout.startsWith('taken')) return { node, taken: true };
    const other = readLock(node, stdout);
    if (other === undefined) throw new Error(`the lock on ${node} cannot be read: ${stdout}`);
    return { node, taken: false, other };
  } catch (error) {
    return { node, taken: false, problem: messageOf(error) };
  }
}

/** Takes the lock of one node, though one stands in the way that is still stale. */
export async function takeOverOn(answer: Answer, own: Held, world: World): Promise<Answer> {
  const { node, other } = answer;
  if (other === undefined) return answer;
  try {
    await run(node, dropStale, world);
  } catch (error) {
    return { node, taken: false, problem: messageOf(error) };
  }
  return takeOn(node, own, world);
}

/** The locks on the nodes that answer. */
export async function findLocks(
  nodes: readonly string[],
  world: World,
): Promise<readonly FoundLock[]> {
  const found = await Promise.allSettled(
    nodes.map(async (node) => readLock(node, await run(node, look, world))),
  );
  return found.flatMap((one) => (one.status === 'fulfilled' ? (one.value ?? []) : []));
}

/** Says who holds a lock, since when, and how long ago it was renewed. */
export function sayLock({ node, holder, idleS }: FoundLock): string {
  return `the cluster is locked by run ${holder?.run ?? 'unknown'} on ${holder?.host ?? 'an unknown host'} (process ${holder?.pid ?? '?'}) since ${holder?.since ?? 'nobody knows when'}, whose lock on ${node} was renewed ${idleS} s ago`;
}

/** What to do about a lock. */
export function sayWhatNow({ idleS, live }: FoundLock): string {
  return live
    ? `wait for its end, or if it is dead, for ${staleAfterS - idleS} s`
    : 'it is dead, or can reach nothing: see that it does not go on, then take back what it has left with ' +
        '`holdfast heal --all --cluster FILE`, or only its lock with `holdfast run … --take-over`';
}

/**
 * Marks the locks as those of a run that lives. A node that has rebooted has lost its lock with all of /run: it is taken
 * again, unless somebody else has it.
 */
export async function renewOn(nodes: readonly string[], own: Held, world: World): Promise<void> {
  const renew = `grep -qsF '"run":"${own.run}"' ${file} && touch -c ${file} && exit 0\n${take}`;
  await Promise.allSettled(
    nodes.map((node) => run(node, renew, world, `${JSON.stringify(own)}\n`)),
  );
}

/** Removes the lock of a given run wherever it is; another run may have taken it over. */
export async function removeLockOf(
  run: string,
  nodes: readonly string[],
  world: World,
): Promise<void> {
  await Promise.allSettled(
    nodes.map((node) => remove(node, `grep -qsF '"run":"${run}"' ${file} && rm -f ${file}`, world)),
  );
}

/** Removes the locks on some nodes, whoever holds them. @throws if a node does not do it */
export async function removeLocks(nodes: readonly string[], world: World): Promise<void> {
  await Promise.all(nodes.map((node) => remove(node, `rm -f ${file}`, world)));
}

async function remove(node: string, how: string, world: World): Promise<void> {
  await run(node, `${how}; rmdir /run/holdfast 2>/dev/null; exit 0`, world);
}

async function run(node: string, command: string, world: World, stdin = ''): Promise<string> {
  const ssh = await world.links.ssh(node);
  return (await ssh.run(command, { sudo: true, timeoutMs, stdin })).stdout;
}

function readLock(node: string, stdout: string): FoundLock | undefined {
  const [first = '', ...rest] = stdout.split('\n');
  const idle = /^held (-?\d+)$/.exec(first)?.[1];
  if (idle === undefined) return undefined;
  const idleS = Number(idle);
  const holder = readHeld(rest.join('\n'));
  return { node, idleS, live: idleS <= staleAfterS, ...(holder && { holder }) };
}

function readHeld(text: string): Held | undefined {
  try {
    return JSON.parse(text) as Held;
  } catch {
    // Written by something else, or cut off: there is nothing to say of its holder.
    return undefined;
  }
}
