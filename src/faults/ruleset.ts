/**
 * The text of one nftables table of our own. It sees packets after services have been translated to the addresses of
 * their pods (dstnat, priority -100) and before anybody's filter (0), so that its rules meet those who really talk.
 * Its rules only take packets away; whatever it accepts, the tables of others still decide about.
 * @see nft(8), https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks
 */

/** What becomes of a packet: dropped, refused at once (a TCP reset), or dropped by chance, so often of a million. */
export type Fate = 'drop' | 'reject' | { readonly perMillion: number };

export interface Ruleset {
  readonly table: string;
  /** Whose packets are taken away as they come in, as elements of a set; a family without is left out. */
  readonly from: Elements;
  /** To whom packets are taken away as they go out. */
  readonly to: Elements;
  /** Only TCP packets from or to one of these ports; without it all packets, those of pods passing through too. */
  readonly ports?: readonly number[];
  readonly fate: Fate;
  /** Who is let through come what may: TCP between this address and these ports of the node. */
  readonly except?: { readonly address: string; readonly ports: readonly number[] };
}

/** Elements of an IPv4 and of an IPv6 set, such as `192.168.1.102, 10.1.2.0/24`; empty for none. */
export interface Elements {
  readonly ip: string;
  readonly ip6: string;
}

const families = ['ip', 'ip6'] as const;
const types = { ip: 'ipv4_addr', ip6: 'ipv6_addr' };

/** The file for `nft -f`: it puts the table in place of one of its name, all in one transaction. */
export function tableText(rules: Ruleset): string {
  const { table, from, to, ports } = rules;
  const comingIn = matches('from', from, 'saddr').flatMap((match) => taking(match, rules));
  const goingOut = matches('to', to, 'daddr').flatMap((match) => taking(match, rules));
  return [
    ...removal(table),
    `table inet ${table} {`,
    ...sets('from', from),
    ...sets('to', to),
    ...chain('input', [...letThrough('saddr', 'dport', rules), ...comingIn], comingIn),
    ...chain('output', [...letThrough('daddr', 'sport', rules), ...goingOut], goingOut),
    // The datastore's packets are the nodes' own.
    ...(ports === undefined ? chain('forward', [...comingIn, ...goingOut]) : []),
    '}',
    '',
  ].join('\n');
}

/** Removes the table, whether or not it is there. */
export function removal(table: string): readonly string[] {
  return [`add table inet ${table}`, `delete table inet ${table}`];
}

function sets(name: string, elements: Elements): readonly string[] {
  return families
    .filter((family) => elements[family] !== '')
    .flatMap((family) => [
      `\tset ${name}_${family} {`,
      `\t\ttype ${types[family]}`,
      '\t\tflags interval',
      '\t\tauto-merge',
      `\t\telements = { ${elements[family]} }`,
      '\t}',
    ]);
}

function matches(name: string, elements: Elements, field: 'saddr' | 'daddr'): readonly string[] {
  return families
    .filter((family) => elements[family] !== '')
    .map((family) => `${family} ${field} @${name}_${family}`);
}

/** A chain, unless there is nothing for it to take away. */
function chain(
  hook: 'input' | 'output' | 'forward',
  rules: readonly string[],
  taking: readonly string[] = rules,
): readonly string[] {
  if (taking.length === 0) return [];
  return [
    `\tchain ${hook} {`,
    `\t\ttype filter hook ${hook} priority -50; policy accept;`,
    ...rules.map((rule) => `\t\t${rule}`),
    '\t}',
  ];
}

/** The rules that take away what fits. */
function taking(match: string, { ports, fate }: Ruleset): readonly string[] {
  const some = ports === undefined ? undefined : `{ ${ports.join(', ')} }`;
  const all =
    some === undefined ? [match] : [`${match} tcp dport ${some}`, `${match} tcp sport ${some}`];
  if (fate === 'drop') return all.map((one) => `${one} counter drop`);
  if (fate === 'reject')
    return some === undefined
      ? [`${match} meta l4proto tcp counter reject with tcp reset`, `${match} counter reject`]
      : all.map((one) => `${one} counter reject with tcp reset`);
  return all.map((one) => `${one} numgen random mod 1000000 < ${fate.perMillion} counter drop`);
}

/** The controller, and refusals: ours pass through our own chains on their way. */
function letThrough(
  field: 'saddr' | 'daddr',
  port: 'sport' | 'dport',
  { fate, except }: Ruleset,
): readonly string[] {
  const controller =
    except === undefined
      ? []
      : [
          `${familyOf(except.address)} ${field} ${except.address} tcp ${port} { ${except.ports.join(', ')} } accept`,
        ];
  const refusals = [
    'tcp flags & rst == rst accept',
    'icmp type destination-unreachable accept',
    'icmpv6 type destination-unreachable accept',
  ];
  return [...controller, ...(fate === 'reject' ? refusals : [])];
}

/** The family of an address, as nftables names it. */
export function familyOf(address: string): 'ip' | 'ip6' {
  return address.includes(':') ? 'ip6' : 'ip';
}
