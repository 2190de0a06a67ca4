import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Act, Intent, UndoBy } from '../model/intent.ts';
import { intentOf as intentWith } from '../testing/intent.ts';
import { parseNote } from './note.ts';
import { asking, guarded, setUp, takeDown, watches, type Order, type Watch } from './watch.ts';

const planes = ['pi1', 'pi2', 'pi3'];

describe('who watches over a fault', () => {
  it('is each node of its undo, which must', () => {
    const found = watches(intentOf('node-timer', [{ on: 'pi1', sh: 'a' }]), planes);
    expect([...found.keys()]).to.deep.equal(['pi1']);
    expect(found.get('pi1')).to.deep.include({ folder: '/run/holdfast', timer: true, must: true });
  });

  it('is each of the nodes any of which can, with the same script', () => {
    const found = watches(intentOf('peer', [{ onAny: ['pi2', 'pi3'], sh: 'uncordon' }]), planes);
    expect([...found.keys()]).to.deep.equal(['pi2', 'pi3']);
    expect(found.get('pi2')?.undo).to.equal(found.get('pi3')?.undo);
  });

  it('is on disk, too, where a reboot does not take it back', () => {
    const found = watches(intentOf('boot', [{ on: 'pi1', sh: 'a' }]), planes);
    expect(found.get('pi1')).to.deep.include({
      folder: '/var/lib/holdfast',
      timer: true,
      boot: true,
    });
  });

  it('is every other control plane for a device, of which one is enough', () => {
    const found = watches(intentOf('device', [{ power: 'on', node: 'pi1' }]), planes);
    expect([...found.keys()]).to.deep.equal(['pi2', 'pi3']);
    expect([...found.values()].every(({ must, timer, undo }) => !must && timer && !undo)).to.equal(
      true,
    );
  });

  it('is every control plane where all lose their power', () => {
    const off = intentOf('device', [{ power: 'on', node: 'pi1' }]);
    expect([...watches({ ...off, targets: planes }, planes).keys()]).to.deep.equal(planes);
  });

  it('is nobody with a timer where only a person can take it back', () => {
    const found = watches(intentOf('journal', [{ on: 'pi1', sh: 'a' }]), planes);
    expect([...found.keys()]).to.deep.equal(['pi2', 'pi3']);
    expect([...found.values()].some(({ timer, undo }) => timer || undo !== undefined)).to.equal(
      false,
    );
  });

  it('is nobody where there is nothing to take back', () => {
    expect(watches(intentOf('journal', []), planes).size).to.equal(0);
  });
});

// Run by the machine's own /bin/sh, with folders of a test's own and stand-ins for systemd.
describe('what a node keeps for a fault', () => {
  let node: Node;
  beforeEach(() => (node = new Node()));
  afterEach(() => node[Symbol.dispose]());

  for (const undoBy of ['node-timer', 'boot'] as const) {
    it(`is set up, found again and taken down (${undoBy})`, () => {
      const [intent, watch] = node.fault(undoBy);
      node.obeys(setUp(intent.id, watch, noteOf(intent), 1500.2));
      expect(parseNote(node.read(watch, 'json'))?.intent).to.deep.equal(intent);
      expect(node.said('systemd-run')).to.match(/--on-active=1501ms --timer-property=AccuracySec=/);
      expect(node.obeys(asking(intent.id))).to.contain('waiting');
      for (const attempt of ['once', 'again']) {
        node.obeys(takeDown(intent.id, watch));
        expect(node.left(), attempt).to.deep.equal([]);
      }
    });

    it(`takes the fault back by itself and leaves nothing (${undoBy})`, () => {
      const [intent, watch] = node.fault(undoBy);
      node.obeys(setUp(intent.id, watch, noteOf(intent), 1000));
      node.makesFault();
      node.runsScript(watch);
      expect(node.isFaulty()).to.equal(false);
      expect(node.left()).to.deep.equal([]);
    });
  }

  it('is not set up if its sender died in the middle', () => {
    const [intent, watch] = node.fault('node-timer');
    const { command, stdin = '' } = setUp(intent.id, watch, noteOf(intent), 1000);
    expect(() => node.obeys({ command, stdin: stdin.slice(0, -20) })).to.throw('exit 1');
    expect(node.left()).to.deep.equal(['run/holdfast']);
    expect(() => node.said('systemd-run')).to.throw('ENOENT');
  });

  it('must be there for the deed to be done', () => {
    const [intent, watch] = node.fault('node-timer');
    const deed = guarded(intent.id, watch, 'echo done');
    expect(() => node.obeys({ command: deed })).to.throw('its undo timer has run already');
    node.obeys(setUp(intent.id, watch, noteOf(intent), 1000));
    expect(node.obeys({ command: deed })).to.equal('done\n');
  });

  it('is tried again until it succeeds', () => {
    const [intent, watch] = node.fault('node-timer');
    node.obeys(setUp(intent.id, watch, noteOf(intent), 1000));
    node.makesFault();
    node.failsOnce();
    node.runsScript(watch);
    expect(node.isFaulty()).to.equal(false);
    expect(node.said('sleep').trim()).to.equal('5');
  });

  it('stays where it cannot succeed, so that it is seen', () => {
    const [intent, watch] = node.fault('node-timer', 'exit 3');
    node.obeys(setUp(intent.id, watch, noteOf(intent), 1000));
    expect(() => node.runsScript(watch)).to.throw('exit 1');
    expect(node.said('sleep').trim().split('\n')).to.have.length(59);
    expect(node.left()).to.have.length(3);
  });

  it('starts its script at boot by a unit that systemd can read', () => {
    const [intent, watch] = node.fault('boot');
    node.obeys(setUp(intent.id, watch, noteOf(intent), 1000));
    const unit = node.file('etc/systemd/system/holdfast-3f9a1c-test.service');
    expect(unit).to.match(/^ExecStart=\/bin\/sh \S+\/var\/lib\/holdfast\/3f9a1c-test\.undo$/m);
    expect(
      node.file('etc/systemd/system/multi-user.target.wants/holdfast-3f9a1c-test.service'),
    ).to.equal(unit);
  });
});

