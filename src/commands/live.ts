import { voters } from '../model/snapshot.ts';
import type { Plan } from '../model/plan.ts';
import type { Event, LeaderSeen, Phase } from '../model/timeline.ts';
import type { LiveState, ProbeRate } from '../report/terminal.ts';

/** Keeps what the live line tells, from the events as they come. */
export function liveTracker(plan: Plan): {
  event: (event: Event) => void;
  state: (now: number) => LiveState;
} {
  const probes = new Map(plan.series.map(({ id, probe }) => [id, probe]));
  const names = new Map(plan.snapshot.datastore.members.map(({ id, node }) => [id, node ?? id]));
  const majority = Math.floor(voters(plan.snapshot).length / 2) + 1;
  const named = new Map<string, string>();
  let phase: Phase = 'preflight';
  let recent: { probe: string; ok: boolean; due: number }[] = [];
  return {
    event: (event) => {
      if (event.type === 'phase') phase = event.phase;
      if (event.type !== 'sample') return;
      const probe = probes.get(event.series) ?? event.series;
      recent.push({ probe, ok: event.ok === true, due: event.due });
      if (probe === 'leader')
        named.set(event.series, (event.value as LeaderSeen | undefined)?.leader ?? '');
    },
    state: (now) => {
      recent = recent.filter(({ due }) => due > now - 1000);
      const leader = majorityOf(named, majority);
      return {
        phase,
        at: now,
        ...(leader !== undefined && { leader: names.get(leader) ?? leader }),
        rates: ratesOf(recent),
      };
    },
  };
}

function majorityOf(named: ReadonlyMap<string, string>, majority: number): string | undefined {
  const all = [...named.values()].filter((id) => id !== '');
  return all.find((id) => all.filter((other) => other === id).length >= majority);
}

function ratesOf(recent: readonly { probe: string; ok: boolean }[]): readonly ProbeRate[] {
  const rates = new Map<string, { perSecond: number; failedPerSecond: number }>();
  for (const { probe, ok } of recent) {
    const rate = rates.get(probe) ?? { perSecond: 0, failedPerSecond: 0 };
    // Stand-bys always answer that they know no leader: that is no failure.
    const failed = !ok && probe !== 'leader' ? 1 : 0;
    rates.set(probe, {
      perSecond: rate.perSecond + 1,
      failedPerSecond: rate.failedPerSecond + failed,
    });
  }
  return [...rates].map(([probe, rate]) => ({ probe, ...rate }));
}
