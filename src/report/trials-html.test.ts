import { expect } from 'chai';
import type { CampaignResult } from '../model/campaign-result.ts';
import { isSeen } from '../model/span.ts';
import { inOrder, pointsOf } from './points.ts';
import { sampleCampaign, sampleGameday } from './testing/sample-campaign.ts';
import { trialsHtml } from './trials-html.ts';
import { trialsSentence } from './trials-sentence.ts';

/** The text of a page with a bar wherever there was markup. */
function textOf(page: string): string {
  return page.replace(/<[^>]*>/g, '|').replace(/\|+/g, '|');
}

function sectionIn(page: string, id: string): string {
  return new RegExp(`<section id="${id}".*?</section>`, 's').exec(page)?.[0] ?? '';
}

const sections = [
  ...['verdict', 'matrix', 'distributions', 'trials', 'trend'],
  ...['environment', 'harness', 'availability'],
];

describe('trialsHtml of a campaign', () => {
  const { result, beside } = sampleCampaign(59, { nights: 12 });
  const page = trialsHtml(result, beside);

  it('has its sections in order, the verdict first', () => {
    const ids = [...page.matchAll(/<(?:section|header) id="([a-z]+)"/g)].map(([, id]) => id);
    expect(ids).to.deep.equal(sections);
    expect(page).to.include('<h1>A new leader within 5 s was not kept in 1 of 58 trials</h1>');
    for (const id of sections.slice(1)) expect(page, id).to.include(`<a href="#${id}">`);
  });

  it('refers to nothing but its own sections and the reports beside it', () => {
    const links = [...page.matchAll(/\s(?:src|href|action|data|poster)="([^"]*)"/g)];
    const runs = new Set(result.runs.map(({ run }) => `${run}/report.html`));
    const others = links.filter(([, link = '']) => !link.startsWith('#') && !runs.has(link));
    expect(others).to.deep.equal([]);
    expect(page).to.not.match(/@import|url\((?!#)|\sstyle=|\son[a-z]+=/);
    for (const [, id = ''] of page.matchAll(/href="#([^"]*)"/g))
      expect(page, id).to.include(` id="${id}"`);
  });

  it('has every trial in its table, with its seed, its victim, what it measured and its report', () => {
    const rows = sectionIn(page, 'trials').split('<tr id=').slice(1);
    expect(rows).to.have.length(59);
    for (const [index, row] of rows.entries()) {
      const { run, seed } = result.runs[index]!;
      expect(row).to.include(`<a href="${run}/report.html">trial ${index + 1}</a>`);
      expect(row).to.include(`>${seed}</td>`);
      expect(textOf(row)).to.include(`|kill ${result.trials[index]!.faults[0]!.target}|`);
    }
    expect(textOf(rows[29] ?? '')).to.include('|6.04 s (±0.01)|✕ fail|');
  });

  it('has a row of the failure matrix for each claim, with links to the trials that missed', () => {
    const text = textOf(sectionIn(page, 'matrix'));
    expect(text).to.include('|The datastore leader dies and stays down|leader-loss|');
    expect(text).to.include('|held in 57 of 58|, 1 invalid|median ');
    expect(text).to.include('|not in |trial 30|fail|');
    expect(text).to.match(/\|kill pi1 ×\d+\|.*proved in 59 of 59, gone in all/);
    expect(sectionIn(page, 'matrix').split('<tr>').length - 2).to.equal(result.claims.length);
  });

  it('draws each trial that counts once, as what it is', () => {
    const drawn = sectionIn(page, 'distributions').split('<div class="distribution">').slice(1);
    expect(drawn).to.have.length(result.claims.length);
    const count = (part: string, what: string): number =>
      part.split(`<g class="${what}"`).length - 1;
    const [election = '', voters = '', writes = ''] = drawn;
    expect([count(election, 'trial pass'), count(election, 'trial fail')]).to.deep.equal([57, 1]);
    expect(election).to.include('Not counted: 1 invalid');
    expect([count(voters, 'trial pass'), count(voters, 'unseen unknown')]).to.deep.equal([58, 1]);
    expect(textOf(voters)).to.include('no end seen: 1');
    expect([count(writes, 'trial pass'), count(writes, 'trial unknown')]).to.deep.equal([58, 1]);
    for (const part of drawn) expect(count(part, 'quantile')).to.equal(3);
    expect(textOf(election)).to.match(/57 of 58 failovers ≤ 5 s: with 95 % confidence at least/);
    expect(textOf(election)).to.match(/\|p95\|.*\d s \[[\d.]+, –\]\|/s);
  });

  it('draws the limit, the prediction and every instant where it is on its axis', () => {
    const [, body = ''] = /class="body".*?>(.*?)<svg class="figures"/s.exec(page) ?? [];
    const at = (pattern: RegExp): number => Number(pattern.exec(body)?.[1]);
    const limit = at(/<line class="limit" x1="([\d.]+)%"/);
    const predicted = at(/<rect class="predicted" x="([\d.]+)%"/);
    // The axis is linear and begins at nothing: 4.1 s is 82 % of the way to the limit of 5 s.
    expect(predicted / limit).to.be.closeTo(4100 / 5000, 0.001);
    const points = inOrder(pointsOf(result, 'leader-elected'));
    const dots = [...body.matchAll(/<g class="trial pass">.*?<circle cx="([\d.]+)%"/gs)];
    const middles = points.flatMap(({ measured, outcome }) =>
      isSeen(measured) && outcome === 'pass' ? [(measured.lo + measured.hi) / 2] : [],
    );
    expect(dots).to.have.length(middles.length);
    for (const [index, [, x]] of dots.entries())
      expect(Number(x) / limit).to.be.closeTo(middles[index]! / 5000, 0.001);
  });

  it('draws a night each, and tells what the radar says', () => {
    const trend = sectionIn(page, 'trend');
    const [chart = ''] = /<div><h3>leader-elected.*?<\/svg><\/div>/s.exec(trend) ?? [];
    expect(chart.split('<g class="night').length - 1).to.equal(13);
    expect(chart.split('<g class="night last missed').length - 1).to.equal(1);
    expect(textOf(trend)).to.match(/\|leader-elected\|[\d.]+ s of 200\|[\d.]+ s of 58\|/);
    expect(result.compared[0]?.change).to.equal('same');
  });

  it('tells the worst of the harness, and in which run it was', () => {
    const worst = result.runs.toSorted(
      (a, b) => b.harness!.loopDelayP99Ms - a.harness!.loopDelayP99Ms,
    )[0]!;
    const text = textOf(sectionIn(page, 'harness'));
    expect(text).to.include(
      `|event loop delay, p99|${worst.harness!.loopDelayP99Ms.toFixed(1)} ms|≤ 250 ms|pass|${worst.run}|`,
    );
    expect(text).to.match(/\|samples left late, p99\|[\d.]+ ms\|/);
  });

  it('is well under 5 MB with 59 trials, and with 299', () => {
    expect(Buffer.byteLength(page)).to.be.within(100_000, 1_000_000);
    const many = sampleCampaign(299);
    expect(Buffer.byteLength(trialsHtml(many.result, many.beside))).to.be.below(2_000_000);
  });

  it('escapes what came from outside', () => {
    const nasty = '<script>alert(1)</script>"\'&';
    const trials = result.trials.map((trial) => ({
      ...trial,
      faults: trial.faults.map((fault) => ({ ...fault, target: nasty })),
    }));
    const hostile: CampaignResult = {
      ...result,
      trials,
      runs: result.runs.map((run) => ({ ...run, run: `"><script>${run.run}` })),
      residue: [nasty],
      outcome: 'residue',
      claims: result.claims.map((claim) => ({ ...claim, title: nasty, sentence: nasty })),
    };
    const words = new Map([['leader-loss', { title: nasty, claim: nasty }]]);
    const written = trialsHtml(hostile, { ...beside, words });
    expect(written).to.not.match(/<script>(?!\(\(\) => \{)/);
    expect(written).to.include('<div id="residue">');
  });
});

describe('trialsHtml of others', () => {
  it('is a page for a campaign of which no trial was done', () => {
    const { result, beside } = sampleCampaign(0);
    const none = trialsHtml(
      { ...result, asked: 20, outcome: 'unreachable', reason: 'pi1 does not answer' },
      { ...beside, trends: [] },
    );
    expect(none).to.include('<h1>The cluster could not be reached: pi1 does not answer</h1>');
    expect(textOf(none)).to.include('None was done: pi1 does not answer.');
    expect(none.replace(/<script>.*<\/script>/s, '')).to.not.match(/NaN|Infinity|undefined/);
  });

  it('tells of a game day each scenario against its claims, folded where all is well', () => {
    const { result, beside } = sampleGameday();
    const page = trialsHtml(result, beside);
    const matrix = sectionIn(page, 'matrix');
    expect(matrix.split('<tbody>').length - 1).to.equal(result.scenarios.length);
    expect(textOf(matrix)).to.include(
      '|fail|known until 2026-12-31: a frozen leader keeps its connections|',
    );
    expect(page).to.include(
      '<h1>1 of 8 scenarios could not be told: disk-full (voters-restored)</h1>',
    );
    const folds = [...page.matchAll(/<details class="scenario"( open)?><summary>([\w-]+)/g)];
    const open = folds.filter(([, is]) => is !== undefined).map(([, , name]) => name);
    expect(folds.map(([, , name]) => name)).to.include.members(
      result.scenarios.map(({ scenario }) => scenario),
    );
    expect(open).to.deep.equal(['disk-full']);
    // A night of three trials has no interval, and says so by a ring.
    expect(sectionIn(page, 'trend')).to.include('class="open"');
    expect(page.replace(/<script>.*<\/script>/s, '')).to.not.match(/NaN|Infinity|undefined/);
  });

  it('has a sentence for whatever came of it', () => {
    const { result } = sampleCampaign(20, { odd: {} });
    const said = (change: Partial<CampaignResult>): string =>
      trialsSentence({ ...result, ...change });
    expect(said({})).to.match(
      /^A new leader within 5 s in 20 of 20 trials, [\d.]+ s in the middle and [\d.]+ s the longest; all else held, too$/,
    );
    const [first, ...rest] = result.claims;
    const claims = [{ ...first!, passed: 18, failed: 2 }, ...rest];
    expect(said({ claims, outcome: 'fail' })).to.equal(
      'A new leader within 5 s was not kept in 2 of 20 trials',
    );
    const under = { asked: 59, outcome: 'unknown', reason: '20 of 59 trials are done' } as const;
    expect(said(under)).to.equal('20 of 59 trials are done');
    expect(said({ outcome: 'residue', residue: ['a rule on pi1', 'a file'] })).to.equal(
      'Something could not be put back: a rule on pi1 (and 1 more)',
    );
    expect(said({ outcome: 'interrupted' })).to.equal('Interrupted; everything has been put back');
    expect(said({ outcome: 'invalid', reason: 'why' })).to.equal('No verdict: why');
    const compared = [{ ...first!, change: 'regressed', before: 20, after: 20 } as const].map(
      ({ claim, title, change, before, after }) => ({ claim, title, change, before, after }),
    );
    expect(said({ compared })).to.match(/; regressed against earlier nights: leader-elected$/);
  });
});
