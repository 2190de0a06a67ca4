import { expect } from 'chai';
import type { Result } from '../model/result.ts';
import type { Timeline } from '../model/timeline.ts';
import { junitOf } from './junit.ts';
import { sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';
import { validateJunit } from './testing/validate-junit.ts';

const timeline = sampleTimeline({ electedMs: 1840 });
const nasty = 'a <b> & "c" \u0000\u001b[31m ]]> \ud800';

const runs: Readonly<Record<string, readonly [Result, Timeline | undefined]>> = {
  'that passed': [sampleResult(), timeline],
  'that failed': [sampleResult(verdictsWith('writes-resume', { outcome: 'fail' })), timeline],
  'with a nasty reason': [
    sampleResult(verdictsWith('leader-elected', { outcome: 'unknown', because: nasty })),
    timeline,
  ],
  'that left something behind': [
    sampleResult(undefined, { outcome: 'residue', residue: [nasty] }),
    sampleTimeline({ residue: true }),
  ],
  'without a plan': [sampleResult([], { outcome: 'usage', reason: nasty }), undefined],
};

describe('junitOf', () => {
  it('counts failures, errors and skipped as its cases have them', () => {
    const outcomes = ['fail', 'unknown', 'invalid', 'not-applicable', 'pass'] as const;
    const verdicts = outcomes.flatMap((outcome) =>
      verdictsWith('leader-elected', { outcome }).slice(0, 1),
    );
    const xml = junitOf(sampleResult(verdicts), timeline);
    expect(xml).to.match(/<testsuite [^>]*tests="13" failures="1" errors="2" skipped="1"/);
    const count = (tag: string): number => xml.split(`<${tag} `).length - 1;
    expect(['testcase', 'failure', 'error', 'skipped'].map(count)).to.deep.equal([13, 1, 2, 1]);
  });

  it('has at least one error for a run that ended before there was a plan', () => {
    expect(junitOf(sampleResult([], { outcome: 'defect' }), undefined)).to.match(/errors="1"/);
  });

  it('says why a case did not pass in its message and, with its evidence, in its text', () => {
    const verdicts = verdictsWith('leader-elected', {
      outcome: 'fail',
      because: 'after 7.21 s',
      evidence: ['leader@pi2 named 1 at 24.150 s', 'leader@pi3 named 1 at 24.127 s'],
    });
    expect(junitOf(sampleResult(verdicts), timeline)).to.include(
      `time="1.840"><failure type="claim" message="after 7.21 s">after 7.21 s
leader@pi2 named 1 at 24.150 s
leader@pi3 named 1 at 24.127 s</failure><system-out>leader@pi2 named`,
    );
  });

  it('names the file of the scenario', () => {
    expect(junitOf(sampleResult(), timeline)).to.match(
      /<testsuite name="leader-loss" [^>]* file="scenarios\/leader-loss.yaml">/,
    );
  });

  it('names no node and no seed in the names of its cases', () => {
    const names = [...junitOf(sampleResult(), timeline).matchAll(/<testcase [^>]*>/g)].join('\n');
    expect(names).to.not.match(/pi\d|1067654172/);
  });

  describe('by its schema', () => {
    before(function () {
      if (validateJunit('') !== undefined) return;
      console.warn(
        '    SKIPPED: junit.xml is not checked against its schema, for there is no xmllint (Debian: libxml2-utils)',
      );
      this.skip();
    });

    for (const [name, [result, timeline]] of Object.entries(runs)) {
      it(`is valid for a run ${name}`, () => {
        const validated = validateJunit(junitOf(result, timeline));
        expect(validated?.says).to.match(/ validates\n$/);
        expect(validated?.status).to.equal(0);
      });
    }

    it('is not valid if a case has no name', () => {
      const xml = junitOf(sampleResult(), timeline).replace(/(<testcase [^>]*)name="[^"]*"/, '$1');
      expect(validateJunit(xml)?.status).to.not.be.oneOf([0, undefined]);
    });
  });
});
