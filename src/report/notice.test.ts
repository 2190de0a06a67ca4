import { expect } from 'chai';
import { noticeBody, type Notice } from './notice.ts';
import { sampleResult } from './testing/sample-run.ts';
import { sampleCampaign, sampleGameday } from './testing/sample-trials.ts';

const noticeOf = (...args: Parameters<typeof noticeBody>): Notice =>
  JSON.parse(noticeBody(...args)) as Notice;

describe('what a webhook is told', () => {
  it('is the head of the result, and the same in words', () => {
    const result = sampleResult();
    const { text, schema, ...rest } = noticeOf(result, 'json');
    expect(schema).to.equal('holdfast.dev/notice/v1');
    expect(result).to.deep.include(rest);
    expect(rest).to.include.keys('kind', 'run', 'scenario', 'outcome', 'exitCode', 'reason');
    expect(text).to.equal(`PASS: leader-loss on rack: every claim holds\n${result.run}, exit 0`);
  });

  it('names what was left behind', () => {
    const result = sampleResult([], { outcome: 'residue', residue: ['pi1: a unit is failed'] });
    expect(noticeOf(result, 'json').text).to.include('\nleft behind: pi1: a unit is failed\n');
  });

  it('names the scenarios of a game day that did not pass, and has all of them as data', () => {
    const { text, scenarios } = noticeOf(sampleGameday, 'json');
    expect(text.split('\n')).to.deep.equal([
      'FAIL: game day nightly on rack: a claim is fail',
      'leader-loss: fail: a claim is fail',
      'standby-loss: skipped: there is no stand-by',
      `${sampleGameday.run}, exit 1`,
    ]);
    expect(scenarios?.map(({ scenario, outcome }) => `${scenario} ${outcome}`)).to.deep.equal([
      ...['leader-loss fail', 'leader-freeze pass', 'standby-loss skipped'],
    ]);
  });

  it('says no more than a chat can show', () => {
    const [first] = sampleGameday.scenarios;
    const scenarios = Array.from({ length: 50 }, () => first!);
    const { text } = noticeOf({ ...sampleGameday, scenarios }, 'json');
    expect(text.split('\n')).to.have.length(23);
    expect(text).to.include('and 30 more scenarios that did not pass');
  });

  it('is one text for Slack, in which nothing is a mention or a link', () => {
    const reason = 'no leader within <!channel> & <https://example.org|45 s>';
    const body = JSON.parse(noticeBody({ ...sampleCampaign, reason }, 'slack')) as object;
    expect(body).to.have.all.keys('text');
    expect(body)
      .to.have.property('text')
      .that.includes(
        'FAIL: leader-loss on rack: no leader within &lt;!channel&gt; &amp; &lt;https://example.org|45 s&gt;',
      );
  });
});
