import type { PodSeen } from '../model/timeline.ts';

/** Pods as `name@node`; one in brackets is not ready, and one without a node waits for a place, `name:reason` of why. */
export function podsIn(text: string): readonly PodSeen[] {
  return text
    .split(' ')
    .filter((one) => one !== '')
    .map((one) => {
      const [place = '', pending] = one.replace(/[()]/g, '').split(':');
      const [name = '', node] = place.split('@');
      const waits = pending !== undefined && { pending };
      return { name, ready: !one.startsWith('('), ...(node !== undefined && { node }), ...waits };
    });
}
