/** The shipped workload ends as docs/findings.md says it does. */
import { expect } from 'chai';
import type { FaultLab } from '../testing/faultlab.ts';
import { until } from '../testing/until.ts';
import { closeWebLab, openWebLab } from '../testing/weblab.ts';

const kubectl = '/snap/bin/microk8s kubectl -n holdfast';

describe('the workload web on the lab', () => {
  let lab: FaultLab;
  before(async () => (lab = await openWebLab()));
  after(() => closeWebLab(lab));

  it('closes connections with an answer once it was told to end, and answers until then', async () => {
    const path = `-o jsonpath='{.items[0].metadata.name} {.items[0].status.podIP}'`;
    const [pod = '', ip = ''] = (await lab.on('pi1', `${kubectl} get pods ${path}`)).split(' ');
    const answer = (): Promise<string> => lab.on('pi1', `curl -si --max-time 1 http://${ip}/`);
    expect(await answer()).to.match(/^HTTP\/1\.1 200 OK[^]*^Connection: keep-alive\r$/m);
    await lab.on('pi1', `${kubectl} delete pod ${pod} --wait=false`);
    // Once it has ended, nobody answers, which is an error.
    await until(async () => {
      const said = await answer();
      expect(said).to.match(/^HTTP\/1\.1 200 OK[^]*^X-Version: v1\r$/m);
      return /^Connection: close\r$/m.test(said);
    });
  });
});
