import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const schema = fileURLToPath(new URL('junit.xsd', import.meta.url));

export interface Validated {
  /** 0 if it is valid. */
  readonly status: number | null;
  /** What xmllint says, line by line. */
  readonly says: string;
}

/** Holds a junit.xml to our schema; undefined where there is no xmllint. */
export function validateJunit(xml: string): Validated | undefined {
  const args = ['--noout', '--schema', schema, '-'];
  const ran = spawnSync('xmllint', args, { input: xml, encoding: 'utf8', timeout: 5000 });
  return ran.error === undefined ? { status: ran.status, says: ran.stderr } : undefined;
}
