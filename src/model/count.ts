import type { Count } from './scenario.ts';

/**
 * How many of so many a count means: at least one.
 * @returns more than there are if a number is asked for that cannot be had
 */
export function numberOf(count: Count, all: number): number {
  switch (count) {
    case 'one':
      return 1;
    case 'minority':
      return Math.max(1, Math.ceil(all / 2) - 1);
    case 'majority':
      return Math.floor(all / 2) + 1;
    case 'all':
      return Math.max(1, all);
    default:
      return count;
  }
}
