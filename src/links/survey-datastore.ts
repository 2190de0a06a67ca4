import type { Member, NodeFacts } from '../model/snapshot.ts';
import type { DatastoreAccess, MemberAccess } from './access.ts';
import { LinkError } from './errors.ts';
import type { ConfiguredMember, MemberLink } from './member.ts';
import { type Links, openMember } from './open.ts';

/** What the member of one node says of the cluster. */
export interface MemberView {
  readonly node: string;
  /** Undefined if only it could have told, and did not answer. */
  readonly id: string | undefined;
  /** Undefined if it did not answer. */
  readonly says:
    | { readonly leader: string | undefined; readonly members: readonly ConfiguredMember[] }
    | undefined;
  /** Of its datastore, where its protocol tells it. */
  readonly version?: string;
  /** Why it did not answer. */
  readonly because?: string;
}

export interface Asking {
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

/**
 * Asks one member whom it calls leader and whom it knows; a member that does not answer is a finding, not an error.
 * @param id what its node says that it is, where that knows
 */
export async function askMemberView(
  link: MemberLink,
  id: string | undefined,
  { timeoutMs, signal }: Asking,
): Promise<MemberView> {
  const { node } = link;
  try {
    const [leader, members, self] = await Promise.all([
      link.leader(timeoutMs, signal),
      link.cluster(timeoutMs, signal),
      link.self?.(timeoutMs, signal),
    ]);
    return {
      node,
      id: self?.id ?? id,
      says: { leader: leader?.id, members },
      ...(self?.version !== undefined && { version: self.version }),
    };
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    return { node, id, says: undefined, because: error.message };
  }
}

/**
 * Finds out how a member is reached: directly, or through SSH where its port is closed to us or its address is the
 * node's own loopback, as in a cluster of one. A member that cannot be reached either way counts as direct.
 */
export async function findWay(
  pair: Pick<DatastoreAccess, 'cert' | 'key' | 'ca'>,
  member: Omit<MemberAccess, 'via'>,
  ssh: Links['ssh'],
  { timeoutMs, signal }: Asking,
): Promise<MemberAccess> {
  const ways = isLoopback(member.host) ? (['ssh'] as const) : (['direct', 'ssh'] as const);
  for (const via of ways) {
    const link = openMember(pair, { ...member, via }, ssh);
    try {
      await link.leader(timeoutMs, signal);
      return { ...member, via };
    } catch (error) {
      if (!(error instanceof LinkError)) throw error;
      // It was reached, whatever it said then.
      if (error.kind !== 'connect' && error.kind !== 'timeout') return { ...member, via };
    } finally {
      link.close();
    }
  }
  return { ...member, via: ways[0] };
}

/**
 * Puts together what the members say: the configuration is the leader's own where it answers, for a member that was
 * left behind may know an older one; the leader is whom a majority of the voters names, if it names itself.
 * @param nodes by address, for members that no view speaks for
 */
export function agree(
  views: readonly MemberView[],
  nodes: readonly Pick<NodeFacts, 'name' | 'addresses'>[],
): { leader?: string; members: Member[] } {
  const claimed = mostNamed(views);
  const sayOf = (id: string) => views.find((view) => view.id === id)?.says;
  const configuration =
    (claimed === undefined ? undefined : sayOf(claimed)?.members) ??
    views.find((view) => view.says !== undefined)?.says?.members ??
    [];
  const voters = configuration.filter((member) => member.role === 'voter');
  const naming = voters.filter((voter) => sayOf(voter.id)?.leader === claimed);
  const isLeader =
    claimed !== undefined &&
    naming.length * 2 > voters.length &&
    sayOf(claimed)?.leader === claimed;
  const members = configuration.map(({ id, address, role }): Member => {
    const host = address.replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
    const node =
      views.find((view) => view.id === id)?.node ??
      nodes.find(({ addresses }) => addresses.includes(host))?.name;
    const answers = sayOf(id) !== undefined;
    return { id, address, role, answers, ...(node === undefined ? {} : { node }) };
  });
  return isLeader ? { leader: claimed, members } : { members };
}

function mostNamed(views: readonly MemberView[]): string | undefined {
  const counts = new Map<string, number>();
  for (const { says } of views) {
    if (says?.leader === undefined) continue;
    counts.set(says.leader, (counts.get(says.leader) ?? 0) + 1);
  }
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}

function isLoopback(host: string): boolean {
  return host === '127.0.0.1' || host === '::1' || host === 'localhost';
}
