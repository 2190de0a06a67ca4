import type { Plan } from '../model/plan.ts';
import { voters } from '../model/snapshot.ts';
import type { Event, LeaderSeen, NoteEvent } from '../model/timeline.ts';

/** Tells a person when leadership moves: for reading along only, claims look for themselves. */
export function watchLeadership(
  plan: Plan,
  tell: (note: NoteEvent) => void,
): (event: Event) => void {
  const named = new Map<string, string>();
  const majority = Math.floor(voters(plan.snapshot).length / 2) + 1;
  let leader = '';
  return (event) => {
    if (event.type !== 'sample' || !event.series.startsWith('leader@') || event.got === undefined)
      return;
    const says = (event.value as LeaderSeen | undefined)?.leader ?? '';
    if (named.get(event.series) === says) return;
    named.set(event.series, says);
    const votes = [...named.values()].filter((id) => id === says).length;
    if (says === '' || says === leader || votes < majority) return;
    const first = leader === '';
    leader = says;
    const name = plan.snapshot.datastore.members.find(({ id }) => id === says)?.node ?? says;
    tell({
      type: 'note',
      at: event.got,
      level: 'info',
      text: first ? `${name} leads the datastore` : `${name} leads now`,
    });
  };
}
