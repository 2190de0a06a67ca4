import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Act, Proof } from '../model/intent.ts';

/** The script of an act or a proof; anything else fails the test. */
export function shOf(act: Act | Proof | undefined): string {
  if (act === undefined || !('sh' in act)) throw new Error('not a shell script');
  return act.sh;
}

/** A node's folders, one real process as its service, and stand-ins for `systemctl`, `ss` and others. */
export class FakeNode {
  readonly port = 19001;
  readonly #id: string;
  readonly #root = mkdtempSync(join(tmpdir(), 'holdfast-kill-'));
  /** The folder of the unit's properties, a file each. */
  readonly unit = join(this.#root, 'unit');
  #service: ChildProcess;

  /** @param id of the intent whose scripts run on it */
  constructor(id: string) {
    this.#id = id;
    for (const folder of ['bin', 'unit', 'run/systemd/system'])
      mkdirSync(join(this.#root, folder), { recursive: true });
    this.tool(
      'systemctl',
      `U=${this.unit}
       case "$1" in
         show) cat "$U/$3" ;;
         daemon-reload) echo no >"$U/NeedDaemonReload"
           echo on-failure >"$U/Restart"
           cat "${this.#root}"/run/systemd/system/k8s.service.d/*.conf >/dev/null 2>&1 && echo no >"$U/Restart"
           if [ -e "$U/Stubborn" ]; then cat "$U/Stubborn" >"$U/Restart"; fi ;;
         reset-failed) [ "$(cat "$U/ActiveState")" = failed ] || exit 1; echo 0 >"$U/NRestarts" ;;
         start) [ "$2 $3" = "--no-block k8s.service" ] || exit 5
           [ "$(cat "$U/ActiveState")" = active ] && exit 0
           cat "$U/Next" >"$U/MainPID"; echo active >"$U/ActiveState"; echo success >"$U/Result" ;;
         stop) [ "$2 $3" = "--no-block k8s.service" ] || exit 5
           kill -TERM "$(cat "$U/MainPID")"; echo 0 >"$U/MainPID"; echo inactive >"$U/ActiveState" ;;
         is-active) [ "$3" = busy.service ] ;;
         *) exit 64 ;;
       esac`,
    );
    this.tool('ss', `[ "$2" = 'sport = :19001' ] || exit 64; cat "${this.unit}/listening"`);
    this.#service = this.#starts();
    this.set('MainPID', this.pid);
    this.set('ActiveState', 'active');
    this.set('SubState', 'running');
    this.set('Result', 'success');
    this.set('NRestarts', '0');
    this.set('Restart', 'on-failure');
    this.set('NeedDaemonReload', 'no');
    this.set('RequiredBy', '');
    this.listens(true);
  }

  [Symbol.dispose](): void {
    this.#service.kill('SIGKILL');
    rmSync(this.#root, { recursive: true, force: true });
  }

  run(sh: string): { status: number | null; stderr: string } {
    const here = sh
      .replaceAll("'/run/", `'${this.#root}/run/`)
      .replaceAll(' /run/', ` ${this.#root}/run/`);
    const env = { PATH: `${join(this.#root, 'bin')}:${process.env['PATH'] ?? ''}` };
    return spawnSync('/bin/sh', ['-c', here], { env, encoding: 'utf8', timeout: 5000 });
  }

  performs(acts: readonly Act[]): void {
    for (const act of acts) {
      const { status, stderr } = this.run(shOf(act));
      expect(status, `${shOf(act)}\n${stderr}`).to.equal(0);
    }
  }

  all(proofs: readonly Proof[]): readonly string[] {
    return proofs.map((proof) => ['yes', 'no'][this.run(shOf(proof)).status ?? 2] ?? 'unclear');
  }

  /** After the service was told to end: another is ready to be started. */
  async hasStopped(): Promise<void> {
    await this.#death();
    this.#service = this.#starts();
    this.set('Next', this.pid);
    this.listens(false);
  }

  /** What systemd does when the main process dies: with Restart=no it gives up, else a new one is there at once. */
  async reactsToDeath(): Promise<void> {
    expect(await this.#death()).to.equal('SIGKILL');
    this.#service = this.#starts();
    this.listens(false);
    if (this.setting('Restart') === 'no') {
      this.set('MainPID', '0');
      this.set('ActiveState', 'failed');
      this.set('Result', 'signal');
      this.set('Next', this.pid);
    } else {
      this.set('MainPID', this.pid);
      this.set('NRestarts', String(Number(this.setting('NRestarts')) + 1));
    }
  }

  /** What systemd does first when the main process dies and `RestartSec` lets it wait. */
  async waitsToRestart(): Promise<void> {
    expect(await this.#death()).to.equal('SIGKILL');
    this.listens(false);
    this.set('MainPID', '0');
    this.set('ActiveState', 'activating');
    this.set('SubState', 'auto-restart');
  }

  set(property: string, value: string): void {
    writeFileSync(join(this.unit, property), `${value}\n`);
  }

  setting(property: string): string {
    return readFileSync(join(this.unit, property), 'utf8').trim();
  }

  listens(yes: boolean): void {
    this.set('listening', yes ? 'LISTEN 0 4096 *:19001 *:*' : '');
  }

  before(): string {
    return readFileSync(join(this.#root, 'run/holdfast', `${this.#id}.before`), 'utf8').trim();
  }

  writeBefore(text: string): void {
    writeFileSync(join(this.#root, 'run/holdfast', `${this.#id}.before`), `${text}\n`);
  }

  alive(): boolean {
    return this.#service.exitCode === null && this.#service.signalCode === null;
  }

  breakTools(): void {
    for (const name of ['systemctl', 'ss']) this.tool(name, 'exit 1');
  }

  /** Paths that bear the fault's name, or the folders made for it. */
  left(): readonly string[] {
    return [
      `run/systemd/system/k8s.service.d/90-holdfast-${this.#id}.conf`,
      'run/systemd/system/k8s.service.d',
      'run/holdfast',
    ].filter((path) => existsSync(join(this.#root, path)));
  }

  async #death(): Promise<string | null> {
    const dead = this.#service;
    if (dead.exitCode === null && dead.signalCode === null)
      await new Promise((resolve) => dead.once('exit', resolve));
    return dead.signalCode;
  }

  #starts(): ChildProcess {
    return spawn('sleep', ['60'], { stdio: 'ignore' });
  }

  /** Of the service. */
  get pid(): string {
    return String(this.#service.pid);
  }

  /** Of a process, the service unless another is meant, as the kernel calls it: S asleep, T stopped by a signal. */
  state(pid = this.pid): string {
    const now = (): string => {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return stat.slice(stat.lastIndexOf(')') + 2)[0] ?? '';
    };
    // One that was sent a signal has yet to run for a moment, which a busy machine may not give it at once.
    const end = performance.now() + 2000;
    while (now() === 'R' && performance.now() < end)
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
    return now();
  }

  /** Puts a stand-in for a program before the real one. */
  tool(name: string, script: string): void {
    const path = join(this.#root, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
}
