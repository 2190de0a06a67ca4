import { stripVTControlCharacters } from 'node:util';
import { messageOf, type World } from '../acts/world.ts';
import { offsetDuring, offsetFrom, type Offset } from '../links/armed.ts';
import type { LogSearch } from '../model/log-search.ts';
import { quote } from '../model/quote.ts';
import type { Service, ServiceName, Services } from '../model/snapshot.ts';
import type { Span } from '../model/span.ts';
import type { LogEvent, LoggedLine } from '../model/timeline.ts';

/** How far each node's clock is ahead of ours; nothing of a node that could not be asked. */
export type NodeClocks = ReadonlyMap<string, Offset>;

const timeoutMs = 15_000;
const askTimeoutMs = 3000;
const questions = 5;
/** More lines than these show nothing more. */
const mostLines = 20;
/** Bytes of a line that come here, and characters that are kept. */
const longestSent = 1000;
const longestKept = 300;

/** Compares the clocks of some nodes with ours: the shortest round trip of a few tells best. */
export async function compareClocks(nodes: readonly string[], world: World): Promise<NodeClocks> {
  const all = await Promise.all(
    nodes.map(async (node) => {
      const offset = await clockOf(node, world).catch(() => undefined);
      return offset === undefined ? [] : [[node, offset] as const];
    }),
  );
  return new Map(all.flat());
}

async function clockOf(node: string, world: World): Promise<Offset | undefined> {
  const ssh = await world.links.ssh(node);
  const answers = [];
  for (let n = 0; n < questions; n += 1) {
    const sentMs = world.now();
    const { stdout } = await ssh.run('date +%s%N', { timeoutMs: askTimeoutMs });
    const nodeMs = Number(stdout) / 1e6;
    if (!Number.isFinite(nodeMs) || nodeMs <= 0) return undefined;
    answers.push({ sentMs, gotMs: world.now(), nodeMs });
  }
  return offsetFrom(answers);
}

/**
 * Searches what services of some nodes said, each on its node, so that only what matches comes here. A pattern is never
 * part of a script but as one quoted word; `grep -P` gives up where one takes too long.
 * @param before the nodes' clocks before anything was broken
 * @returns an event for each search, in their order
 */
export async function searchLogs(
  searches: readonly LogSearch[],
  services: Services,
  before: NodeClocks,
  world: World,
): Promise<readonly LogEvent[]> {
  const now = await compareClocks([...new Set(searches.map(({ node }) => node))], world);
  return Promise.all(
    searches.map(async (search): Promise<LogEvent> => {
      const clocks = [before.get(search.node), now.get(search.node)] as const;
      const result = await searchOne(search, services, clocks, world).catch((error: unknown) => ({
        because: `what ${search.service} of ${search.node} logged could not be searched: ${messageOf(error)}`,
      }));
      const lines = 'lines' in result ? result : { ...result, lines: [] };
      return { type: 'log', at: world.now(), ...search, ...lines };
    }),
  );
}

type Searched = Pick<LogEvent, 'lines'> | { readonly because: string };

async function searchOne(
  { node, service: name, pattern, since }: LogSearch,
  services: Services,
  [before, now]: readonly [Offset | undefined, Offset | undefined],
  world: World,
): Promise<Searched> {
  const service = services[name as ServiceName] ?? { unit: name };
  if (!('manifest' in service) && !service.unit.includes('.'))
    return { because: `there is no ${name} here that Holdfast knows of` };
  if (before === undefined || now === undefined)
    return {
      because: `the clock of ${node} was not compared with ours before the fault and after it`,
    };
  const offset = offsetDuring(before, now, { lo: since, hi: world.now() });
  if (offset === undefined)
    return { because: `the clock of ${node} was stepped: when a line was written cannot be told` };
  const ssh = await world.links.ssh(node);
  const fromS = Math.floor((since + offset.lo) / 1000);
  const command = searchScript(service, pattern, fromS);
  const { stdout, stderr } = await ssh.run(command, { sudo: true, timeoutMs });
  const because = incomplete(stdout, stderr, fromS);
  if (because !== undefined) return { because: `what ${name} of ${node} logged: ${because}` };
  const lines = linesIn(stdout, offset).filter(({ span }) => span.hi >= since);
  return { lines };
}

