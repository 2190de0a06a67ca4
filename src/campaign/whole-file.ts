import { renameSync, writeFileSync } from 'node:fs';

/** Writes a file in place of another: whoever reads it, also after a kill, finds all of one or all of the other. */
export function writeWhole(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { flush: true });
  renameSync(`${file}.new`, file);
}
