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
  const options = swallowed.map((name) => {
    const value = env[`npm_config_${name.replaceAll('-', '_')}`] ?? '';
    return value === 'true' ? `--${name}` : `--${name} ${value}`;
  });
  // npm gives the value of an option it does not know to the script as an argument, and keeps "true" for itself.
  const words = args.filter((word) => !word.startsWith('-'));
  return `npm kept ${options.join(' and ')} for itself; put -- before the options: npm run ${script} ${words[0] ?? ''} -- ${options.join(' ')}`.replace(
    / {2,}/g,
    ' ',
  );
}
