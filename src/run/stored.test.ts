import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { resultOf } from '../claims/result.ts';
import { timelineOf } from '../testing/timelines.ts';
import { Recorder } from './recorder.ts';
import { readStoredRun, StoredRunError } from './stored.ts';

describe('a stored run', () => {
  const written = timelineOf({ probes: ['leader', 'roles'] });
  let folder: string;
  let timeline: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'holdfast-stored-'));
    timeline = join(folder, 'timeline.jsonl');
    const recorder = new Recorder(folder, written.plan);
    for (const event of written.events) recorder.record(event);
    recorder.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const lines = (): string[] => readFileSync(timeline, 'utf8').trimEnd().split('\n');
  const write = (changed: readonly string[]): void =>
    writeFileSync(timeline, changed.map((line) => `${line}\n`).join(''));

  it('is judged as the run that was written down', () => {
    const stored = resultOf(readStoredRun(folder));
    expect(stored).to.deep.equal(resultOf(written));
  });

  it('is refused when a line is missing, wherever that was', () => {
    const all = lines();
    for (const [index] of all.slice(0, -1).entries()) {
      if (index % 97 !== 0) continue;
      write(all.toSpliced(index, 1));
      expect(() => readStoredRun(folder), `line ${index + 1}`).to.throw(
        StoredRunError,
        `timeline.jsonl:${all.length - 1}:1: the run was sealed with ${all.length - 1} lines before this one, and there are ${all.length - 2}, so it was changed or damaged`,
      );
    }
  });

  it('is refused when lines changed places, or one was written anew, or stands twice', () => {
    const all = lines();
    const [first = '', second = ''] = all;
    write([second, first, ...all.slice(2)]);
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      'not as it was when it was sealed',
    );
    write([first.replace('preflight', 'workload'), ...all.slice(1)]);
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      'not as it was when it was sealed',
    );
    write([first, ...all]);
    expect(() => readStoredRun(folder)).to.throw(StoredRunError, 'so it was changed or damaged');
  });

  it('is refused when its end was changed, or something follows it', () => {
    const all = lines();
    const end = all.at(-1) ?? '';
    write([...all.slice(0, -1), end.replace('"residue":[]', '"residue":["a lock"]')]);
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      'not as it was when it was sealed',
    );
    write([...all, '{"type":"note","at":1,"level":"info","text":""}']);
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      `timeline.jsonl:${all.length + 1}:1: there is more after the end of the run`,
    );
  });

  it('is refused when its plan was changed', () => {
    const plan = join(folder, 'run.json');
    writeFileSync(plan, readFileSync(plan, 'utf8').replace('"within": 5000', '"within": 50000'));
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      'not as it was when it was sealed',
    );
  });

  it('is invalid without a seal, whatever its claims say', () => {
    const all = lines();
    const end = JSON.parse(all.at(-1) ?? '') as object;
    write([...all.slice(0, -1), JSON.stringify({ ...end, seal: undefined })]);
    const { outcome, reason } = resultOf(readStoredRun(folder));
    expect(outcome).to.equal('invalid');
    expect(reason).to.include('carries no seal');
  });

  it('is invalid without an end, and without half a line that was cut off', () => {
    const all = lines();
    const text = all.map((line) => `${line}\n`).join('');
    writeFileSync(timeline, text.slice(0, -3));
    const stored = readStoredRun(folder);
    expect(stored.events).to.have.length(all.length - 1);
    expect(resultOf(stored).outcome).to.equal('invalid');
  });

  it('names line and column of what is no JSON', () => {
    const all = lines();
    write([...all.slice(0, 4), '{"type":"note",at:1}', ...all.slice(5)]);
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      'timeline.jsonl:5:16: this is not JSON',
    );
    write([...all.slice(0, 4), '{"type":"no', ...all.slice(5)]);
    expect(() => readStoredRun(folder)).to.throw(
      StoredRunError,
      'timeline.jsonl:5:12: this is not JSON',
    );
    writeFileSync(join(folder, 'run.json'), '{\n  "schema": oops\n}\n');
    expect(() => readStoredRun(folder)).to.throw(StoredRunError, 'run.json:2:13: this is not JSON');
  });

  it('names the line of what is no event, in a run that was killed', () => {
    const all = lines();
    for (const wrong of ['null', '7', '{}', '{"type":"phase","at":"soon"}']) {
      write([...all.slice(0, 2), wrong, ...all.slice(3, 9)]);
      expect(() => readStoredRun(folder), wrong).to.throw(StoredRunError, 'timeline.jsonl:3:1: ');
    }
  });

  it('takes down nothing that comes after its end', () => {
    const again = mkdtempSync(join(folder, 'again-'));
    const recorder = new Recorder(again, written.plan);
    for (const event of written.events) recorder.record(event);
    const heard: string[] = [];
    recorder.listen(({ type }) => heard.push(type));
    recorder.record({ type: 'note', at: 80_000, level: 'warning', text: 'a second signal' });
    recorder.close();
    expect(heard).to.deep.equal(['note']);
    expect(recorder.timeline.events.at(-1)?.type).to.equal('end');
    expect(readStoredRun(again).events).to.have.length(written.events.length);
  });
});
