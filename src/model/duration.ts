/** What a duration looks like in a file: a number and its unit, such as `500ms`, `1.5s`, `2m`, `1h`. */
export const durationPattern = /^(\d{1,8}(?:\.\d{1,3})?)(ms|s|m|h)$/;

/** The longest duration a file may ask for: a day, which every timer of Node.js and systemd can hold. */
export const longestDurationMs = 86_400_000;

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Reads `500ms`, `5s`, `2m` or `1h` as milliseconds; undefined if it is no duration or longer than a day. */
export function parseDuration(text: string): number | undefined {
  const match = durationPattern.exec(text);
  if (match === null) return undefined;
  const exact = Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
  // Three decimals of a millisecond are the most that can be written: what is beyond comes of binary fractions.
  const ms = Math.round(exact * 1000) / 1000;
  return ms <= longestDurationMs ? ms : undefined;
}

/** Writes milliseconds as a file would: in the largest unit that needs no decimals. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const)
    if (ms > 0 && ms % unitMs[unit] === 0) return `${ms / unitMs[unit]}${unit}`;
  return `${ms}ms`;
}
