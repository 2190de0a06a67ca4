import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { writeAgenda } from '../campaign/folder.ts';
import { fakeAgenda, finishTrials } from '../campaign/testing/fake-run.ts';
import { resultWithoutPlan } from '../claims/result.ts';
import { Recorder } from '../run/recorder.ts';
import { timelineOf } from '../testing/timelines.ts';
import { CommandError } from './context.ts';
import { readMember } from './stored-member.ts';

describe('what is merged', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-member-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const writeTimeline = (): void => {
    const { plan, events } = timelineOf({ probes: ['leader', 'roles'] });
    const recorder = new Recorder(folder, plan);
    for (const event of events) recorder.record(event);
    recorder.close();
  };

  it('is a run, judged again', () => {
    writeTimeline();
    const member = readMember(folder);
    if (!('result' in member)) throw new Error(member.because);
    expect(member.result.kind).to.equal('run');
    expect(member.done).to.have.length(1);
    expect(member.done[0]?.configuration.cluster).to.equal(member.result.cluster?.id);
    expect(member.done[0]?.nodes).to.include('pi1');
  });

  it('is a run that a kill ended, as one that shows nothing', () => {
    const { plan, events } = timelineOf({ probes: ['leader', 'roles'] });
    const recorder = new Recorder(folder, plan);
    for (const event of events.slice(0, 20)) recorder.record(event);
    recorder.close();
    expect(readMember(folder)).to.have.nested.property('result.outcome', 'invalid');
  });

  it('is a run that ended before there was a plan, with its result and no trial', () => {
    const result = resultWithoutPlan({
      ...{ run: 'r', scenario: 'leader-loss', seed: 1 },
      startedAt: '2026-11-22T01:00:00.000Z',
      finishedAt: '2026-11-22T01:00:01.000Z',
      stopped: { outcome: 'unreachable', reason: 'pi1 does not answer' },
    });
    writeFileSync(join(folder, 'result.json'), JSON.stringify(result));
    expect(readMember(folder)).to.deep.equal({ folder, result, done: [] });
  });

  it('is a campaign, with the cluster it was to be run on', () => {
    const agenda = fakeAgenda({ 'leader-loss': 2 });
    writeAgenda(folder, agenda);
    finishTrials(folder, agenda.trials.slice(0, 1));
    const member = readMember(folder);
    if (!('result' in member)) throw new Error(member.because);
    expect(member).to.include({ clusterId: 'c1' });
    expect(member.result).to.include({ kind: 'campaign', outcome: 'unknown' });
    expect(member.done).to.have.length(1);
  });

  it('is told of as damaged, or as empty, where it is', () => {
    expect(readMember(folder)).to.have.property('because').that.includes('it holds nothing');
    writeTimeline();
    writeFileSync(join(folder, 'timeline.jsonl'), '{}\n');
    expect(readMember(folder)).to.have.property('because').that.includes('timeline.jsonl:1:1');
    rmSync(join(folder, 'run.json'));
    writeFileSync(join(folder, 'result.json'), '{"kind":"run"}');
    expect(readMember(folder)).to.have.property('because').that.includes('is no result of a run');
  });

  it('is not a folder that is not there, one of many reports, or a fleet', () => {
    const refusal = (path: string): string => {
      try {
        readMember(path);
      } catch (error) {
        if (error instanceof CommandError) return error.message;
        throw error;
      }
      return 'nothing';
    };
    expect(refusal(join(folder, 'none'))).to.include('there is no folder');
    writeFileSync(join(folder, 'result.json'), '{"kind":"fleet"}');
    expect(refusal(folder)).to.include('holds a fleet');
    mkdirSync(join(folder, 'latest'));
    expect(refusal(folder)).to.include(`such as ${join(folder, 'latest')}`);
  });
});