/**
 * Prints the first lines that match since an instant, and on stderr: `any N` (0 if there is nothing of the service at
 * all), `begins STAMP` (the journal's first line), `read N` and `found N` (exit codes of what reads and of grep).
 */
function searchScript(
  service:
    | Pick<Extract<Service, { unit: string }>, 'unit'>
    | Pick<Extract<Service, { manifest: string }>, 'manifest'>,
  pattern: string,
  fromS: number,
): string {
  const { any, read } =
    'unit' in service ? journalOf(service.unit, fromS) : logOfPod(service.manifest, fromS);
  return [
    any,
    `{ ${read}; echo "read $?" >&2; }`,
    `| { grep -a -m ${mostLines} -P -e ${quote(pattern)}; echo "found $?" >&2; }`,
    `| cut -b 1-${longestSent}`,
  ]
    .join('\n')
    .replaceAll('\n|', ' |');
}

interface Reading {
  /** What says how much there is. */
  readonly any: string;
  /** What prints all lines. */
  readonly read: string;
}

function journalOf(unit: string, fromS: number): Reading {
  const journal = 'journalctl --no-pager -q -o short-iso-precise';
  const ofUnit = `${journal} -u ${quote(unit)}`;
  return {
    any: [
      `echo "any $(${ofUnit} -n 1 | wc -c)" >&2`,
      `echo "begins $(${journal} 2>/dev/null | head -n 1 | cut -d ' ' -f 1)" >&2`,
    ].join('\n'),
    read: `${ofUnit} --since=@${fromS}`,
  };
}

/** A kubelet keeps a file for each start of a container; each line begins with its instant, by the node's clock. */
function logOfPod(manifest: string, fromS: number): Reading {
  const name = manifest.slice(manifest.lastIndexOf('/') + 1).replace(/\.yaml$/, '');
  const files = `find /var/log/pods -path ${quote(`*/kube-system_${name}-*/*.log`)}`;
  return {
    any: `echo "any $(${files} | wc -c)" >&2`,
    read: `${files} -newermt @${fromS} -exec awk -v from="$(date -d @${fromS} +%FT%T)" '$1 "" >= from ""' {} + | sort`,
  };
}

/** Why what was found is not all there is; undefined if it is, or as much as was asked for. */
function incomplete(stdout: string, stderr: string, fromS: number): string | undefined {
  const told = (word: string): string | undefined =>
    new RegExp(`^${word} ?(.*)$`, 'm').exec(stderr)?.[1];
  const complaint = stderr
    .split('\n')
    .find((line) => line !== '' && !/^(?:any|begins|read|found) /.test(line));
  const saying = complaint === undefined ? '' : `: ${complaint.slice(0, longestKept)}`;
  const found = told('found');
  if (found !== '0' && found !== '1') return `it could not be searched${saying}`;
  if ((told('any') ?? '0').trim() === '0') return 'there is nothing of it at all';
  const isFull = stdout.split('\n').length > mostLines;
  if (!isFull && told('read') !== '0') return `it could not be read to its end${saying}`;
  const begins = Date.parse(told('begins') ?? '');
  return begins > (fromS + 1) * 1000
    ? `the journal begins only at ${new Date(begins).toISOString()}, later than what is searched for`
    : undefined;
}

/** An instant with its offset from UTC, as journald (short-iso-precise) and container runtimes write it. */
const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)) (.*)$/;

function linesIn(text: string, offset: Span): readonly LoggedLine[] {
  return text.split('\n').flatMap((line) => {
    const [, at = '', rest = ''] = stamp.exec(line) ?? [];
    const nodeMs = Date.parse(at);
    if (Number.isNaN(nodeMs)) return [];
    // Whole milliseconds are read of it.
    const span = { lo: nodeMs - offset.hi, hi: nodeMs + 1 - offset.lo };
    return [{ span, text: stripVTControlCharacters(rest).slice(0, longestKept) }];
  });
}
