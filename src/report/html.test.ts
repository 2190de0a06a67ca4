import { expect } from 'chai';
import type { Event } from '../model/timeline.ts';
import { htmlOf } from './html.ts';
import { sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';

const sections = [
  ...['verdict', 'claims', 'clocks', 'timeline', 'steps', 'evidence'],
  ...['plan', 'environment', 'harness', 'notes'],
];

describe('htmlOf', () => {
  const timeline = sampleTimeline({ electedMs: 1840 });
  const page = htmlOf(sampleResult(), timeline);

  it('has its sections in order, the verdict first', () => {
    const ids = [...page.matchAll(/<(?:section|header) id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).to.deep.equal(sections);
    expect(page).to.include(
      '<h1>pi3 led 1.84 s after pi1 was killed; nobody using web noticed</h1>',
    );
  });

  it('has a row for each claim with limit, measured, predicted and outcome', () => {
    const rows = page
      .split('<tr>')
      .filter((row) => row.includes('<code class="soft">leader-elected'));
    expect(rows).to.have.length(1);
    const text = (rows[0] ?? '').replace(/<[^>]*>/g, '|').replace(/\|+/g, '|');
    expect(text).to.include(
      'a new leader within 5 s|leader-elected|≤ 5 s|1.84 s (±0.03)|own-word 1.82 s (±0.02)|4.10 s, p95 5.90 s|pass|two of three',
    );
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
    const text = page.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|');
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
    expect(ids).to.deep.equal(['verdict', 'claims', 'clocks', 'environment', 'harness']);
  });

  it('is a page for a run that stopped at any point', () => {
    for (const stopAfter of ['preflight', 'steady', 'fired'] as const) {
      const stopped = htmlOf(sampleResult([]), sampleTimeline({ stopAfter }));
      expect(stopped.replace(/<script>.*<\/script>/s, '')).to.not.match(/NaN|Infinity|undefined/);
    }
  });
});
