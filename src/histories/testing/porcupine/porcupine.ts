import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RegisterOperation } from '../../operation.ts';

/** What Porcupine says of the history in a file. */
export interface Said {
  readonly file: string;
  readonly operations: number;
  readonly linearizable: boolean;
  /** Time on processors. */
  readonly ms: number;
}

/** Porcupine, or why there is none here. */
export type Porcupine =
  | {
      /** The folder of its published histories. */
      readonly published: string;
      readonly ofPublished: () => readonly Said[];
      readonly ofRegisters: (history: readonly RegisterOperation[]) => Said;
    }
  | { readonly missing: string };

/** Looks for Go and fetches Porcupine with it, the version that go.mod names. */
export function findPorcupine(): Porcupine {
  const go = (...args: readonly string[]): ReturnType<typeof spawnSync> & { stdout: string } => {
    const done = spawnSync('go', args, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      timeout: 500_000,
    });
    return done;
  };
  if (go('version').status !== 0) return { missing: 'there is no Go here' };
  const fetched = go('mod', 'download', '-json', 'github.com/anishathalye/porcupine');
  if (fetched.status !== 0) return { missing: `Go cannot fetch it: ${fetched.stdout.trim()}` };
  const { Dir: folder } = JSON.parse(fetched.stdout) as { readonly Dir: string };
  const published = join(folder, 'test_data');
  const says = (...args: readonly string[]): readonly Said[] => {
    const { status, stdout, stderr } = go('run', '.', ...args);
    if (status !== 0) throw new Error(`Porcupine did not judge: ${String(stderr)}`);
    const lines = stdout.trim().split('\n');
    return lines.map((line) => JSON.parse(line) as Said);
  };
  return {
    published,
    ofPublished: () => says('published', published),
    ofRegisters: (history) => {
      const scratch = mkdtempSync(join(tmpdir(), 'holdfast-porcupine-'));
      try {
        const file = join(scratch, 'history.jsonl');
        writeFileSync(file, linesOf(history));
        const [said] = says('register', file);
        if (said === undefined) throw new Error('Porcupine said nothing');
        return said;
      } finally {
        rmSync(scratch, { recursive: true });
      }
    },
  };
}

/** A history as main.go reads it: conditions on values instead of versions, instants in microseconds. */
function linesOf(history: readonly RegisterOperation[]): string {
  const keys = new Map<string, number>();
  const valueOf = new Map<string, string>();
  for (const one of history) {
    if (!keys.has(one.object)) keys.set(one.object, keys.size);
    if (one.kind !== 'delete' && one.value !== undefined && one.version !== undefined)
      valueOf.set(`${one.object} ${one.version}`, one.value);
  }
  return history
    .flatMap((one) => {
      if (one.kind === 'delete' || one.kind === 'cached-read')
        throw new Error(`Porcupine's model here knows no ${one.kind}`);
      const on = one.kind === 'write' ? one.on : undefined;
      const isOpen = one.outcome === 'indeterminate';
      if (one.outcome === 'refused' || (one.kind === 'read' && isOpen)) return [];
      return JSON.stringify({
        key: keys.get(one.object),
        what: one.kind === 'read' ? 'read' : on === undefined ? 'write' : 'cas',
        value: one.value ?? '',
        expected:
          on !== undefined && 'version' in on ? valueOf.get(`${one.object} ${on.version}`) : '',
        failed: one.outcome === 'conflict',
        called: Math.round(one.called * 1000),
        returned: isOpen ? -1 : Math.round(one.returned * 1000),
      });
    })
    .join('\n');
}
