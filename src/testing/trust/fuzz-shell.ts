/** What a node's shell answers: to a proof, to a question of the survey, to an open root shell. */
import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import type { ClientChannel } from 'ssh2';
import { untilProved } from '../../acts/prove.ts';
import { leftovers } from '../../acts/leftovers.ts';
import { storedFingerprints } from '../../acts/fingerprint.ts';
import type { World } from '../../acts/world.ts';
import { checkHostKey, knownKeyTypes } from '../../links/knownhosts.ts';
import { LinkError } from '../../links/errors.ts';
import { RootShell } from '../../links/shell.ts';
import type { SshLink } from '../../links/ssh.ts';
import { askController, askMember } from '../../links/survey-node.ts';
import { fingerprintDifferences } from '../../model/fingerprint.ts';
import { microk8s } from '../../platforms/microk8s/platform.ts';
import { findLocks, sayLock } from '../../run/lockfile.ts';
import { must, target, type Target } from './fuzz-target.ts';
import { bytes, mutated } from './fuzz-yaml.ts';

interface Said {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const fingerprint = JSON.stringify({
  schema: 'holdfast.dev/fingerprint/v1',
  run: 'a',
  takenAt: '2026-11-21T07:10:00Z',
  looked: {},
  lines: ['nft\ttable inet filter'],
});

const rightAnswers = [
  'ID: 3297041220608546238\nAddress: 10.0.0.1:19001\nRole: 0\n',
  'network-latency: 1m30s\n',
  '192.168.1.5 51034 192.168.1.101 22\n',
  'held 12\n{"run":"a","host":"b","pid":7}\n',
  `${fingerprint}\n${fingerprint}\n`,
  'v1.3.5\n',
  'file /run/holdfast/x.json\nunit holdfast-x.service loaded active\n',
];

const texts = fc.oneof(mutated(rightAnswers), bytes, fc.constantFrom(...rightAnswers, ''));

const answers: fc.Arbitrary<Said> = fc.record({
  code: fc.oneof(fc.constantFrom(0, 1, 2, 44, 124, 255, -1, undefined), fc.integer()),
  stdout: texts,
  stderr: fc.oneof(fc.constant(''), bytes),
});

/** A node that says the same to every question. */
function worldSaying(said: Said): { readonly ssh: SshLink; readonly world: World } {
  const ssh = {
    node: 'pi1',
    run: () => Promise.resolve({ ...said, tookMs: 1 }),
  } as unknown as SshLink;
  const links = { ssh: () => Promise.resolve(ssh) };
  const world = { links, controlPlanes: ['pi1'], power: new Map(), now: () => 0 };
  return { ssh, world: world as unknown as World };
}

/** A proof says yes only where its script ended with 0. */
async function feedProof(said: Said): Promise<void> {
  const { world } = worldSaying(said);
  const { answer, said: lines } = await untilProved(
    [{ from: 'pi1', sh: 'true', says: 'it is so' }],
    world,
    0,
  );
  const right = said.code === 0 ? 'yes' : said.code === 1 ? 'no' : 'unclear';
  must(answer === right, `exit status ${said.code ?? 'none'} is taken for ${answer}`);
  must(lines.length === 1, 'a proof is not told');
}

async function feedSurvey(said: Said): Promise<void> {
  const { ssh, world } = worldSaying(said);
  const asking = { timeoutMs: 1000 };
  const controller = await askController(ssh, asking);
  must(
    controller === undefined || (controller.port >= 0 && controller.port < 100_000),
    `a port is ${controller?.port ?? ''}`,
  );
  await askMember(ssh, microk8s, asking).then(
    (report) => {
      if (report === undefined) return;
      const { member, settings } = report;
      must(/^-?\d+$/.test(member.id ?? ''), `an id is ${member.id ?? 'not there'}`);
      must(Number.isFinite(settings['networkLatencyMs']), 'a setting is no number');
    },
    (error: unknown) => {
      if (!(error instanceof LinkError)) throw error;
    },
  );
  for (const lock of await findLocks(['pi1'], world)) sayLock(lock);
  const stored = await storedFingerprints(['pi1'], world);
  for (const { lines } of stored.get('pi1') ?? [])
    fingerprintDifferences({ pi1: lines }, { pi1: [] });
  must(Array.isArray(await leftovers(['pi1'], world)), 'what is left is no list');
}

/** A channel of which the other end writes what a case says, in pieces, whenever it is asked. */
class Channel extends EventEmitter {
  readonly stderr = Object.assign(new EventEmitter(), { setEncoding: () => this.stderr });
  readonly #pieces: readonly Piece[];

  constructor(pieces: readonly Piece[]) {
    super();
    this.#pieces = pieces;
  }

  setEncoding(): this {
    return this;
  }

  write(line: string): boolean {
    const id = /(hf-[0-9a-f]{16}-\d+) [^\n]*\n$/.exec(line)?.[1] ?? '';
    for (const { to, text } of this.#pieces)
      (to === 'out' ? this : this.stderr).emit('data', text.replaceAll('ID', id));
    return true;
  }

  close(): void {
    this.emit('close');
  }
}

interface Piece {
  readonly to: 'out' | 'err';
  /** `ID` stands for the mark of the question. */
  readonly text: string;
}

const pieces = fc.array(
  fc.record({
    to: fc.constantFrom('out' as const, 'err' as const),
    text: fc.oneof(
      fc.constantFrom(
        '\nID 0\n',
        '\nID\n',
        '\nID 1700000000.123456\n',
        '\nID x y z',
        'ID 0\n',
        '\n',
      ),
      fc.constantFrom(
        '\nID 0 1.5 2.5\n',
        '\nID 7 1700000000.000001 1700000000.000002\n',
        'ID',
        '\nI',
      ),
      bytes,
    ),
  }),
  { maxLength: 6 },
);

/** Whatever a shell writes, a question is answered or fails as a link does. */
async function feedShell(all: readonly Piece[]): Promise<void> {
  const channel = new Channel(all);
  const asking = { timeoutMs: 4 };
  try {
    using shell = await RootShell.start('pi1', channel as unknown as ClientChannel, {
      clock: () => performance.now(),
      ...asking,
    });
    const { nodeMs } = await shell.ping(asking);
    must(
      nodeMs === undefined || Number.isFinite(nodeMs),
      `the clock of the node is ${nodeMs ?? ''}`,
    );
    await shell.prepare('true', asking);
    const { code } = await shell.fire(asking);
    must(Number.isInteger(code), `an exit status is ${code}`);
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
  }
}

export const shellTargets: readonly Target[] = [
  target({ what: 'shell: answers to a proof', cases: answers, feed: feedProof, runs: 40_000 }),
  target({ what: 'shell: answers to a survey', cases: answers, feed: feedSurvey, runs: 15_000 }),
  target({ what: 'shell: an open root shell', cases: pieces, feed: feedShell, runs: 3000 }),
  target({
    what: 'known_hosts files',
    cases: fc.oneof(
      bytes,
      mutated([
        'pi1 ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\n@revoked * ssh-rsa AAAAB3\n|1|c2FsdA==|aGFzaA== ssh-rsa AAAA\n[10.0.0.1]:2222,!x ecdsa-sha2-nistp256 AAAA\n',
      ]),
    ),
    feed: (text) => {
      const verdict = checkHostKey(text, '10.0.0.1', 2222, Buffer.from('no such key'));
      must(verdict !== 'known', 'a key that no file holds is known');
      knownKeyTypes(text, 'pi1', 22);
    },
    runs: 40_000,
  }),
];
