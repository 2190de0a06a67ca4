import type { Fingerprint } from '../model/fingerprint.ts';
import { quote } from '../model/quote.ts';
import { fromAnyApi } from './anyapi.ts';
import { fingerprintScript, type Looked } from './fingerprint-script.ts';
import { diskFolder } from './note.ts';
import { messageOf, type World } from './world.ts';

/** A fingerprint as a node keeps it while its run goes on. One line of JSON. */
export interface StoredFingerprint {
  readonly schema: 'holdfast.dev/fingerprint/v1';
  readonly run: string;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly looked: Looked;
  /** Of the node that keeps it. */
  readonly lines: readonly string[];
}

/** What was seen, and why some of it was not. */
export interface Looking {
  readonly fingerprint: Fingerprint;
  /** A line for each node, or the API, that could not be asked. */
  readonly problems: readonly string[];
}

interface NodeObject {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  readonly spec: {
    readonly unschedulable?: boolean;
    readonly taints?: readonly { key: string; value?: string; effect: string }[];
  };
}

const timeoutMs = 10_000;
const maxBytes = 16 << 20;

/** Takes the fingerprint of some nodes: what they say themselves, and what the API says of them. */
export async function takeFingerprint(
  nodes: readonly string[],
  looked: Looked,
  world: World,
): Promise<Looking> {
  const problems: string[] = [];
  const script = fingerprintScript(looked);
  const fingerprint: Record<string, readonly string[]> = {};
  const ofApi = askApi(world).catch((error: unknown) => {
    problems.push(`what the API says of the nodes is not known: ${messageOf(error)}`);
    return new Map<string, readonly string[]>();
  });
  await Promise.all(
    nodes.map(async (node) => {
      try {
        const ssh = await world.links.ssh(node);
        const ran = await ssh.run(script, { sudo: true, timeoutMs, maxBytes });
        if (ran.code !== 0) throw new Error(`exit ${ran.code ?? 'unknown'}: ${ran.stderr.trim()}`);
        fingerprint[node] = linesOf(ran.stdout, (await ofApi).get(node) ?? []);
      } catch (error) {
        problems.push(`${node}: not known: ${messageOf(error)}`);
      }
    }),
  );
  return { fingerprint, problems };
}

/** Has each node keep its part on disk, so that whoever heals after us can compare. @throws if one does not */
export async function storeFingerprint(
  run: string,
  fingerprint: Fingerprint,
  looked: Looked,
  world: World,
): Promise<void> {
  const takenAt = new Date().toISOString();
  const command = `umask 077; mkdir -p ${diskFolder} && cat >${fileOf(run)}`;
  await Promise.all(
    Object.entries(fingerprint).map(async ([node, lines]) => {
      const stored: StoredFingerprint = {
        schema: 'holdfast.dev/fingerprint/v1',
        run,
        takenAt,
        looked,
        lines,
      };
      const ssh = await world.links.ssh(node);
      const stdin = `${JSON.stringify(stored)}\n`;
      const { code, stderr } = await ssh.run(command, { sudo: true, timeoutMs, stdin });
      if (code !== 0)
        throw new Error(`on ${node}: its fingerprint was not stored: ${stderr.trim()}`);
    }),
  );
}

/** The fingerprints that nodes keep, by node; nodes that do not answer keep none that we know of. */
export async function storedFingerprints(
  nodes: readonly string[],
  world: World,
): Promise<ReadonlyMap<string, readonly StoredFingerprint[]>> {
  const command = `for file in ${diskFolder}/*.fingerprint; do [ ! -e "$file" ] || cat "$file"; done`;
  const found = new Map<string, readonly StoredFingerprint[]>();
  await Promise.allSettled(
    nodes.map(async (node) => {
      const ssh = await world.links.ssh(node);
      const { stdout } = await ssh.run(command, { sudo: true, timeoutMs, maxBytes });
      found.set(node, stdout.split('\n').flatMap(parseStored));
    }),
  );
  return found;
}

/** Removes fingerprints: of one run, or of all. @returns a line for each node that did not do it */
export async function removeFingerprints(
  nodes: readonly string[],
  world: World,
  run?: string,
): Promise<readonly string[]> {
  const files = run === undefined ? `${diskFolder}/*.fingerprint` : fileOf(run);
  const command = `rm -f ${files}; rmdir ${diskFolder} 2>/dev/null; exit 0`;
  const problems = await Promise.all(
    nodes.map(async (node) => {
      try {
        const ssh = await world.links.ssh(node);
        await ssh.run(command, { sudo: true, timeoutMs });
        return [];
      } catch (error) {
        return [`${node}: its fingerprint of before the run is still there: ${messageOf(error)}`];
      }
    }),
  );
  return problems.flat();
}

function fileOf(run: string): string {
  return quote(`${diskFolder}/${run}.fingerprint`);
}

function linesOf(stdout: string, ofApi: readonly string[]): readonly string[] {
  return [...stdout.split('\n').filter((line) => line !== ''), ...ofApi].sort();
}

function parseStored(line: string): readonly StoredFingerprint[] {
  try {
    const stored = JSON.parse(line) as Partial<StoredFingerprint>;
    return stored.schema === 'holdfast.dev/fingerprint/v1' ? [stored as StoredFingerprint] : [];
  } catch {
    // Empty, or cut off when the node lost its power: nothing can be compared with it.
    return [];
  }
}

/** Cordons, taints and labels of each node, but those that Kubernetes sets by itself. */
async function askApi({ links, controlPlanes }: World): Promise<Map<string, readonly string[]>> {
  const nodes = await fromAnyApi(links, controlPlanes, (kube) =>
    kube.list<NodeObject>('/api/v1/nodes'),
  );
  return new Map(
    nodes.map(({ metadata, spec }) => [
      metadata.name,
      [
        ...(spec.unschedulable === true ? ['api\tcordoned'] : []),
        ...(spec.taints ?? [])
          .filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
          .map(({ key, value = '', effect }) => `api\ttaint ${key}=${value}:${effect}`),
        ...Object.entries(metadata.labels ?? {}).map(
          ([key, value]) => `api\tlabel ${key}=${value}`,
        ),
      ],
    ]),
  );
}
