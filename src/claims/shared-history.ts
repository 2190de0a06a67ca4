import { judgeHistory, type Judgement } from '../histories/judge.ts';
import type {
  CounterOperation,
  History,
  Operation,
  RegisterOperation,
  SetOperation,
} from '../histories/operation.ts';
import type { HistorySeen, Timeline } from '../model/timeline.ts';
import { seriesOf, usedOf, type Used } from './series.ts';

/** What was asked of the objects that all API servers share, and what is to be said of it. */
export interface SharedHistory {
  /** So many changes and reads were asked for. */
  readonly operations: number;
  readonly judgement: Judgement;
}

/** Judges all that the probe `history` asked; undefined where it did not. */
export function sharedHistory(timeline: Timeline): SharedHistory | undefined {
  const history = historyOf(timeline);
  const { registers, sets, counters } = history;
  const operations = registers.length + sets.length + counters.length;
  if (operations === 0) return undefined;
  return { operations, judgement: judgeHistory(history) };
}

function historyOf(timeline: Timeline): History {
  const registers: RegisterOperation[] = [];
  const sets: SetOperation[] = [];
  const counters: CounterOperation[] = [];
  for (const series of seriesOf(timeline, 'history'))
    for (const sample of usedOf(timeline, series)) {
      if (sample.value === undefined) continue;
      const seen = sample.value as HistorySeen;
      const operation = operationOf(sample, seen, series.node ?? series.id);
      switch (seen.kind) {
        case 'write':
        case 'read':
        case 'cached-read':
          registers.push({ ...operation, ...seen });
          break;
        case 'add':
          sets.push({ ...operation, ...seen });
          break;
        case 'read-set':
          sets.push({ ...operation, ...seen, kind: 'read', elements: seen.elements ?? [] });
          break;
        case 'increment':
          counters.push({ ...operation, ...seen });
          break;
        case 'read-counter':
          counters.push({ ...operation, ...seen, kind: 'read', count: seen.count ?? 0 });
          break;
      }
    }
  return { registers, sets, counters };
}

/**
 * Looks do not wait for each other, so only its call and its return order each of them. Those through one server are one
 * client's: its cache must not go back from one to the next.
 */
function operationOf(
  { sent, got }: Used,
  { object, outcome }: HistorySeen,
  node: string,
): Operation {
  return { client: node, through: node, object, called: sent, returned: got, outcome };
}
