/** `1 trial`, `59 trials`. @param plural where it is not the noun with an s */
export function countOf(n: number, noun: string, plural = `${noun}s`): string {
  return `${n} ${n === 1 ? noun : plural}`;
}
