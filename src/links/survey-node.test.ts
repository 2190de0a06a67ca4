import { expect } from 'chai';
import { versionIn } from './survey-node.ts';

describe('versionIn', () => {
  it('takes the version alone out of what a program says', () => {
    expect(versionIn('k8s-dqlite v2.0.0, built with go1.26\n')).to.equal('v2.0.0');
    expect(versionIn('etcd Version: 3.6.4\nGit SHA: 5400cdc\n')).to.equal('3.6.4');
    expect(versionIn('v1.34.4-beta.1+k3s2\n')).to.equal('v1.34.4-beta.1+k3s2');
    expect(versionIn('usage: dqlite')).to.equal(undefined);
  });
});
