import { expect } from 'chai';
import { tableText, type Ruleset } from './ruleset.ts';

const rules: Ruleset = {
  table: 'holdfast_3f9a1c_cut',
  from: { ip: '192.168.1.102, 10.1.2.0/24', ip6: 'fd00::102' },
  to: { ip: '192.168.1.102', ip6: '' },
  fate: 'drop',
};

/** The rules of a chain; undefined if there is no such chain. */
function chain(text: string, name: string): readonly string[] | undefined {
  return new RegExp(`\\tchain ${name} \\{\\n([^}]*)\\t\\}`)
    .exec(text.replaceAll(/\{ [^}]* \}/g, (set) => set.replaceAll(/[{}]/g, '|')))?.[1]
    ?.split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

const begins = (hook: string): string => `type filter hook ${hook} priority -50; policy accept;`;

describe('the text of a table', () => {
  it('puts it in place of one of its name', () => {
    expect(tableText(rules).split('\n').slice(0, 3)).to.deep.equal([
      'add table inet holdfast_3f9a1c_cut',
      'delete table inet holdfast_3f9a1c_cut',
      'table inet holdfast_3f9a1c_cut {',
    ]);
  });

  it('drops what comes in and what goes out, by address, also what passes through', () => {
    const text = tableText(rules);
    expect(text).to.contain('\tset from_ip {\n\t\ttype ipv4_addr\n');
    expect(text).to.contain('elements = { 192.168.1.102, 10.1.2.0/24 }');
    expect(text).to.contain('\tset from_ip6 {\n\t\ttype ipv6_addr\n');
    expect(text).not.to.contain('to_ip6');
    const comingIn = ['ip saddr @from_ip counter drop', 'ip6 saddr @from_ip6 counter drop'];
    const goingOut = ['ip daddr @to_ip counter drop'];
    expect(chain(text, 'input')).to.deep.equal([begins('input'), ...comingIn]);
    expect(chain(text, 'output')).to.deep.equal([begins('output'), ...goingOut]);
    expect(chain(text, 'forward')).to.deep.equal([begins('forward'), ...comingIn, ...goingOut]);
  });

  it('has no chain for a direction in which nothing is dropped', () => {
    const none = { ip: '', ip6: '' };
    const deaf = tableText({ ...rules, to: none });
    expect(chain(deaf, 'output')).to.equal(undefined);
    expect(chain(deaf, 'forward')?.join()).not.to.contain('daddr');
    const mute = tableText({ ...rules, from: none });
    expect(chain(mute, 'input')).to.equal(undefined);
    expect(chain(mute, 'forward')?.join()).not.to.contain('saddr');
  });

  it('takes away packets from and to some ports alone, none that pass through', () => {
    const text = tableText({ ...rules, ports: [19001], from: { ip: '192.168.1.102', ip6: '' } });
    expect(chain(text, 'input')).to.deep.equal([
      begins('input'),
      'ip saddr @from_ip tcp dport | 19001 | counter drop',
      'ip saddr @from_ip tcp sport | 19001 | counter drop',
    ]);
    expect(chain(text, 'forward')).to.equal(undefined);
  });

  it('lets the controller through before all else', () => {
    const text = tableText({ ...rules, except: { address: '192.168.1.102', ports: [22, 16443] } });
    expect(chain(text, 'input')?.[1]).to.equal(
      'ip saddr 192.168.1.102 tcp dport | 22, 16443 | accept',
    );
    expect(chain(text, 'output')?.[1]).to.equal(
      'ip daddr 192.168.1.102 tcp sport | 22, 16443 | accept',
    );
    const six = tableText({ ...rules, except: { address: 'fd00::9', ports: [22] } });
    expect(chain(six, 'input')?.[1]).to.equal('ip6 saddr fd00::9 tcp dport | 22 | accept');
  });

  it('refuses, and lets refusals pass', () => {
    const text = tableText({ ...rules, fate: 'reject' });
    expect(chain(text, 'output')).to.deep.equal([
      begins('output'),
      'tcp flags & rst == rst accept',
      'icmp type destination-unreachable accept',
      'icmpv6 type destination-unreachable accept',
      'ip daddr @to_ip meta l4proto tcp counter reject with tcp reset',
      'ip daddr @to_ip counter reject',
    ]);
  });

  it('drops a share by chance', () => {
    const text = tableText({ ...rules, fate: { perMillion: 300_000 } });
    expect(chain(text, 'output')).to.deep.equal([
      begins('output'),
      'ip daddr @to_ip numgen random mod 1000000 < 300000 counter drop',
    ]);
  });
});
