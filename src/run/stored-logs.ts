import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeLog } from '../model/node-log.ts';
import type { Snapshot } from '../model/snapshot.ts';
import { logFile } from './logs.ts';

/** What `collectLogs` has saved of a run, by node and service; nothing of those that could not be fetched. */
export function storedLogs(folder: string, snapshot: Snapshot): readonly NodeLog[] {
  return snapshot.nodes.flatMap(({ name: node }) =>
    Object.keys(snapshot.services).flatMap((service) => {
      const file = join(folder, logFile(node, service));
      return existsSync(file) ? [{ node, service, text: readFileSync(file, 'utf8') }] : [];
    }),
  );
}
