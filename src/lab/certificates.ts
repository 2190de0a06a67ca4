import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './shell.ts';

/** How long certificates of a lab are good. */
export const certificateDays = '3650';

/** Makes an authority in a folder: `<name>.crt` and `<name>.key`. */
export async function authority(folder: string, name: string): Promise<void> {
  await key(folder, name);
  await run('openssl', [
    ...['req', '-x509', '-new', '-key', join(folder, `${name}.key`), '-subj', `/CN=${name}`],
    ...['-days', certificateDays, '-out', join(folder, `${name}.crt`)],
  ]);
}

/**
 * Makes a certificate for servers and clients, and its key, in the folder of its authority.
 * @param names alternative names, such as `DNS:localhost` and `IP:127.0.0.1`
 */
export async function leaf(
  folder: string,
  name: string,
  ca: string,
  subject: string,
  names: readonly string[] = [],
): Promise<void> {
  await key(folder, name);
  const file = (ending: string): string => join(folder, `${name}.${ending}`);
  await run('openssl', ['req', '-new', '-key', file('key'), '-subj', subject, '-out', file('csr')]);
  const extensions = ['extendedKeyUsage=serverAuth,clientAuth'];
  if (names.length > 0) extensions.push(`subjectAltName=${names.join(',')}`);
  await writeFile(file('ext'), extensions.join('\n'));
  await run('openssl', [
    ...[
      'x509',
      '-req',
      '-in',
      file('csr'),
      '-CA',
      join(folder, `${ca}.crt`),
      '-CAkey',
      join(folder, `${ca}.key`),
    ],
    // A random serial needs no file of the authority's, so that many can be signed at once.
    ...['-set_serial', `0x${crypto.randomUUID().replaceAll('-', '').slice(1)}`],
    ...['-days', certificateDays, '-out', file('crt'), '-extfile', file('ext')],
  ]);
  await Promise.all([rm(file('csr')), rm(file('ext'))]);
}

async function key(folder: string, name: string): Promise<void> {
  await run('openssl', [
    'ecparam',
    '-genkey',
    '-name',
    'prime256v1',
    '-noout',
    '-out',
    join(folder, `${name}.key`),
  ]);
}

/** A kubeconfig by which somebody with a certificate from the folder reaches a server. */
export async function kubeconfig(folder: string, who: string, server: string): Promise<string> {
  const data = async (file: string): Promise<string> =>
    (await readFile(join(folder, file))).toString('base64');
  return JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [
        { name: 'lab', cluster: { server, 'certificate-authority-data': await data('ca.crt') } },
      ],
      users: [
        {
          name: who,
          user: {
            'client-certificate-data': await data(`${who}.crt`),
            'client-key-data': await data(`${who}.key`),
          },
        },
      ],
      contexts: [{ name: 'lab', context: { cluster: 'lab', user: who } }],
      'current-context': 'lab',
    },
    null,
    2,
  );
}
