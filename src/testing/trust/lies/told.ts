/** Lies about who was told of a fault: by an alert, or by a line in a journal. */
import { events, inTimeline, samples } from './in-timeline.ts';
import type { Lie } from './lie.ts';

const alerted = ['alerted', { alert: 'NodeDown', within: '20s' }] as const;
const resolved = ['alerted', { alert: 'NodeDown', within: '20s', resolves: '15s' }] as const;

const pi1 = { name: 'NodeDown', labels: { node: 'pi1' } };
const down = { ...pi1, from: 9000, to: 38_000 };
const toldInTime = { alerts: [down] };

const logged = [
  'logged',
  { service: 'datastore', pattern: 'leader', on: 'any-survivor', within: '10s' },
] as const;
const inJournal = { logs: { pi3: [1800] } };

export const toldLies: readonly Lie[] = [
  inTimeline({
    lie: 'the alert had been active for an hour, and is so still',
    claim: alerted,
    world: toldInTime,
    truth: { alerts: [{ ...down, from: -3_600_000 }] },
    outcome: 'invalid',
    because: /NodeDown was active already before the fault: that it is now is no proof/,
  }),
  inTimeline({
    lie: 'an alert of something older was posted only after the fault',
    claim: alerted,
    world: toldInTime,
    truth: { alerts: [{ ...down, began: -60_000 }] },
    outcome: 'invalid',
    because: /NodeDown was told after the fault, and had begun before it/,
  }),
  inTimeline({
    lie: 'the alert that was told is of another node',
    claim: ['alerted', { alert: 'NodeDown', labels: { node: 'pi1' }, within: '20s' }],
    world: toldInTime,
    truth: { alerts: [{ ...down, labels: { node: 'pi2' } }] },
    outcome: 'fail',
    because: /NodeDown was not told in the \d+\.\d s after the fault; that is beyond/,
  }),
  inTimeline({
    lie: 'Alertmanager is said to answer, and no list of alerts is there',
    claim: alerted,
    world: toldInTime,
    written: samples(({ series }) => (series === 'alerts' ? { ok: true, value: {} } : {})),
    outcome: 'invalid',
    because: /alerts said yes at \d+\.\d+ s and had seen no answer/,
  }),
  inTimeline({
    lie: 'Alertmanager did not answer before the fault, when the alert may have been there',
    claim: alerted,
    world: toldInTime,
    written: samples(({ series }, after) =>
      series === 'alerts' && after < 0
        ? { ok: false, value: undefined, error: 'ECONNREFUSED' }
        : {},
    ),
    outcome: 'invalid',
    because: /alerts had 0 good samples in the 2\.00 s before the fault/,
  }),
  inTimeline({
    lie: 'the alert ends for one look after the healing, and is there to the end',
    claim: resolved,
    world: toldInTime,
    truth: {
      alerts: [
        { ...down, to: 31_000 },
        { ...down, from: 32_500, to: 900_000, began: 9000 },
      ],
    },
    outcome: 'fail',
    because: /it was active still \d+\.\d s after healing, and the limit is 15 s/,
  }),
  inTimeline({
    lie: 'such a line was in the journal before the fault already',
    claim: logged,
    world: inJournal,
    truth: { logs: { pi2: [-4000, -1000], pi3: [1800] } },
    outcome: 'invalid',
    because: /such a line was there before the fault already/,
  }),
  inTimeline({
    lie: 'nothing was logged until the fault was taken back, and then it was',
    claim: logged,
    world: inJournal,
    truth: { logs: { pi3: [31_000] } },
    outcome: 'fail',
    because: /was not logged on a surviving node in the 30\.\d s after the fault; that is beyond/,
  }),
  inTimeline({
    lie: 'the journals were not searched, and so nothing was found in them',
    claim: logged,
    world: inJournal,
    truth: { logs: {} },
    written: events((event) => (event.type === 'log' && event.node === 'pi3' ? [] : [event])),
    outcome: 'invalid',
    because: /what datastore of pi3 logged was not searched/,
  }),
  inTimeline({
    lie: 'what was found is of a search for something else',
    claim: logged,
    world: inJournal,
    written: events((event) => (event.type === 'log' ? [{ ...event, pattern: '.' }] : [event])),
    outcome: 'invalid',
    because: /what datastore of pi\d logged was not searched/,
  }),
];
