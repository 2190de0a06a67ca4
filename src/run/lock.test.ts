import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { World } from '../acts/world.ts';
import { SshLink, type Ran, type RunOptions } from '../links/ssh.ts';
import { lockCluster, LockedError } from './lock.ts';
import { findLocks, removeLockOf, removeLocks } from './lockfile.ts';

// The commands run in the machine's own /bin/sh; each node has a folder of its own in the place of /run.
describe('the lock of a cluster', () => {
  let root: string;
  let silent: readonly string[];
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'holdfast-lock-'));
    silent = [];
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const nodes = ['pi1', 'pi2', 'pi3'];
  const fileOn = (node: string): string => join(root, node, 'holdfast', 'lock');
  const holderOn = (node: string): string | undefined =>
    existsSync(fileOn(node))
      ? (JSON.parse(readFileSync(fileOn(node), 'utf8')) as { run: string }).run
      : undefined;
  /** Nobody has renewed it for so long. */
  const idle = (node: string, seconds: number): void => {
    const then = Date.now() / 1000 - seconds;
    utimesSync(fileOn(node), then, then);
  };
  const world = (): World => ({
    links: {
      ssh: (node) =>
        silent.includes(node)
          ? Promise.reject(new Error(`${node} is away`))
          : Promise.resolve(linkTo((command, options) => run(node, command, options))),
      kube: () => expect.fail('the API is what is broken'),
      member: () => expect.fail('the datastore is what is broken'),
      endpoint: () => expect.fail('the API is what is broken'),
      endpointAddress: undefined,
      alerts: () => expect.fail('nobody asks for alerts'),
      close: () => undefined,
    },
    controlPlanes: nodes,
    power: new Map(),
    now: () => performance.now(),
  });
  const run = (node: string, command: string, { stdin = '' }: RunOptions): Promise<Ran> => {
    const folder = join(root, node);
    mkdirSync(folder, { recursive: true });
    const here = command.replaceAll('/run/holdfast', `${folder}/holdfast`);
    const ran = spawnSync('/bin/sh', ['-c', here], { input: stdin, encoding: 'utf8' });
    return Promise.resolve({
      code: ran.status ?? undefined,
      signal: ran.signal ?? undefined,
      stdout: ran.stdout,
      stderr: ran.stderr,
      truncated: false,
      tookMs: 0,
    });
  };
  const refused = async (takeOver = false): Promise<string> => {
    const error = await lockCluster('second', nodes, world(), takeOver).catch(
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(LockedError);
    return (error as Error).message;
  };

  it('is a file on each node while the run lives', async () => {
    const lock = await lockCluster('first', nodes, world(), false);
    expect(nodes.map(holderOn)).to.deep.equal(['first', 'first', 'first']);
    expect(lock.takenOver).to.deep.equal([]);
    await lock.release();
    for (const node of nodes) expect(existsSync(join(root, node, 'holdfast'))).to.equal(false);
  });

  it('keeps a second run out, told to take over or not, and leaves no lock of it', async () => {
    const first = await lockCluster('first', nodes, world(), false);
    for (const takeOver of [false, true])
      expect(await refused(takeOver)).to.match(
        /^the cluster is locked by run first on .* \(process \d+\) since 20\d\d-.*Z, whose lock on pi\d was renewed \d+ s ago; wait for its end/,
      );
    rmSync(fileOn('pi2'));
    await refused();
    expect(nodes.map(holderOn)).to.deep.equal(['first', undefined, 'first']);
    await first.release();
  });

  it('is explained when its run is dead, and taken over only when told to', async () => {
    const dead = await lockCluster('first', nodes, world(), false);
    for (const node of nodes) idle(node, 70);
    expect(await refused()).to.match(
      /was renewed 7\d s ago; it is dead, or can reach nothing: .*`holdfast heal --all .*`.*--take-over`$/,
    );
    expect(nodes.map(holderOn)).to.deep.equal(['first', 'first', 'first']);

    const second = await lockCluster('second', nodes, world(), true);
    expect(second.takenOver[0]).to.match(/^pi1: the lock of run first, not renewed for 7\d s$/);
    expect(second.takenOver).to.have.length(3);
    expect(nodes.map(holderOn)).to.deep.equal(['second', 'second', 'second']);
    await dead.release();
    expect(nodes.map(holderOn), 'the dead one, come back').to.deep.equal([
      'second',
      'second',
      'second',
    ]);
    await second.release();
  });

  it('is not taken over while its run lives on any node', async () => {
    const first = await lockCluster('first', nodes, world(), false);
    idle('pi1', 70);
    idle('pi2', 70);
    expect(await refused(true)).to.match(
      /whose lock on pi3 was renewed [01] s ago; wait for its end/,
    );
    expect(nodes.map(holderOn)).to.deep.equal(['first', 'first', 'first']);
    await first.release();
  });

  it('can be taken over where nobody can tell whose it was', async () => {
    mkdirSync(join(root, 'pi1', 'holdfast'), { recursive: true });
    writeFileSync(fileOn('pi1'), '{"run":');
    idle('pi1', 70);
    expect(await refused()).to.include('locked by run unknown');
    const lock = await lockCluster('second', nodes, world(), true);
    expect(holderOn('pi1')).to.equal('second');
    await lock.release();
  });

  it('needs a majority of the nodes', async () => {
    silent = ['pi3'];
    await (await lockCluster('first', nodes, world(), false)).release();
    silent = ['pi2', 'pi3'];
    const error = await lockCluster('first', nodes, world(), false).catch(
      (error: unknown) => error,
    );
    expect(String(error)).to.include('only 1 of 3 nodes could be locked: pi2 is away; pi3 is away');
    expect(holderOn('pi1')).to.equal(undefined);
  });

  it('is removed by healing after its run, and no other', async () => {
    await lockCluster('first', nodes, world(), false);
    await removeLockOf('another', nodes, world());
    expect(holderOn('pi1')).to.equal('first');
    await removeLockOf('first', nodes, world());
    expect(nodes.map(holderOn)).to.deep.equal([undefined, undefined, undefined]);
  });

  it('is found and removed by healing after any run', async () => {
    await lockCluster('first', nodes, world(), false);
    idle('pi2', 70);
    silent = ['pi3'];
    expect(
      (await findLocks(nodes, world())).map(({ node, live, holder }) => [node, live, holder?.run]),
    ).to.deep.equal([
      ['pi1', true, 'first'],
      ['pi2', false, 'first'],
    ]);
    await removeLocks(['pi1', 'pi2'], world());
    expect(await findLocks(nodes, world())).to.deep.equal([]);
    const error = await removeLocks(['pi3'], world()).catch((error: unknown) => error);
    expect(String(error)).to.include('pi3 is away');
  });
});

/** A link that runs commands and can do nothing else. */
function linkTo(run: SshLink['run']): SshLink {
  return Object.assign(Object.create(SshLink.prototype) as SshLink, { run });
}
