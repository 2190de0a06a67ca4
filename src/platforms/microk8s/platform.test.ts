import { expect } from 'chai';
import { microk8s } from './platform.ts';

const { read: readMember } = microk8s.datastore.member;
const { read: readSettings } = microk8s.datastore.settings;

describe('MicroK8s', () => {
  it('has the network latency of its tuning file, or 200 ms', () => {
    expect(readSettings('network-latency: 100ms\n')).to.deep.equal({ networkLatencyMs: 100 });
    expect(readSettings('network-latency: 1.5s\n')).to.deep.equal({ networkLatencyMs: 1_500 });
    expect(readSettings('network-latency: 20000000\n')).to.deep.equal({ networkLatencyMs: 20 });
    expect(readSettings('snapshot:\n  trailing: 8192\n')).to.deep.equal({ networkLatencyMs: 200 });
    expect(readSettings('')).to.deep.equal({ networkLatencyMs: 200 });
  });

  it('refuses a latency that is no duration', () => {
    expect(() => readSettings('network-latency: fast\n')).to.throw('"fast" is no duration');
    expect(() => readSettings('network-latency: 5\u00a0furlongs\n')).to.throw('no duration');
  });

  it('reads the id of a member to its last digit', () => {
    const text = 'Address: 10.0.0.2:19001\nID: 14677515894319981622\nRole: 0\n';
    const member = { id: '14677515894319981622', host: '10.0.0.2', port: 19001 };
    expect(readMember(text)).to.deep.equal(member);
  });

  it('reads the address of a member that has an IPv6 one', () => {
    expect(readMember('Address: "[fd00::2]:19001"\nID: 7\n')?.host).to.equal('fd00::2');
  });

  it('has no member where there is no file', () => {
    expect(readMember('')).to.equal(undefined);
  });

  it('refuses a member file without an id', () => {
    expect(() => readMember('Address: 10.0.0.2:19001\n')).to.throw('no member with ID');
  });
});
