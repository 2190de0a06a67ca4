import { expect } from 'chai';
import type { Sample } from '../model/timeline.ts';
import { probeKinds } from '../probes/kinds.ts';
import { timelineOf } from '../testing/timelines.ts';
import { believed } from './answers.ts';

/** Probes that are not asked unless a claim needs them; nothing of theirs is idle. */
const idle = { scheduled: 0, reconciled: 0, acts: 0, endpoint: 0 };

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
    const { plan, events } = timelineOf({ holds: [], idle });
    const probeOf = new Map(plan.series.map(({ id, probe }) => [id, probe]));
    for (const event of events)
      if (event.type === 'sample')
        expect(believed(event, probeOf.get(event.series)), event.series).to.equal(event);
  });

  it('is not believed if it has seen nothing, whatever its probe', () => {
    for (const probe of Object.keys(probeKinds))
      for (const value of [undefined, null, 200, {}])
        expect(believed(yes(value), probe), probe).to.include({ ok: false, error: 'EUNSEEN' });
  });

  it('is not believed if what it has seen is not all of it, or of another kind', () => {
    const halves: readonly (readonly [string, object])[] = [
      ['leader', { leader: '' }],
      ['leader', { leader: 1 }],
      ['read', { of: 'pi1' }],
      ['read', { of: '', kept: [] }],
      ['read', { kept: [] }],
      ['watch', { of: 'pi1' }],
      ['watch', { of: '', n: 1 }],
      ['watch', { of: 'pi1', n: '1' }],
      ['history', { kind: 'read' }],
      ['history', { kind: 'read', outcome: 'refused' }],
      ['history', { outcome: 'done' }],
      ['replicas', { ready: 3 }],
      ['replicas', { least: 3 }],
      ['replicas', { ready: 3, least: '3' }],
      ['nodes', { ready: 'all' }],
      ['nodes', { ready: null }],
      ['leases', { leases: 'all' }],
      ['leases', { leases: null }],
      ['endpoints', { ready: 1 }],
      ['endpoints', { ready: null }],
      ['endpoints', { ready: [] }],
      ['scheduled', { node: '' }],
      ['reconciled', { generation: '7' }],
      ['address', { holds: 'no' }],
      ['web-new', { pod: 'web-1' }],
      ['inside-named', { pod: 'web-1' }],
      ['each-endpoint', { endpoints: 'all' }],
    ];
    for (const [probe, value] of halves)
      expect(believed(yes(value), probe).ok, `${probe} ${JSON.stringify(value)}`).to.equal(false);
  });

  it('is believed of a watch that counts and of a list of alerts, though it be empty', () => {
    const counts = yes({ ready: 0, least: 0, opened: 1 });
    expect(believed(counts, 'replicas')).to.equal(counts);
    const none = yes({ alerts: [] });
    expect(believed(none, 'alerts')).to.equal(none);
  });

  it('is believed of a change to a shared object that may have happened', () => {
    const swapped = yes({ kind: 'write', outcome: 'indeterminate' });
    expect(believed(swapped, 'history')).to.equal(swapped);
  });

  it('is no acknowledgement of a write unless the status is 200', () => {
    expect(believed(yes({ status: 200, n: 1 }), 'write').ok).to.equal(true);
    expect(believed(yes({ status: 409, n: 1 }), 'write')).to.include({
      ok: false,
      error: 'HTTP 409',
    });
    expect(believed(yes({ status: 503 }), 'endpoint').error).to.equal('HTTP 503');
  });

  it('is nobody’s business if no such probe is known', () => {
    expect(believed(yes(), 'weather').ok).to.equal(true);
  });
});
