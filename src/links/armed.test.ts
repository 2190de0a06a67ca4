import { expect } from 'chai';
import { performance } from 'node:perf_hooks';
import { fakeLink } from '../testing/fake-link.ts';
import type { FakeSsh, FakeSshOptions } from '../testing/fake-ssh.ts';
import { arm, fireTimed, offsetFrom, place } from './armed.ts';
import { LinkError } from './errors.ts';
import type { RootShell } from './shell.ts';
import type { SshLink } from './ssh.ts';

const clock = () => performance.now();

describe('an armed script', () => {
  const closings: (() => unknown)[] = [];
  const openShell = async (
    options: FakeSshOptions = {},
  ): Promise<{ node: FakeSsh; link: SshLink; shell: RootShell }> => {
    const fake = await fakeLink(options);
    closings.push(() => fake.close());
    const { node, link } = fake;
    return { node, link, shell: await link.shell({ clock, timeoutMs: 2_000 }) };
  };

  afterEach(async () => {
    for (const close of closings.splice(0).reverse()) await close();
  });

  it('gives back status, outputs, and an interval in which the act lies', async () => {
    const { shell } = await openShell();
    const script = 'date +%s%N; echo "it\'s done" >&2; exit 3';
    const fired = await fireTimed(shell, script, { timeoutMs: 2_000 });
    expect(fired.code).to.equal(3);
    expect(fired.stderr).to.equal("it's done\n");
    expect(fired.by, fired.because).to.equal('node-stamps');
    // The node of this test is this machine: its wall clock is at hand, to the millisecond.
    const actedMs = Number(fired.stdout) / 1e6 - (Date.now() - clock());
    expect(actedMs).to.be.within(fired.span.lo - 3, fired.span.hi + 3);
  });

  it('sends nothing of the script when it fires', async () => {
    const { shell } = await openShell();
    const armed = await arm(shell, `: ${'x'.repeat(100_000)}`, { timeoutMs: 2_000 });
    const { span, code } = await armed.fire();
    expect(code).to.equal(0);
    expect(span.hi - span.lo).to.be.lessThan(60);
  });

  it('runs a script that reads its input, or leaves the shell, without harm to the shell', async () => {
    const { shell } = await openShell();
    await fireTimed(shell, 'cat; exit 1', { timeoutMs: 2_000 });
    const fired = await fireTimed(shell, 'echo again', { timeoutMs: 2_000 });
    expect([fired.code, fired.stdout]).to.deep.equal([0, 'again\n']);
  });

  it('refuses a script that is no shell script, before it fires', async () => {
    const { shell } = await openShell();
    const error: unknown = await arm(shell, 'if true; then', { timeoutMs: 500 }).catch(
      (error: unknown) => error,
    );
    expect(error).to.be.instanceOf(LinkError).with.property('kind', 'refused');
    expect((await fireTimed(shell, 'echo alive', { timeoutMs: 500 })).stdout).to.equal('alive\n');
  });

  it('has the node end a script that takes too long', async () => {
    const { shell } = await openShell();
    const fired = await fireTimed(shell, 'sleep 30', { timeoutMs: 200 });
    expect(fired.code).to.equal(124);
    expect(fired.span.hi - fired.span.lo).to.be.within(195, 1_500);
  });

  it('falls back to the round trip where the node has no bash', async () => {
    const sudo = '#!/bin/sh\nexec /bin/dash\n';
    const { shell } = await openShell({ sudo });
    const fired = await fireTimed(shell, 'echo done', { timeoutMs: 2_000 });
    expect(fired).to.include({ by: 'round-trip', stdout: 'done\n', code: 0 });
    expect(fired.because).to.contain('bash 5');
    expect(fired.span.lo).to.be.lessThan(fired.span.hi);
  });

  it('says so when sudo wants a password', async () => {
    const sudo = '#!/bin/sh\necho "sudo: a password is required" >&2\nexit 1\n';
    const error: unknown = await openShell({ sudo }).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(LinkError).with.property('kind', 'refused');
    expect((error as LinkError).message).to.contain('a password is required');
  });

  it('says when the act may have been done if the node goes with it', async () => {
    const { shell, node } = await openShell();
    const armed = await arm(shell, 'sleep 20', { timeoutMs: 20_000 });
    setTimeout(() => node.cut(), 150);
    const sentMs = clock();
    const error: unknown = await armed.fire().catch((error: unknown) => error);
    expect(error).to.be.instanceOf(LinkError).with.property('kind', 'lost');
    const { perhaps } = error as LinkError;
    expect(perhaps?.lo).to.be.within(sentMs, sentMs + 50);
    expect(perhaps?.hi).to.be.within(sentMs + 140, clock());
  });

  it('gives its channel back when the shell is closed', async () => {
    const { link, shell } = await openShell();
    shell.close();
    for (let i = 0; i < 12; i += 1) {
      const another = await link.shell({ clock, timeoutMs: 2_000 });
      another.close();
    }
    expect((await link.run('echo free', { timeoutMs: 1_000 })).stdout).to.equal('free\n');
  });
});

describe('the instant of a shot', () => {
  // The node's clock is 1 000 000 ms ahead of ours.
  const ahead = 1_000_000;
  const offset = (errorMs: number, atMs: number) => ({
    offset: { lo: ahead - errorMs, hi: ahead + errorMs },
    atMs,
  });
  const shot = {
    sentMs: 100,
    gotMs: 140,
    startedNodeMs: ahead + 110,
    endedNodeMs: ahead + 112,
  };

  it('is between the node’s stamps, widened by what the clocks are not known to agree on', () => {
    const { span, by } = place(shot, offset(1, 100), offset(1, 140));
    expect(by).to.equal('node-stamps');
    expect(span.lo).to.be.closeTo(109, 0.05);
    expect(span.hi).to.be.closeTo(113, 0.05);
  });

  it('is wider, the longer ago the clocks were compared', () => {
    const { span } = place(shot, offset(1, -5_000), offset(100, 140));
    // 600 ppm of 5.14 s, on both sides.
    expect(span.hi - span.lo).to.be.closeTo(4 + 2 * 5.14 * 0.6, 0.1);
  });

  it('never reaches beyond sending and receiving', () => {
    const { span } = place(shot, offset(500, 100), offset(500, 140));
    expect(span).to.deep.equal({ lo: 100, hi: 140 });
  });

  it('falls back to the round trip when the clock was stepped between the two comparisons', () => {
    const stepped = { offset: { lo: ahead + 50, hi: ahead + 52 }, atMs: 140 };
    const placed = place(shot, offset(1, 100), stepped);
    expect(placed).to.include({ by: 'round-trip' });
    expect(placed.span).to.deep.equal({ lo: 100, hi: 140 });
    expect(placed.because).to.contain('stepped');
  });

  it('falls back to the round trip when a stamp lies outside of it', () => {
    const early = { ...shot, startedNodeMs: ahead + 10, endedNodeMs: ahead + 12 };
    expect(place(early, offset(1, 100), offset(1, 140)).by).to.equal('round-trip');
  });

  it('rests on the ping with the shortest round trip', () => {
    const pings = [
      { sentMs: 0, gotMs: 40, nodeMs: ahead + 39 },
      { sentMs: 50, gotMs: 52, nodeMs: ahead + 51 },
      { sentMs: 60, gotMs: 90, nodeMs: ahead + 61 },
    ];
    const best = { offset: { lo: ahead - 1, hi: ahead + 1 }, atMs: 51 };
    expect(offsetFrom(pings)).to.deep.equal(best);
  });
});
