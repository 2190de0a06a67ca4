import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeAgenda } from './folder.ts';
import { lockHolder } from './lock-holder.ts';
import { fakeAgenda } from './testing/fake-run.ts';

describe('the holder of a lock', () => {
  let reports = '';
  beforeEach(() => {
    reports = mkdtempSync(join(tmpdir(), 'holdfast-holder-'));
  });
  afterEach(() => rmSync(reports, { recursive: true }));

  it('is the run itself', () => {
    mkdirSync(join(reports, 'a-run'));
    expect(lockHolder(join(reports, 'a-run'), 'a-run')).to.equal('a-run');
  });

  it('is the campaign of a trial, wherever one comes from', () => {
    const campaign = join(reports, 'campaign');
    const agenda = fakeAgenda({ 'leader-loss': 2 });
    writeAgenda(campaign, agenda);
    mkdirSync(join(campaign, 'a-trial'));
    symlinkSync('a-trial', join(campaign, 'latest'));
    symlinkSync('campaign', join(reports, 'latest'));
    for (const folder of [join(campaign, 'a-trial'), join(reports, 'latest', 'latest')])
      expect(lockHolder(folder, 'a-trial')).to.equal(agenda.run);
  });
});
