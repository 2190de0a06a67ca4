import { expect } from 'chai';
import { urlHost } from './url-host.ts';

describe('the host of a URL', () => {
  it('is an address or a name as it is, but one of IPv6 in brackets', () => {
    for (const [address, host] of [
      ['192.0.2.1', '192.0.2.1'],
      ['pi1.example', 'pi1.example'],
      ['fd00::1', '[fd00::1]'],
    ] as const) {
      expect(urlHost(address)).to.equal(host);
      expect(new URL(`https://${urlHost(address)}:16443`).host).to.equal(`${host}:16443`);
    }
  });
});
