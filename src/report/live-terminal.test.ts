import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { terminalView } from './live-terminal.ts';
import { sampleResult, sampleTimeline } from './testing/sample-run.ts';

/** A stream that keeps what is written to it, and is a terminal or not. */
function recorder(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 120 });
  let text = '';
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { stream: stream as unknown as NodeJS.WriteStream, written: () => text };
}

const note = { type: 'note', at: 1000, level: 'info', text: 'pi3 leads' } as const;
const live = { phase: 'steps', at: 900, leader: 'pi1', rates: [] } as const;
const liveText = '  +0.90s  steps · leader pi1';

describe('terminalView', () => {
  it('writes an event above the live line and the live line again below it', () => {
    const { stream, written } = recorder(true);
    const view = terminalView(stream, {});
    view.live(live);
    view.event(note);
    expect(stripVTControlCharacters(written())).to.equal(
      `${liveText}  +1.00s  pi3 leads\n${liveText}`,
    );
    // Each rewriting clears the line first, and ends none: only the event ends one.
    expect(written().split('\u001b[2K').length - 1).to.equal(3);
  });

  it('leaves no live line behind at its end', () => {
    const { stream, written } = recorder(true);
    const view = terminalView(stream, {});
    view.live(live);
    view.close(sampleResult(), sampleTimeline({ electedMs: 1840 }), 'reports/latest');
    const afterLive = written().split(liveText).at(-1) ?? '';
    expect(afterLive.startsWith('\u001b[2K\u001b[1G\n')).to.equal(true);
    expect(stripVTControlCharacters(afterLive)).to.match(/exit 0\n$/);
  });

  it('writes plain lines only where there is no terminal', () => {
    const { stream, written } = recorder(false);
    const view = terminalView(stream, {});
    view.live(live);
    view.event(note);
    view.event({ type: 'sample', series: 'write@pi1', due: 2 });
    view.close(sampleResult(), undefined);
    expect(written().split('\n')[0]).to.equal('  +1.00s  pi3 leads');
    expect(written()).to.not.include('\u001b').and.not.include('steps ·');
  });
});
