/** What a node and those on the other side of a cut are asked: is it there, is it gone? */
import { lines } from './script.ts';
import type { Proof } from '../model/intent.ts';
import { losing, trying } from './reach.ts';
import type { Elements } from './ruleset.ts';
import type { Side } from './side.ts';

export function bit(side: Side): readonly Proof[] {
  const { node, door, peers, peer, ruleset, flapping } = side;
  const loses = typeof ruleset.fate === 'object';
  const chains = [
    ...(isEmpty(ruleset.from) ? [] : ['input']),
    ...(isEmpty(ruleset.to) ? [] : ['output']),
  ];
  // A refusal tells that a packet came through, unless it is we who refuse.
  const cut = ruleset.fate === 'reject' ? '[ "$got" != open ]' : '[ "$got" = silence ]';
  return [
    {
      from: node,
      says: `port ${door.port} listens`,
      sh: lines(`listening=$(ss -Hltn "sport = :${door.port}") || exit 2`, '[ -n "$listening" ]'),
    },
    // Twenty tries at a time from each of them would be a burden of its own.
    ...(loses
      ? [
          {
            from: peer.node,
            says: `some connections to ${node} lose their first packets`,
            sh: lines(losing(door), '[ "$lost" -gt 0 ]'),
          },
        ]
      : peers.map((from) => ({
          from,
          says: `${node} does not answer`,
          sh: lines(trying(door), cut),
        }))),
    {
      from: node,
      says: loses
        ? 'its rules have dropped some packets'
        : `${peer.node} does not answer, and the rules have met packets`,
      sh: lines(
        ...tables(side),
        'case "$tables" in *"$table"*) ;; *) exit 1 ;; esac',
        ...(loses ? [] : [trying(peer.door), `${cut} || exit 1`]),
        ...chains.flatMap((chain) => [
          `rules=$(nft list chain inet ${side.table} ${chain}) || exit 2`,
          'case "$rules" in *"counter packets "[1-9]*) ;; *) exit 1 ;; esac',
        ]),
      ),
    },
    ...(flapping === undefined ? [] : [flapper(side, true)]),
  ];
}

function flapper({ node, unit }: Side, there: boolean): Proof {
  return {
    from: node,
    says: there ? 'the unit that makes it flap is at work' : 'nothing makes it flap any more',
    sh: lines(
      `state=$(systemctl show -p ActiveState --value ${unit}) || exit 2`,
      there ? '[ "$state" = active ]' : '[ "$state" = inactive ]',
    ),
  };
}

export function gone(side: Side): readonly Proof[] {
  const { node, file, script, door, peers, flapping } = side;
  return [
    ...(flapping === undefined ? [] : [flapper(side, false)]),
    {
      from: node,
      says: 'nothing of the fault is left on the node',
      sh: lines(
        `[ ! -e ${file} ] && [ ! -e ${script} ] || exit 1`,
        // Without nft there was never a table.
        'command -v nft >/dev/null || exit 0',
        ...tables(side),
        'case "$tables" in *"$table"*) exit 1 ;; esac',
      ),
    },
    ...peers.map((from) => ({
      from,
      says: `${node} answers`,
      // A refusal is an answer: another fault may have killed who listened there.
      sh: lines(trying(door), '[ "$got" != silence ]'),
    })),
  ];
}

/** Puts the tables of the node, a line each, into `$tables`, and the line of ours into `$table`. */
function tables({ table }: Side): readonly string[] {
  return [
    'tables=$(nft list tables inet) || exit 2',
    `table="`,
    `table inet ${table}`,
    `"`,
    'tables="',
    '$tables',
    '"',
  ];
}

function isEmpty({ ip, ip6 }: Elements): boolean {
  return ip === '' && ip6 === '';
}
