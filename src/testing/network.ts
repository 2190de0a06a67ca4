/** How the tests of network faults look at the lab's network: by other tools than the faults' own proofs. */
import { inject, undo } from '../acts/fault.ts';
import type { LabNode } from '../lab/topology.ts';
import type { Intent } from '../model/intent.ts';
import { urlHost } from '../model/url-host.ts';
import type { FaultLab } from './faultlab.ts';

/** The lab's nodes by what their members do: the leader, a voter that follows, and the others. */
export async function parts(
  lab: FaultLab,
): Promise<{ leader: LabNode; follower: LabNode; others: readonly LabNode[] }> {
  const { datastore } = await lab.survey();
  const node = (id: string | undefined): LabNode => {
    const name = datastore.members.find((member) => member.id === id)?.node;
    const found = lab.lab.nodes.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no node of the lab has member ${id}`);
    return found;
  };
  const leader = node(datastore.leader);
  const follows = datastore.members.find(
    ({ id, role }) => role === 'voter' && id !== datastore.leader,
  );
  const follower = node(follows?.id);
  const others = lab.lab.nodes.filter((one) => one !== leader && one !== follower);
  return { leader, follower, others };
}

export type Reached = 'open' | 'refused' | 'silence';

/** Whether curl gets a TCP connection, whatever comes of TLS on it. */
export async function curls(
  lab: FaultLab,
  from: LabNode,
  { address }: Pick<LabNode, 'address'>,
  port: number,
): Promise<Reached> {
  const told = await lab.on(
    from.name,
    `curl -sk -o /dev/null --connect-timeout 1 -m 3 -w '%{time_connect} %{exitcode}' https://${urlHost(address)}:${port}/ || true`,
  );
  const [connected, exit] = told.split(' ').map(Number);
  if (exit === 7) return 'refused';
  return exit === 28 && connected === 0 ? 'silence' : 'open';
}

/** How many of some pings come back. */
export async function pings(
  lab: FaultLab,
  from: LabNode,
  { address }: Pick<LabNode, 'address'>,
  count = 3,
): Promise<number> {
  const told = await lab.on(from.name, `ping -q -c ${count} -i 0.02 -W 1 ${address} || true`);
  return Number(/(\d+) received/.exec(told)?.[1]);
}

/** Does a datagram of one node arrive at another? It goes one way only, as no connection does. */
export async function arrives(lab: FaultLab, from: LabNode, to: LabNode): Promise<boolean> {
  const port = 47_011;
  const heard = lab.on(to.name, `timeout 2 socat -u UDP-RECV:${port} STDOUT || true`);
  for (let i = 0; i < 5; i++)
    await lab.on(
      from.name,
      `sleep 0.2; echo holdfast | socat -u STDIN UDP-SENDTO:${to.address}:${port} || true`,
    );
  return (await heard).includes('holdfast');
}

/** The names of `pod` on a node: a network namespace routed as a pod's is, with an address of the node's pods. */
export async function withPods<T>(
  lab: FaultLab,
  nodes: readonly LabNode[],
  work: (
    pod: (node: LabNode) => { address: string; pings: (address: string) => Promise<boolean> },
  ) => Promise<T>,
): Promise<T> {
  const addressOf = (node: LabNode): string => `10.1.${node.index}.250`;
  const clear = (node: LabNode): Promise<string> =>
    lab.on(node.name, 'ip netns del testpod 2>/dev/null; ip link del testpod 2>/dev/null; true');
  try {
    for (const node of nodes) {
      await clear(node);
      await lab.on(
        node.name,
        `ip netns add testpod &&
         ip link add testpod type veth peer name eth0 netns testpod &&
         ip link set testpod up && ip route add ${addressOf(node)}/32 dev testpod &&
         echo 1 >/proc/sys/net/ipv4/conf/testpod/proxy_arp &&
         ip -n testpod address add ${addressOf(node)}/32 dev eth0 && ip -n testpod link set eth0 up &&
         ip -n testpod route add 169.254.1.1 dev eth0 && ip -n testpod route add default via 169.254.1.1`,
      );
    }
    return await work((node) => ({
      address: addressOf(node),
      pings: async (address) =>
        (
          await lab.on(
            node.name,
            `ip netns exec testpod ping -q -c 3 -i 0.2 -W 1 ${address} >/dev/null && echo yes || echo no`,
          )
        ).trim() === 'yes',
    }));
  } finally {
    await Promise.all(nodes.map(clear));
  }
}

/** Puts a fault in force that is not of the table's own design, and takes it back whatever happens. */
export async function standing(
  lab: FaultLab,
  intent: Intent,
  work: () => Promise<void>,
): Promise<void> {
  const events: object[] = [];
  const record = (event: object): void => void events.push(event);
  try {
    if (!(await inject('test', intent, 60_000, lab.world, record)))
      throw new Error(JSON.stringify(events.slice(1), null, 1));
    await work();
  } finally {
    const left = await undo('test', intent, lab.world, record);
    if (left !== undefined) throw new Error(left);
  }
}
