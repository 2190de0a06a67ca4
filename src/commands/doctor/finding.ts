/** What one check found. */
export interface Finding {
  /** What was looked at, such as `tools` or `watches`. */
  readonly check: string;
  readonly state: 'ok' | 'warning' | 'not fit';
  readonly says: string;
  /** What to do about it; absent if it is well. */
  readonly todo?: string;
}

export function ok(check: string, says: string): Finding {
  return { check, state: 'ok', says };
}

export function warning(check: string, says: string, todo: string): Finding {
  return { check, state: 'warning', says, todo };
}

export function notFit(check: string, says: string, todo: string): Finding {
  return { check, state: 'not fit', says, todo };
}
