import { join } from 'node:path';

/** Where the lab keeps what it builds; safe to delete when no lab is up. */
export const cacheDir = process.env['HOLDFAST_CACHE'] ?? '/var/cache/holdfast';

/** Where labs live, a folder each. */
export const labsDir = process.env['HOLDFAST_LABS'] ?? '/var/lib/holdfast/labs';

/** Everything of one lab is under this folder, or bears its name. */
export function labDir(name: string): string {
  return join(labsDir, name);
}

/** The checkout's folder of recipes: Go mains, files of the root file system, manifests. */
export const recipesDir = join(import.meta.dirname, '..', '..', 'lab');

/** This program as one starts it, from any working directory. */
export const program = join(import.meta.dirname, '..', '..', 'bin', 'holdfast.js');
