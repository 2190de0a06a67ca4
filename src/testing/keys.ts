import ssh2 from 'ssh2';

export interface KeyPair {
  readonly public: string;
  readonly private: string;
}

const attempts = 10;

/**
 * Makes a pair of SSH keys, ed25519.
 * ssh2 drops the zero bytes that one public key in 256 begins with and then cannot read what it wrote: such a pair is
 * made again.
 */
export function newKeyPair(): KeyPair {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair;
  }
  throw new Error(`ssh2 made ${attempts} pairs of keys on end that it cannot read`);
}
