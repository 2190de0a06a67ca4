import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeAgenda, writeEnded } from '../campaign/folder.ts';
import { entryOf } from '../campaign/history.ts';
import { fakeAgenda, finishTrials } from '../campaign/testing/fake-run.ts';
import { nightOf } from '../campaign/testing/nights.ts';
import { trendsUpTo } from '../campaign/trend.ts';
import { besideOf, fold, loadCampaign, writeTrials } from './stored-campaign.ts';

const text = `apiVersion: holdfast.dev/v1
kind: Scenario
name: leader-loss
title: The leader dies
claim: Nobody notices.
class: [reversible]
steps: [{ kill: { service: datastore, target: leader } }]
expect: [{ leader-elected: { within: 5s } }]
`;

describe('a stored campaign', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-stored-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const page = (): string => readFileSync(join(folder, 'report.html'), 'utf8');
  const writeAgain = (): void => {
    const { agenda, done, ended, compared, trends } = loadCampaign(folder);
    writeTrials(folder, fold(agenda, done, ended, compared), besideOf(agenda, trends));
  };

  it('has the same page again from its folder alone, with the nights as they were', () => {
    const [scenario] = fakeAgenda({ 'leader-loss': 3 }).scenarios;
    const agenda = fakeAgenda({ 'leader-loss': 3 }, { scenarios: [{ ...scenario!, text }] });
    writeAgenda(folder, agenda);
    finishTrials(folder, agenda.trials);
    const { done } = loadCampaign(folder);
    const tonight = done.map((one) => entryOf(agenda.run, one));
    const { configuration } = done[0]!;
    const history = [1, 2, 3].flatMap((day) => nightOf(day, 10, configuration));
    writeEnded(folder, {}, new Map(), trendsUpTo([...history, ...tonight], agenda.run));
    writeAgain();
    const first = page();
    expect(first).to.include('The leader dies');
    expect(first).to.include(`<a href="${done[0]!.run}/report.html">`);
    expect(first.split('<g class="night').length - 1).to.equal(4);
    writeAgain();
    expect(page()).to.equal(first);
    expect(readdirSync(folder)).to.include.members(['result.json', 'junit.xml', 'summary.md']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.new'))).to.deep.equal([]);
  });

  it('is a page, too, where its scenario is none that this Holdfast knows', () => {
    writeAgenda(folder, fakeAgenda({ 'leader-loss': 3 }));
    writeAgain();
    expect(page()).to.include('0 of 3 trials are done');
  });
});
