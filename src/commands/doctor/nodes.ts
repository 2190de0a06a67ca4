import { messageOf, type World } from '../../acts/world.ts';
import { notFit, ok, warning, type Finding } from './finding.ts';

/** Programs that everything needs, and those that some faults and proofs do. */
const needed = ['systemctl', 'systemd-run', 'timeout', 'awk', 'find', 'sed', 'sha256sum', 'ss'];
const wanted = ['nft', 'ip', 'tc', 'conntrack'];
const timeoutMs = 4000;
const clockWarningMs = 500;
const diskLeast = 0.1;
const memoryLeast = 0.1;
const pressureMost = 40;

const script = `
PATH="/usr/sbin:/usr/bin:/sbin:/bin:$PATH"
for tool in ${[...needed, ...wanted].join(' ')}; do command -v $tool >/dev/null || echo "lacks $tool"; done
echo "clock $(date +%s%3N)"
df -P / /run "$FOLDER" 2>/dev/null | awk 'NR > 1 { print "disk " $6 " " $4 / ($2 + 1) }'
awk '/^MemTotal/ { total = $2 } /^MemAvailable/ { print "memory " $2 / total }' /proc/meminfo
for what in cpu memory io; do
  [ ! -r /proc/pressure/$what ] || awk -v what=$what '/^some/ { split($3, avg, "="); print "pressure " what " " avg[2] }' /proc/pressure/$what
done
exit 0
`;

/** Asks each node for its tools, clock, disks, memory and pressure, by one command and as root. */
export async function nodeFitness(
  nodes: readonly string[],
  folder: string,
  world: World,
): Promise<readonly Finding[]> {
  const all = await Promise.all(
    nodes.map(async (node): Promise<readonly Finding[]> => {
      try {
        const ssh = await world.links.ssh(node);
        const before = Date.now();
        const ran = await ssh.run(`FOLDER='${folder}'\n${script}`, { sudo: true, timeoutMs });
        return judgeNode(node, ran.stdout, { before, after: Date.now() });
      } catch (error) {
        const todo = 'see that ssh and sudo -n work there';
        return [notFit('nodes', `${node}: ${messageOf(error)}`, todo)];
      }
    }),
  );
  return all.flat();
}

interface Stamps {
  readonly before: number;
  readonly after: number;
}

/** What a node's answers tell, bad news alone if there is any. */
export function judgeNode(node: string, stdout: string, stamps: Stamps): readonly Finding[] {
  const lines = stdout.split('\n').map((line) => line.split(' '));
  const of = (what: string): string[][] =>
    lines.filter(([first]) => first === what).map((words) => words.slice(1));
  const findings = [
    ...tools(node, of('lacks').flat()),
    ...of('clock').map(([ms]) => clock(node, Number(ms), stamps)),
    ...of('disk').flatMap(([place = '', free]) =>
      below('disk', node, `of ${place} is free`, Number(free), diskLeast),
    ),
    ...of('memory').flatMap(([free]) =>
      below('memory', node, 'of its memory is free', Number(free), memoryLeast),
    ),
    ...of('pressure').flatMap(([what = '', avg]) => pressure(node, what, Number(avg))),
  ];
  const bad = findings.filter(({ state }) => state !== 'ok');
  return bad.length > 0 ? bad : [ok('nodes', `${node}: tools, clock, disks and memory are well`)];
}

function tools(node: string, lacks: readonly string[]): readonly Finding[] {
  const missing = lacks.filter((tool) => needed.includes(tool));
  const optional = lacks.filter((tool) => wanted.includes(tool));
  return [
    ...(missing.length > 0
      ? [notFit('tools', `${node} lacks ${missing.join(', ')}`, `install them on ${node}`)]
      : []),
    ...(optional.length > 0
      ? [
          warning(
            'tools',
            `${node} lacks ${optional.join(', ')}: faults of the network, or proofs that nothing is left, need them`,
            `install them on ${node}`,
          ),
        ]
      : []),
  ];
}

/** Its clock was read between two of our stamps, so the offset lies between two bounds; the nearer one counts. */
function clock(node: string, ms: number, { before, after }: Stamps): Finding {
  const least = Math.max(0, before - ms, ms - after);
  return least <= clockWarningMs
    ? ok('clock', `${node}: at most ${after - before} ms beside ours`)
    : warning(
        'clock',
        `the clock of ${node} is at least ${least} ms beside ours`,
        `set the clocks right by NTP; certificates and Leases depend on them`,
      );
}

function below(
  check: string,
  node: string,
  what: string,
  share: number,
  least: number,
): readonly Finding[] {
  if (share >= least) return [];
  const says = `${node}: ${Math.round(share * 100)} % ${what}`;
  return [warning(check, says, `make room; below ${least * 100} % other things fail first`)];
}

function pressure(node: string, what: string, avg60: number): readonly Finding[] {
  if (avg60 <= pressureMost) return [];
  const says = `${node}: something waited for ${what} in ${avg60} % of the last minute`;
  return [warning('pressure', says, 'find out what is busy there; timings would tell of that')];
}
