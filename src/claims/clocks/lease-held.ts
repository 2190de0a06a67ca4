import type { LeaseSeen, LeasesSeen } from '../../model/timeline.ts';
import { between, type Measured } from '../../model/span.ts';
import type { Used } from '../series.ts';
import { lastBefore, looksOf, type ClockKind, type Looking } from './kind.ts';

/**
 * From the fault until each Lease of the control plane is renewed, by whomever. A holder stamps it by its own clock, so
 * only that the stamp is another one counts; it must not have come between the last look before the fault and the first
 * after it, as that renewal may be older than the fault.
 */
export const leaseHeld: ClockKind = {
  summary: 'until a Lease of the control plane was renewed',
  read: (about) => {
    const looks = looksOf(about, 'leases');
    const before = lastBefore(about, looks);
    if (before === undefined)
      return [{ because: 'no API server told the leases before the fault' }];
    const names = Object.keys(leasesIn(before)).sort();
    if (names.length === 0) return [{ because: 'kube-system has no Lease that is held' }];
    return names.map((name) => {
      const { of, measuredMs, because } = renewal(about, looks, before, name);
      return {
        of,
        ...(measuredMs !== undefined && { measuredMs }),
        ...(because !== undefined && { because }),
      };
    });
  },
};

interface Renewal {
  readonly of: string;
  readonly measuredMs?: Measured;
  /** Why it was not measured. */
  readonly because?: string;
  /** Who renewed it, as it says. */
  readonly holder?: string;
}

/** When one Lease was renewed; one that nobody held before is none that could be held again. */
export function renewalOf(about: Looking, name: string): Renewal {
  const looks = looksOf(about, 'leases');
  const before = lastBefore(about, looks);
  if (before === undefined)
    return { of: name, because: 'no API server told the leases before the fault' };
  if (leasesIn(before)[name] === undefined) {
    const held = Object.keys(leasesIn(before)).sort().join(', ') || 'none';
    return { of: name, because: `nobody held ${name} before the fault; held were: ${held}` };
  }
  return renewal(about, looks, before, name);
}

function renewal({ since }: Looking, looks: readonly Used[], before: Used, name: string): Renewal {
  const renewed = (look: Used): string => leasesIn(look)[name]?.renewed ?? '';
  const later = looks.filter(({ sent }) => sent >= since.at.hi);
  const [first] = later;
  if (first === undefined) return { of: name, because: 'no API server told it after the fault' };
  const next = later.findIndex((look) => renewed(look) > renewed(first));
  const old = later.slice(0, next < 0 ? undefined : next).at(-1) ?? first;
  const shown = later[next];
  if (shown === undefined)
    return { of: name, measuredMs: { atLeast: Math.max(0, old.sent - since.at.hi) } };
  const sure = renewed(first) === renewed(before);
  return {
    of: name,
    measuredMs: between(since.at, { lo: sure ? old.sent : since.at.lo, hi: shown.got }),
    holder: leasesIn(shown)[name]?.holder ?? '',
  };
}

function leasesIn({ value }: Used): Readonly<Record<string, LeaseSeen>> {
  return (value as LeasesSeen).leases;
}
