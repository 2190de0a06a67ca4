import { expect } from 'chai';
import { intentOf } from '../testing/intent.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import type { Intent } from '../model/intent.ts';
import { isWithoutApi } from './withoutapi.ts';

const all = ['pi1', 'pi2', 'pi3', 'pi4'];
const standing = (changes: Partial<Intent>): Intent => ({
  ...intentOf('test', 'pi1', 'node-timer', []),
  ...changes,
});

describe('a cluster without an API', () => {
  it('is one of which a standing fault has taken every API server, by its service or with its node', () => {
    expect(isWithoutApi(snapshotOf(), [])).to.equal(false);
    for (const service of ['api-server', 'kubelet'] as const) {
      expect(isWithoutApi(snapshotOf(), [standing({ service, targets: all })])).to.equal(true);
      const three = standing({ service, targets: all.slice(1) });
      expect(isWithoutApi(snapshotOf(), [three])).to.equal(false);
      expect(isWithoutApi(snapshotOf(), [three, standing({ nodesDown: ['pi1'] })])).to.equal(true);
    }
  });

  it('is one whose datastore has lost its majority', () => {
    const lost = (...membersDown: string[]): Intent => standing({ membersDown });
    expect(isWithoutApi(snapshotOf(), [lost('1')])).to.equal(false);
    expect(isWithoutApi(snapshotOf(), [lost('1'), lost('3')])).to.equal(true);
  });

  it('is not one whose container runtimes are down', () => {
    const containers = standing({ service: 'containers', targets: all });
    expect(isWithoutApi(snapshotOf(), [containers])).to.equal(false);
  });
});