function intentOf(undoBy: UndoBy, undo: readonly Act[]): Intent {
  return intentWith('3f9a1c-test', 'pi1', undoBy, undo);
}

function noteOf(intent: Intent): string {
  return JSON.stringify({ schema: 'holdfast.dev/note/v1', armedAt: '2026-11-21', intent });
}

class Node {
  readonly #root = mkdtempSync(join(tmpdir(), 'holdfast-watch-'));

  constructor() {
    for (const folder of ['bin', 'run', 'var/lib', 'etc/systemd/system'])
      mkdirSync(join(this.#root, folder), { recursive: true });
    for (const name of ['systemctl', 'systemd-run', 'sync', 'sleep'])
      this.#tool(name, `echo "$@" >>${this.#root}/said.${name}`);
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  fault(undoBy: UndoBy, undo = this.#undo()): [Intent, Watch] {
    const intent = intentOf(undoBy, [{ on: 'pi1', sh: undo }]);
    const watch = watches(intent, planes).get('pi1');
    if (watch === undefined) throw new Error('nobody watches');
    return [intent, watch];
  }

  obeys({ command, stdin }: Order): string {
    return this.#run(['-c', this.#here(command)], stdin === undefined ? '' : this.#here(stdin));
  }

  runsScript({ folder }: Watch): void {
    this.#run([join(this.#root, folder, '3f9a1c-test.undo')]);
  }

  makesFault(): void {
    writeFileSync(join(this.#root, 'fault'), '');
  }

  isFaulty(): boolean {
    return existsSync(join(this.#root, 'fault'));
  }

  failsOnce(): void {
    writeFileSync(join(this.#root, 'fails'), '');
  }

  read({ folder }: Watch, suffix: string): string {
    return this.file(`${folder}/3f9a1c-test.${suffix}`);
  }

  file(path: string): string {
    return readFileSync(join(this.#root, path), 'utf8');
  }

  said(tool: string): string {
    return this.file(`said.${tool}`);
  }

  /** All that bears our name, folders included. */
  left(): readonly string[] {
    const all = readdirSync(this.#root, { recursive: true }) as string[];
    return all.filter((path) => path.includes('3f9a1c') || path.endsWith('/holdfast'));
  }

  #undo(): string {
    return `if [ -e ${this.#root}/fails ]; then rm ${this.#root}/fails; exit 1; fi; rm -f ${this.#root}/fault`;
  }

  #here(text: string): string {
    return text.replaceAll(/(?<![\w.])\/(run|var\/lib|etc)\b/g, `${this.#root}/$1`);
  }

  #run(args: readonly string[], input = ''): string {
    const env = { PATH: `${join(this.#root, 'bin')}:${process.env['PATH'] ?? ''}` };
    const ran = spawnSync('/bin/sh', args, { env, input, encoding: 'utf8', timeout: 5000 });
    if (ran.status !== 0) throw new Error(`exit ${ran.status}: ${ran.stderr}`);
    return ran.stdout;
  }

  #tool(name: string, script: string): void {
    const path = join(this.#root, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
}
