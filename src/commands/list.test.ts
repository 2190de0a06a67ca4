import { expect } from 'chai';
import type { ScenarioClass } from '../model/scenario.ts';
import type { Role } from '../model/snapshot.ts';
import { snapshotOf } from '../testing/snapshot.ts';
import { loadScenario } from './context.ts';
import { listing, listScenarios, type Found } from './list.ts';

describe('the list of scenarios', () => {
  const text = loadScenario('leader-loss');
  const breaking = {
    ...text,
    scenario: { ...text.scenario, name: 'both', class: ['breaks-quorum'] as const },
  };
  const clusterOf = (roles: readonly Role[], allow: readonly ScenarioClass[]): Found => ({
    cluster: { allow, protect: { namespaces: [] } },
    snapshot: snapshotOf(roles),
  });

  it('says of each whether the cluster can run it as it is, and why not', () => {
    expect(
      listing([text, breaking], clusterOf(['voter', 'voter', 'voter'], ['reversible'])).split('\n'),
    ).to.deep.equal([
      'Scenarios, and whether rack (microk8s, Kubernetes v1.34.4) can run them as it is now:',
      '  leader-loss  yes  The datastore leader dies and stays down',
      '  both         no   The datastore leader dies and stays down: refused, as both is of class breaks-quorum, ' +
        'which the cluster does not allow (allow: [reversible]); add it to allow in the cluster file if that is meant',
      '',
      'Run one with: npm run scenario NAME',
    ]);
    expect(listing([text], clusterOf(['voter'], ['reversible']))).to.include(
      'no   The datastore leader dies and stays down: skipped, as leader-loss needs more of rack: voters ≥ 3 (has 1)',
    );
  });

  it('lists them without that where no cluster can be asked, and says so', () => {
    expect(listing([text], { because: 'the lab is not up' }).split('\n').slice(0, 2)).to.deep.equal(
      [
        'Scenarios, without whether they can be run, as no cluster could be asked: the lab is not up',
        '  leader-loss  The datastore leader dies and stays down',
      ],
    );
  });

  it('has each of the package, whatever becomes of the cluster file', async () => {
    const said = await listScenarios('/nowhere/cluster.yaml');
    expect(said).to.match(
      /no cluster could be asked: the cluster file \/nowhere\/cluster.yaml cannot be read/,
    );
    expect(said).to.match(/^ {2}leader-loss +The datastore leader dies and stays down$/m);
  });
});
