import type { Configuration } from '../../model/configuration.ts';
import { randomFrom } from '../../model/random.ts';
import type { Measured } from '../../model/span.ts';
import type { HistoryEntry } from '../history.ts';

/** A configuration, but for what is said. */
export function configurationOf(changes: Partial<Configuration> = {}): Configuration {
  return {
    cluster: 'c1',
    platform: 'microk8s',
    topology: '4 nodes, 4 control planes; dqlite: 3 voters, 1 stand-by',
    scenario: 'leader-loss',
    scenarioHash: '0123456789ab',
    faults: ['kill'],
    probes: 'ba9876543210',
    settings: { 'datastore networkLatencyMs': 100 },
    versions: { kubernetes: 'v1.34.4', dqlite: '1.18.1', holdfast: '0.1.0' },
    ...changes,
  };
}

/**
 * The trials of one night, each of which elected a leader within 1.8 to 3.1 s.
 * @param day of November 2026
 * @param factor by what that is multiplied
 */
export function nightOf(
  day: number,
  trials: number,
  { factor = 1, ...changes }: Partial<Configuration> & { readonly factor?: number } = {},
): readonly HistoryEntry[] {
  const configuration = configurationOf(changes);
  const random = randomFrom(day).child(configuration.scenario);
  const date = `2026-11-${String(day).padStart(2, '0')}`;
  return Array.from({ length: trials }, (_, index) => {
    const lo = factor * random.between(1800, 3100);
    const ms: Measured = { lo, hi: lo + 40 };
    const head = { claim: 'leader-elected', title: 'a new leader within 5 s' };
    return {
      schema: 'holdfast.dev/history/v1',
      night: `${date}T01-00-00Z-nightly-000000`,
      run: `${date}-${configuration.scenario}-${index}`,
      trial: index + 1,
      at: `${date}T01:${String(index).padStart(2, '0')}:00.000Z`,
      tookMs: 60_000 + index,
      configuration,
      claims: [
        { ...head, outcome: ms.hi <= 5000 ? 'pass' : 'fail', ms },
        { claim: 'nothing-acknowledged', title: '', outcome: 'pass' },
      ],
    };
  });
}
