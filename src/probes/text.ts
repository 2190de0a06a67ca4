/** A text that an API may leave out; empty if it is anything else. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The name of an object, without which nothing can be told of it. @throws TypeError */
export function nameOf({ name }: { readonly name?: unknown }): string {
  if (typeof name !== 'string') throw new TypeError('an object has no name');
  return name;
}
