import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { timelineOf } from '../testing/timelines.ts';
import { believed, unseen } from './answers.ts';

describe('a sample that says yes', () => {
  const yes = (value?: unknown): Sample => ({
    type: 'sample',
    series: 'any',
    due: 1000,
    sent: 1000,
    got: 1004,
    ok: true,
    ...(value !== undefined && { value }),
  });

  it('is believed if it has seen what its probe must see', () => {
    const { plan, events } = timelineOf();
    const probeOf = new Map(plan.series.map(({ id, probe }) => [id, probe]));
    for (const event of events)
      if (event.type === 'sample')
        expect(believed(event, probeOf.get(event.series)), event.series).to.equal(event);
  });

  it('is not believed if it has seen nothing', () => {
    for (const probe of ['leader', 'roles', 'write', 'read', 'watch', 'nodes', 'pods', 'web-new'])
      for (const value of [undefined, null, 200, {}])
        expect(believed(yes(value), probe)).to.include({ ok: false, error: unseen });
  });

  it('is no acknowledgement of a write unless the status is 200', () => {
    expect(believed(yes({ status: 200, n: 1 }), 'write').ok).to.equal(true);
    expect(believed(yes({ status: 409, n: 1 }), 'write')).to.include({
      ok: false,
      error: 'HTTP 409',
    });
  });

  it('is nobody’s business if no such probe is known', () => {
    expect(believed(yes(), 'weather').ok).to.equal(true);
  });
});
