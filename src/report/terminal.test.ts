import { expect } from 'chai';
import picocolors from 'picocolors';
import { closingTable } from './closing-table.ts';
import { colorsFor, eventLine, liveLine } from './terminal.ts';
import { sampleResult, sampleTimeline, verdictsWith } from './testing/sample-run.ts';
import { cut, pad, width, wrap } from './width.ts';

const timeline = sampleTimeline({ electedMs: 1840 });
const escapeCode = '\u001b[';

describe('eventLine', () => {
  it('tells a run in the order in which it happened, and no sample', () => {
    const lines = timeline.events.map((event) => eventLine(event)).filter((line) => line);
    expect(lines).to.deep.equal([
      '  +0.00s  preflight',
      '  +1.30s  rack: 4 nodes, microk8s v1.34.4, dqlite with 3 voters and 1 stand-by, leader pi1',
      '  +2.14s  workload',
      '  +9.42s  steady state',
      ' +15.01s  steps',
      ' +21.67s  kill: written down: kill the datastore (k8s-dqlite) on pi1 and keep it down',
      ' +22.10s  kill: undo armed',
      ' +22.32s  kill: fired (±8 ms)',
      ' +22.50s  kill: bit',
      ' +24.17s  pi3 leads, say 2 of 3 voters',
      ' +28.41s  warning: the API server of pi1 <https://192.168.1.101:16443> does not answer',
      ' +52.40s  heal',
      ' +52.71s  kill: taken back (±95 ms)',
      ' +53.30s  kill: gone',
      ' +54.30s  recovery',
      ' +74.14s  the cluster is as it was before',
      ' +74.20s  done',
    ]);
  });

  it('keeps a note of many lines and control characters on one line', () => {
    const text = 'first\r\n\u001b[2Jsecond';
    expect(eventLine({ type: 'note', at: 10, level: 'info', text })).to.equal(
      '  +0.01s  first [2Jsecond',
    );
  });
});

describe('colorsFor', () => {
  it('paints only on a terminal without NO_COLOR that is not dumb', () => {
    const painted = [
      colorsFor({ isTTY: true }, {}),
      colorsFor({ isTTY: true }, { NO_COLOR: '1' }),
      colorsFor({ isTTY: true }, { TERM: 'dumb' }),
      colorsFor({}, { FORCE_COLOR: '1' }),
    ].map((colors) => colors.red('x').includes(escapeCode));
    expect(painted).to.deep.equal([true, false, false, false]);
  });
});

describe('liveLine', () => {
  const state = {
    phase: 'steps',
    at: 31_200,
    leftMs: 36_100,
    leader: 'pi3',
    rates: [
      { probe: 'write', perSecond: 41.2, failedPerSecond: 10.3 },
      { probe: 'web', perSecond: 86, failedPerSecond: 0 },
    ],
  } as const;

  it('tells phase, time left, leader and what the probes see', () => {
    expect(liveLine(state)).to.equal(
      ' +31.20s  steps · 37 s left · leader pi3 · write 41/s, 10 failing · web 86/s',
    );
  });

  it('never fills the last column, so that it can be rewritten', () => {
    expect(width(liveLine(state, 40))).to.equal(39);
  });
});

describe('closingTable', () => {
  it('begins with the verdict, lines up its columns and ends with the report', () => {
    const text = closingTable(sampleResult(), timeline, { folder: 'reports/latest' });
    expect(text.trim().split('\n')).to.deep.equal([
      'PASS  pi3 led 1.84 s after pi1 was killed; nobody using web noticed',
      '',
      'claim               limit    measured             predicted           outcome',
      'leader-elected      ≤ 5 s    1.84 s (±0.03)       4.10 s, p95 5.90 s  pass',
      'voters-restored     ≤ 30 s   14.2 s (±0.12)       15.0 s, p95 29.5 s  pass',
      'writes-resume       ≤ 10 s   2.40 s (±0.09)       –                   pass',
      'workload-available  –        0/4312 failed (0 %)  –                   pass',
      'cluster-recovers    ≤ 120 s  8.65 s (±0.55)       –                   pass',
      '',
      'leader-elected, beside it: own-word 1.82 s (±0.02)',
      '',
      'finding: voters-restored is far later than predicted',
      '',
      'report: reports/latest/report.html   exit 0',
    ]);
  });

  it('says why a claim did not pass, and what was left behind', () => {
    const verdicts = verdictsWith('voters-restored', { outcome: 'fail', because: 'after 41 s' });
    const result = sampleResult(verdicts, { outcome: 'residue', residue: ['pi1: a timer'] });
    const text = closingTable(result, timeline);
    expect(text).to.include('voters-restored: after 41 s').and.include('left behind: pi1: a timer');
  });

  it('is as wide in colour as without', () => {
    const colors = picocolors.createColors(true);
    const painted = closingTable(sampleResult(), timeline, { colors });
    expect(painted).to.include(escapeCode);
    expect(painted.split('\n').map(width)).to.deep.equal(
      closingTable(sampleResult(), timeline).split('\n').map(width),
    );
  });
});

describe('width', () => {
  it('counts columns, not characters', () => {
    expect(
      ['±0.03', '−', 'é', 'e\u0301', '漢字', '👩‍🔬', `${escapeCode}31mx`, ''].map(width),
    ).to.deep.equal([5, 1, 1, 1, 4, 2, 1, 0]);
  });

  it('pads, cuts and wraps by columns', () => {
    expect(pad('漢', 4)).to.equal('漢  ');
    expect(cut('±±±±±', 3)).to.equal('±±…');
    expect(wrap('a bc d', 4)).to.deep.equal(['a bc', 'd']);
  });
});
