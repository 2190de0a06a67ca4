import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { begunCampaign } from '../testing/begun-campaign.ts';
import { rackFile, rackId } from '../testing/rack.ts';
import { resumeTrials } from './campaign.ts';

describe('going on with trials', () => {
  let reports = '';
  beforeEach(() => {
    reports = mkdtempSync(join(tmpdir(), 'holdfast-resume-'));
  });
  afterEach(() => rmSync(reports, { recursive: true }));

  const clusterFile = (name: string, digit: string): string => {
    const file = join(reports, name);
    writeFileSync(file, rackFile({ digit }));
    return file;
  };

  /** A campaign of which nothing is left to do, so that nothing is asked of its cluster. */
  const doneOn = (file: string): string => begunCampaign(reports, file, 1, 1);
  const refusal = async (folder: string, cluster?: string): Promise<string> => {
    try {
      const result = await resumeTrials(folder, cluster === undefined ? {} : { cluster });
      return result.outcome;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  it('is on the cluster that they were begun on, wherever its file is', async () => {
    const folder = doneOn(clusterFile('stored.yaml', '1'));
    expect(await refusal(folder)).to.equal('pass');
    const moved = clusterFile('moved.yaml', '1');
    expect(await refusal(folder, moved)).to.equal('pass');
    rmSync(join(reports, 'stored.yaml'));
    expect(await refusal(folder, moved)).to.equal('pass');
  });

  it('is refused on another', async () => {
    const folder = doneOn(clusterFile('stored.yaml', '1'));
    const other = clusterFile('other.yaml', '2');
    expect(await refusal(folder, other)).to.equal(
      `these trials are of cluster ${rackId('1')}, whose file was ${join(reports, 'stored.yaml')}, and ${other} is of ${rackId('2')}: go on without --cluster, or begin others`,
    );
    // The file may have been written anew since.
    clusterFile('stored.yaml', '3');
    expect(await refusal(folder)).to.include(`stored.yaml is of ${rackId('3')}`);
  });
});
