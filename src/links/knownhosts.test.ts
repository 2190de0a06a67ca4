import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkHostKey, fingerprint, knownKeyTypes } from './knownhosts.ts';

/** A raw key of a type: what it holds does not matter to the file. */
function key(type: string, content: string): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(type.length);
  return Buffer.concat([length, Buffer.from(type), Buffer.from(content)]);
}

const mine = key('ssh-ed25519', 'mine');
const other = key('ssh-ed25519', 'other');
const line = (names: string, raw: Buffer, type = 'ssh-ed25519') =>
  `${names} ${type} ${raw.toString('base64')} a comment\n`;

describe('known_hosts', () => {
  it('knows a key under a plain name, and under one of several', () => {
    expect(checkHostKey(line('10.0.0.1', mine), '10.0.0.1', 22, mine)).to.equal('known');
    expect(checkHostKey(line('pi1,10.0.0.1', mine), '10.0.0.1', 22, mine)).to.equal('known');
  });

  it('knows a host at another port than 22 only under its name with the port', () => {
    const text = line('[10.0.0.1]:2222', mine);
    expect(checkHostKey(text, '10.0.0.1', 2222, mine)).to.equal('known');
    expect(checkHostKey(text, '10.0.0.1', 22, mine)).to.equal('unknown');
    expect(checkHostKey(line('10.0.0.1', mine), '10.0.0.1', 2222, mine)).to.equal('unknown');
  });

  it('tells a changed key from one of a type it has not seen', () => {
    const text = line('pi1', other);
    expect(checkHostKey(text, 'pi1', 22, mine)).to.equal('changed');
    expect(checkHostKey(text, 'pi1', 22, key('ssh-rsa', 'mine'))).to.equal('unknown');
  });

  it('never takes a revoked key, though another line trusts it', () => {
    const text = line('pi1', mine) + line('@revoked *', mine);
    expect(checkHostKey(text, 'pi1', 22, mine)).to.equal('revoked');
  });

  it('reads patterns and their exceptions', () => {
    const text = line('pi?,*.lan,!evil.lan', mine);
    expect(checkHostKey(text, 'pi7', 22, mine)).to.equal('known');
    expect(checkHostKey(text, 'a.lan', 22, mine)).to.equal('known');
    expect(checkHostKey(text, 'evil.lan', 22, mine)).to.equal('unknown');
    expect(checkHostKey(line('10.0.0.1', mine), '10x0.0.1', 22, mine)).to.equal('unknown');
  });

  it('passes over comments, empty lines and certificate authorities', () => {
    const text = `# pi1 is at home\n\n${line('@cert-authority pi1', mine)}broken\n`;
    expect(checkHostKey(text, 'pi1', 22, mine)).to.equal('unknown');
  });

  it('names the types of key it has for a host', () => {
    const text =
      line('pi1', mine) + line('pi1', key('ssh-rsa', 'x'), 'ssh-rsa') + line('pi2', mine);
    expect(knownKeyTypes(text, 'pi1', 22)).to.deep.equal(['ssh-ed25519', 'ssh-rsa']);
  });

  it('reads what ssh-keygen hashes, and prints fingerprints as it does', () => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-known-'));
    try {
      const run = (...args: string[]) => execFileSync('ssh-keygen', args, { stdio: 'pipe' });
      run('-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'key'));
      const [type, encoded] = readFileSync(join(folder, 'key.pub'), 'utf8').split(' ');
      const raw = Buffer.from(encoded!, 'base64');
      const file = join(folder, 'known');
      writeFileSync(file, `10.0.0.1,[10.0.0.2]:2222 ${type} ${encoded}\n`);
      run('-H', '-f', file);
      const hashed = readFileSync(file, 'utf8');
      expect(hashed).to.match(/^\|1\|/);
      expect(checkHostKey(hashed, '10.0.0.1', 22, raw)).to.equal('known');
      expect(checkHostKey(hashed, '10.0.0.2', 2222, raw)).to.equal('known');
      expect(checkHostKey(hashed, '10.0.0.3', 22, raw)).to.equal('unknown');
      const printed = run('-l', '-f', join(folder, 'key.pub')).toString();
      expect(printed).to.contain(fingerprint(raw));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
