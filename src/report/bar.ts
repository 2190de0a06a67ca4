/** A bar as wide as so many columns, filled up to a share from 0 to 1: `████▌░░░░░`. */
export function bar(share: number, columns = 20): string {
  const eighths = Math.round(Math.min(1, Math.max(0, share)) * columns * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  const part = eighths % 8 === 0 ? '' : (parts[eighths % 8] ?? '');
  return `${full}${part}`.padEnd(columns, '░');
}

const parts = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];
