import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { commandDevice } from './command.ts';
import { PowerError } from './power.ts';

const plug = { off: 'true', on: 'true', state: 'echo on' };

async function failure(work: Promise<unknown>): Promise<PowerError> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  );
  expect(error).to.be.instanceOf(PowerError);
  return error as PowerError;
}

describe('a power device that is switched by commands', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-power-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('tells its command after how many whole seconds to switch on again, never too few', async () => {
    const file = join(folder, 'told');
    const device = commandDevice('pi1', { command: { ...plug, off: `echo {seconds} >${file}` } });
    expect(device.reverts).to.equal(true);
    await device.off(1500);
    expect(readFileSync(file, 'utf8')).to.equal('2\n');
    await device.off();
    expect(readFileSync(file, 'utf8')).to.equal('86400\n');
  });

  it('does not revert by itself if its command is told no time', () => {
    expect(commandDevice('pi1', { command: plug }).reverts).to.equal(false);
  });

  it('says what its state command prints last', async () => {
    const state = (line: string): Promise<string> =>
      commandDevice('pi1', { command: { ...plug, state: line } }).state();
    expect(await state('echo on')).to.equal('on');
    expect(await state('echo asking the switch; echo off')).to.equal('off');
  });

  for (const nonsense of ['true', 'echo ON', 'echo {\\"output\\":true}', 'echo off; echo done'])
    it(`takes no state for an answer that is neither on nor off: ${nonsense}`, async () => {
      const device = commandDevice('pi1', { command: { ...plug, state: nonsense } });
      const { message } = await failure(device.state());
      expect(message).to.include('pi1').and.include('neither on nor off').and.include(nonsense);
    });

  it('does not take the word of a state command that failed', async () => {
    const device = commandDevice('pi1', { command: { ...plug, state: 'echo on; exit 3' } });
    expect((await failure(device.state())).message).to.include('exit 3');
  });

  it('says of a command that failed what it was, how it ended and what it said', async () => {
    const device = commandDevice('pi1', { command: { ...plug, on: 'echo no plug >&2; exit 7' } });
    const { message } = await failure(device.on());
    expect(message).to.include('power command of pi1').and.include('exit 7').and.include('no plug');
    const missing = commandDevice('pi1', { command: { ...plug, off: 'no-such-program-here' } });
    expect((await failure(missing.off())).message).to.include('exit 127');
  });

  it('gives up a command that hangs, and ends it with all that it started', async () => {
    const file = join(folder, 'late');
    const hanging = { command: { ...plug, on: `(sleep 1; touch ${file}) & sleep 60` } };
    const began = performance.now();
    const { message } = await failure(commandDevice('pi1', hanging, 300).on());
    expect(performance.now() - began).to.be.lessThan(5000);
    expect(message).to.include('no end within 0.3 s');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(existsSync(file)).to.equal(false);
  });
});
