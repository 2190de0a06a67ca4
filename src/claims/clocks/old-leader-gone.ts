import { leaderNamed, nodeOf } from '../members.ts';
import { seriesOf, usedFrom } from '../series.ts';
import { firstShown, type ClockKind } from './kind.ts';

/** From the fault until the leader that it hits does not name itself any more: it is dead, or it has stepped down. */
export const oldLeaderGone: ClockKind = {
  summary: 'until the old leader does not name itself any more',
  read: (about) => {
    const { timeline, since, before } = about;
    const { leader } = before;
    if (leader === undefined) return [{ because: 'no majority named a leader before the fault' }];
    const node = nodeOf(timeline.plan.snapshot, leader);
    if (!since.targets.includes(node))
      return [{ because: `the fault is not aimed at ${node}, which led` }];
    const [series] = seriesOf(timeline, 'leader', node);
    if (series === undefined) return [{ because: `the leader on ${node} was not sampled` }];
    const looks = usedFrom(timeline, series, since.at.lo).filter(({ sent }) => sent <= since.until);
    const measuredMs = firstShown(about, looks, (look) => !look.ok || leaderNamed(look) !== leader);
    return [{ of: node, measuredMs }];
  },
};
