import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Pair {
  readonly cert: string;
  readonly key: string;
}

/**
 * A self-signed pair such as MicroK8s makes for Dqlite: no certificate authority, the names as given.
 * @param names as openssl takes them: `DNS:pi1,IP:127.0.0.1`
 */
export function selfSigned(names: string): Pair {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-certs-'));
  try {
    const [cert, key] = [join(folder, 'cert'), join(folder, 'key')];
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const what = ['-x509', ...curve, '-nodes', '-days', '2', '-subj', '/CN=k8s'];
    const extensions = [
      '-addext',
      'basicConstraints=CA:FALSE',
      '-addext',
      `subjectAltName=${names}`,
    ];
    execFileSync('openssl', ['req', ...what, ...extensions, '-keyout', key, '-out', cert], {
      stdio: 'pipe',
    });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
