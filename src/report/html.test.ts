import { expect } from 'chai';
import type { Event } from '../model/timeline.ts';
import { htmlOf } from './html.ts';
import { sampleLogs, sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';

const sections = [
  ...['verdict', 'matrix', 'clocks', 'timeline', 'steps', 'logs', 'availability', 'evidence'],
  ...['plan', 'environment', 'harness', 'notes'],
];

/** The text of a page with a bar wherever there was markup. */
function textOf(page: string): string {
  return page.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|');
}

describe('htmlOf', () => {
  const timeline = sampleTimeline({ electedMs: 1840 });
  const page = htmlOf(sampleResult(), timeline, sampleLogs());

  it('has its sections in order, the verdict first', () => {
    const ids = [...page.matchAll(/<(?:section|header) id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).to.deep.equal(sections);
    expect(page).to.include(
      '<h1>pi3 led 1.84 s after pi1 was killed; nobody using web noticed</h1>',
    );
  });

  it('has a failure matrix: what was to fail, what was expected, done and seen, and the result', () => {
    const [, matrix = ''] = /<tbody>(.*?)<\/tbody>/s.exec(page) ?? [];
    const rows = textOf(matrix.replaceAll('<tr>', '\n')).trim().split('\n');
    expect(rows).to.have.length(5);
    expect(rows[0]).to.include(
      '|kill the datastore (k8s-dqlite) on pi1 and keep it down|a new leader within 5 s|leader-elected| · |limit ≤ 5 s, predicted 4.10 s, p95 5.90 s|fired at |22.3 s (±0.01)|, proved to have bitten 0.20 s later, proved to be gone|1.84 s (±0.03)|two of three voters',
    );
    expect(rows[0]).to.match(/beside it: own-word 1\.82 s \(±0\.02\)\|pass\|$/);
    // What was done stands once, beside all that was expected of it.
    expect(rows[1]).to.include('|full voters again within 30 s|').and.not.include('fired at');
  });

  it('says in the matrix that a fault did not bite, and that it was not seen to be gone', () => {
    const missed = htmlOf(sampleResult(), sampleTimeline({ missed: true, residue: true }));
    expect(textOf(missed)).to.include('did not bite: the unit is still active');
    expect(textOf(missed)).to.include('|not seen to be gone|');
  });

  it('shows what the nodes said around the fault, by their own clocks', () => {
    const text = textOf(page);
    expect(text).to.include('|pi3 datastore |3 lines, the first at +1.840 s|');
    expect(text).to.include(
      '+1.840 s  dqlite[83]: term 7: elected &lt;me&gt;  (2 such, the last +2.000 s)\n',
    );
    expect(text).to.include('Said nothing then: pi1 kubelet.');
    expect(text).to.not.include('long before');
    expect(htmlOf(sampleResult(), timeline)).to.not.include('id="logs"');
  });

  it('tells the availability under the fault, and that it is not that of the cluster', () => {
    const text = textOf(page);
    expect(text).to.include(
      '|4312|0|100 %|99.914 % or more|3 nines or more, as far as 4312 can tell|',
    );
    expect(text).to.include('It is not the availability of the cluster');
  });

  it('refers to nothing outside itself', () => {
    expect(page).to.not.match(/\s(?:src|href|action|data|poster)=/);
    expect(page).to.not.match(/@import|url\((?!#)/);
    expect(page).to.match(/Content-Security-Policy" content="default-src 'none'/);
  });

  it('draws a lane for each series of leaders, writes and workload, and one a node else', () => {
    const [, labels = ''] = /<div class="labels"[^>]*>(.*?)<\/div>\s*<svg/s.exec(page) ?? [];
    const lanes = labels.split('class="row"').length - 1;
    expect(lanes).to.equal(3 + 4 + 4 + 4 + 4 + 4);
    expect(page.split('class="strip"').length - 1).to.equal(lanes);
  });

  it('marks the fault from fired to taken back, and healing', () => {
    expect(page).to.match(/<rect class="fault"[^>]*data-from="22301"[^>]*data-to="52710"/);
    expect(page).to.match(/<g class="heal"><line[^>]*data-at="52400"/);
  });

  it('says in the table what the drawing shows', () => {
    const text = textOf(page);
    expect(text).to.match(/\|24\.\d+ s\|1\.8\d s\|[\d.]+ s\|pi3 names itself leader\|/);
    expect(text).to.match(/pi1: requests fail: ECONNREFUSED ×\d+/);
  });

  it('is small for a whole run', () => {
    expect(page.length).to.be.lessThan(500_000);
  });

  it('stays under 5 MB where every series flaps all the time', () => {
    let index = 0;
    const flapped = timeline.events.map((event): Event => {
      if (event.type !== 'sample' || index++ % 2 === 0) return event;
      return { ...event, ok: false, error: 'ECONNRESET', value: undefined };
    });
    expect(htmlOf(sampleResult(), { ...timeline, events: flapped }).length).to.be.within(
      500_000,
      5_000_000,
    );
  });

  it('escapes what came from outside', () => {
    const nasty = '<script>alert(1)</script>"\'&';
    const { plan, events } = timeline;
    const note: Event = { type: 'note', at: 5, level: 'error', text: nasty };
    const hostile = htmlOf(
      sampleResult(verdictsWith('leader-elected', { because: nasty, evidence: [nasty] }), {
        reason: nasty,
        residue: [nasty],
        outcome: 'residue',
      }),
      {
        plan: { ...plan, text: nasty, scenario: { ...plan.scenario, title: nasty, claim: nasty } },
        events: [...events, note],
      },
    );
    expect(hostile).to.not.include('<script>alert');
    expect(
      hostile.split('&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;').length,
    ).to.be.greaterThan(7);
    expect(hostile).to.include('id="residue"');
  });

  it('is a page without drawing and plan for a run that had none', () => {
    const result = sampleResult([], { outcome: 'unreachable', reason: 'pi1 does not answer' });
    const bare = htmlOf(result, undefined);
    expect(bare).to.include('<h1>The cluster could not be reached: pi1 does not answer</h1>');
    const ids = [...bare.matchAll(/<(?:section|header) id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).to.deep.equal(['verdict', 'matrix', 'clocks', 'environment', 'harness']);
  });

  it('is a page for a run that stopped at any point', () => {
    for (const stopAfter of ['preflight', 'steady', 'fired'] as const) {
      const stopped = htmlOf(sampleResult([]), sampleTimeline({ stopAfter }));
      expect(stopped.replace(/<script>.*<\/script>/s, '')).to.not.match(/NaN|Infinity|undefined/);
    }
  });
});
