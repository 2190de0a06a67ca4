import { expect } from 'chai';
import { pageAsMarkdown } from './page.ts';
import { runPage } from './run-page.ts';
import { sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';

const timeline = sampleTimeline({ electedMs: 1840 });

describe('the page of a run', () => {
  it('has the verdict as a sentence, a row for each claim, and what is found', () => {
    const markdown = pageAsMarkdown(runPage(sampleResult(), timeline));
    expect(markdown).to.match(
      /^## PASS: leader-loss\n\npi3 led 1\.84 s after pi1 was killed; nobody/,
    );
    expect(markdown).to.match(
      /^\| leader-elected \| ≤ 5 s \| 1\.84 s \(±0\.03\) \| .* \| pass \|$/m,
    );
    expect(markdown).to.match(/^- finding: voters-restored is far later than predicted$/m);
    expect(markdown).to.include('on rack (Kubernetes v1.34.4)');
  });

  it('says why a claim does not hold, and what was left behind', () => {
    const verdicts = verdictsWith('writes-resume', { outcome: 'fail', because: 'after 48 s' });
    const result = sampleResult(verdicts, { outcome: 'residue', residue: ['pi1: a | unit'] });
    const markdown = pageAsMarkdown(runPage(result, timeline));
    expect(markdown).to.match(/^- writes-resume: after 48 s$/m);
    expect(markdown).to.match(/^- left behind: pi1: a \\\| unit$/m);
  });

  it('is there for a run that ended before there was a plan', () => {
    const result = sampleResult([], { outcome: 'unreachable', reason: 'pi1 is off', trials: [] });
    const markdown = pageAsMarkdown(runPage(result, undefined));
    expect(markdown).to.match(
      /^## UNREACHABLE: leader-loss\n\nThe cluster could not be reached: pi1/,
    );
    expect(markdown).to.not.include('|---');
  });
});
