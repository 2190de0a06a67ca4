import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Act, Proof } from '../model/intent.ts';

/** Tools of the machine that touch nothing but files; all others are stand-ins or not there. */
const harmless = ['cat', 'grep', 'mkdir', 'printf', 'rm', 'rmdir', 'sleep', 'touch', 'wc'];

/**
 * A node for the scripts of network faults: they run in the machine's own /bin/sh, in a folder of their own, with
 * stand-ins for nft, ip, ss, systemctl, systemd-run, and for the `timeout` in which a connection is tried. The
 * machine's own of these are out of their reach.
 */
export class NetworkNode {
  readonly #root = mkdtempSync(join(tmpdir(), 'holdfast-network-'));
  readonly #tables = join(this.#root, 'tables');
  /** What `ip route show table all` prints, by family. */
  routes = { '-4': '', '-6': '' };
  /** What comes of each try to connect: an exit status, and what is said. */
  tries: readonly [status: number, said: string] = [0, ''];
  /** What every chain has counted. */
  counted = 7;
  listens = true;
  /** What the service manager says of every unit. */
  unit = 'inactive';

  constructor() {
    for (const folder of ['bin', 'tables', 'run']) mkdirSync(join(this.#root, folder));
    for (const name of harmless) symlinkSync(`/usr/bin/${name}`, join(this.#root, 'bin', name));
    this.#tool(
      'nft',
      `case "$1 $2 $3" in
         '-c -f '*) ! grep -q nonsense "$3" ;;
         '-f '*) cat "$2" | while read -r verb word family name rest; do
             case "$verb $word" in
             'delete table') rm -f "$TABLES/$name" ;;
             'table inet') touch "$TABLES/$family" ;;
             esac
           done ;;
         'list tables inet') for one in "$TABLES"/*; do
             [ ! -e "$one" ] || echo "table inet \${one##*/}"
           done ;;
         'list chain inet') [ -e "$TABLES/$4" ] || exit 1
           echo "ip saddr @from_ip counter packets $COUNTED bytes 60 drop" ;;
         *) exit 64 ;;
       esac`,
    );
    this.#tool('ip', '[ "$2 $3 $4 $5" = "route show table all" ] || exit 64; cat "$ROUTES$1"');
    this.#tool('ss', '[ "$LISTENS" = true ] && echo "LISTEN 0 4096 *:19001 *:*"; exit 0');
    this.#tool('timeout', '[ "$2 $3" = "bash -c" ] || exit 64; echo "$SAID" >&2; exit "$STATUS"');
    this.#tool(
      'systemctl',
      'case "$1" in show) echo "$UNIT" ;; is-active) [ "$UNIT" = active ] ;; esac',
    );
    this.#tool('systemd-run', 'echo "$*" >>"$TABLES/../started"');
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  run(sh: string): { status: number | null; stderr: string } {
    for (const family of ['-4', '-6'] as const)
      writeFileSync(join(this.#root, `routes${family}`), this.routes[family]);
    return spawnSync('/bin/sh', ['-c', this.#here(sh)], {
      env: {
        PATH: join(this.#root, 'bin'),
        TABLES: this.#tables,
        ROUTES: join(this.#root, 'routes'),
        COUNTED: String(this.counted),
        LISTENS: String(this.listens),
        STATUS: String(this.tries[0]),
        SAID: this.tries[1],
        UNIT: this.unit,
      },
      encoding: 'utf8',
      timeout: 5000,
    });
  }

  performs(acts: readonly Act[]): void {
    for (const act of acts) {
      const sh = 'on' in act ? act.sh : 'exit 64';
      const { status, stderr } = this.run(sh);
      expect(status, `${sh}\n${stderr}`).to.equal(0);
    }
  }

  /** The answers to some proofs: 0 is yes, 1 is no, all else unclear. */
  answers(proofs: readonly Proof[]): readonly string[] {
    return proofs.map(
      (proof) =>
        ['yes', 'no'][this.run('sh' in proof ? proof.sh : 'exit 64').status ?? 2] ?? 'unclear',
    );
  }

  tables(): readonly string[] {
    return readdirSync(this.#tables).sort();
  }

  /** Puts a table of somebody else there. */
  addTable(name: string): void {
    writeFileSync(join(this.#tables, name), '');
  }

  /** What is in /run/holdfast; undefined if that is not there. */
  left(): readonly string[] | undefined {
    const folder = join(this.#root, 'run/holdfast');
    return existsSync(folder) ? readdirSync(folder).sort() : undefined;
  }

  file(name: string): string {
    return readFileSync(join(this.#root, 'run/holdfast', name), 'utf8');
  }

  /** The arguments of each systemd-run. */
  started(): string {
    return readFileSync(join(this.#root, 'started'), 'utf8').replaceAll(this.#root, '');
  }

  /** Makes some tools fail as if they were broken. */
  breaks(...names: readonly string[]): void {
    for (const name of names) this.#tool(name, 'exit 126');
  }

  /** Takes a tool away. */
  lacks(name: string): void {
    rmSync(join(this.#root, 'bin', name));
  }

  #here(sh: string): string {
    return sh.replace(/(['" >])\/run\/holdfast/g, `$1${this.#root}/run/holdfast`);
  }

  #tool(name: string, script: string): void {
    const path = join(this.#root, 'bin', name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
  }
}
