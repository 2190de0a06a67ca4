import type { Intent } from '../model/intent.ts';
import { messageOf, type World } from './world.ts';

/** An intent as it is kept on nodes while its fault may stand, so that any machine can take it back. One line of JSON. */
export interface Note {
  readonly schema: 'holdfast.dev/note/v1';
  /** ISO 8601, by the clock of the machine that armed it. */
  readonly armedAt: string;
  readonly intent: Intent;
}

/** Gone with a reboot, as most faults are. */
export const runFolder = '/run/holdfast';
/** For what outlives a reboot. */
export const diskFolder = '/var/lib/holdfast';

const timeoutMs = 10_000;
const maxBytes = 16 << 20;

const list = `
for file in ${runFolder}/*.json ${diskFolder}/*.json; do
  [ ! -e "$file" ] || cat "$file" || exit 1
done
exit 0
`;

/** What the notes on some nodes say. */
export interface Noted {
  /** The newest first, each once. */
  readonly notes: readonly Note[];
  /** A line for each node that could not be asked and each note that could not be read. */
  readonly problems: readonly string[];
}

/** Collects the notes from all nodes that answer. */
export async function readNotes(nodes: readonly string[], world: World): Promise<Noted> {
  const found = new Map<string, Note>();
  const problems: string[] = [];
  await Promise.all(
    nodes.map(async (node) => {
      try {
        const ssh = await world.links.ssh(node);
        const { stdout } = await ssh.run(list, { sudo: true, timeoutMs, maxBytes });
        for (const line of stdout.split('\n').filter((one) => one !== '')) {
          const note = parseNote(line);
          if (note === undefined) problems.push(`${node}: a note that is none: ${brief(line)}`);
          else found.set(note.intent.id, note);
        }
      } catch (error) {
        problems.push(`${node}: its notes are not known: ${messageOf(error)}`);
      }
    }),
  );
  const notes = [...found.values()].sort((a, b) => b.armedAt.localeCompare(a.armedAt));
  return { notes, problems };
}

/** A note of its line; undefined if it was cut off or is something else. */
export function parseNote(line: string): Note | undefined {
  try {
    const note = JSON.parse(line) as Partial<Note>;
    return note.schema === 'holdfast.dev/note/v1' ? (note as Note) : undefined;
  } catch {
    return undefined;
  }
}

function brief(line: string): string {
  return line.length > 80 ? `${line.slice(0, 80)}…` : line;
}
