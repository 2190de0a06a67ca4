/** Options without a value. */
const flags: ReadonlySet<string> = new Set(['json', 'keep', 'take-over']);

/** Options whose value is not to be printed. */
const secrets: ReadonlySet<string> = new Set(['webhook']);

/**
 * The options that npm kept for itself because there was no `--` before them: it hands them on as `npm_config_*`.
 * @param names our options, without dashes
 * @returns what to type instead, or undefined if npm kept nothing
 */
export function swallowedByNpm(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
  args: readonly string[],
): string | undefined {
  const script = env['npm_lifecycle_event'];
  if (script === undefined || env['HOLDFAST_NPM_CHECKED'] !== undefined) return undefined;
  const swallowed = names.filter(
    (name) => env[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  );
  if (swallowed.length === 0) return undefined;
  // npm gives the value of an option it does not know to the script as an argument, and keeps "true" for itself.
  const words = args
    .filter((word) => !word.startsWith('-'))
    // An address may be the value of an option that npm took: a secret.
    .map((word) => (word.includes('://') ? '…' : word));
  const bare = swallowed.filter(
    (name) => !flags.has(name) && env[`npm_config_${name.replaceAll('-', '_')}`] === 'true',
  );
  // Which of several words belongs to which of several options cannot be told.
  const lost = bare.length === 1 && words.length === 2 ? words[1] : '…';
  const options = swallowed.map((name) => {
    if (flags.has(name)) return `--${name}`;
    if (secrets.has(name)) return `--${name} …`;
    if (bare.includes(name)) return `--${name} ${lost}`;
    return `--${name} ${env[`npm_config_${name.replaceAll('-', '_')}`] ?? ''}`;
  });
  return `npm kept ${options.join(' and ')} for itself; put -- before the options: npm run ${script} ${words[0] ?? ''} -- ${options.join(' ')}`.replace(
    / {2,}/g,
    ' ',
  );
}
