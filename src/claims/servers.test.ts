import { expect } from 'chai';
import { timelineOf } from '../testing/timelines.ts';
import { serversOf, type ServerChoice } from './servers.ts';

describe('the API servers that a claim is about', () => {
  const timeline = timelineOf({ probes: ['write', 'read'] });
  const meant = (on: ServerChoice, probe?: string): readonly string[] =>
    serversOf(timeline, on, { targets: ['pi1', 'pi2'], hit: ['pi1', 'pi3'] }, probe).map(
      ({ id }) => id,
    );

  it('are every one, those of the targets, or those that no fault was aimed at', () => {
    expect(meant('every')).to.deep.equal(['write@pi1', 'write@pi2', 'write@pi3', 'write@pi4']);
    expect(meant('targets')).to.deep.equal(['write@pi1', 'write@pi2']);
    expect(meant('every-survivor')).to.deep.equal(['write@pi2', 'write@pi4']);
    expect(meant('targets', 'read')).to.deep.equal(['read@pi1', 'read@pi2']);
  });
});
