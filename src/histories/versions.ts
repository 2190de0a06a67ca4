import type { CachedRead, RegisterOperation, RegisterRead, RegisterWrite } from './operation.ts';

/** Which version of an object held which value, as the answers told. */
export interface Versions {
  readonly valueOf: ReadonlyMap<string, string>;
  readonly versionOf: ReadonlyMap<string, string>;
  /** Two answers that cannot both be true: one version with two values, or one value in two versions. */
  readonly contradictions: readonly (readonly [Told, Told])[];
}

/** An answer that told both. */
export type Told = (RegisterRead | CachedRead | RegisterWrite) & {
  readonly value: string;
  readonly version: string;
};

/** What the answers of one object told; of a contradiction, what was told first. */
export function versionsOf(operations: readonly RegisterOperation[]): Versions {
  const byVersion = new Map<string, Told>();
  const byValue = new Map<string, Told>();
  const contradictions: (readonly [Told, Told])[] = [];
  for (const told of operations.filter(tells)) {
    const sameVersion = byVersion.get(told.version);
    const sameValue = byValue.get(told.value);
    if (sameVersion === undefined) byVersion.set(told.version, told);
    else if (sameVersion.value !== told.value) contradictions.push([sameVersion, told]);
    if (sameValue === undefined) byValue.set(told.value, told);
    else if (sameValue.version !== told.version) contradictions.push([sameValue, told]);
  }
  return {
    valueOf: new Map([...byVersion].map(([version, { value }]) => [version, value])),
    versionOf: new Map([...byValue].map(([value, { version }]) => [value, version])),
    contradictions,
  };
}

function tells(operation: RegisterOperation): operation is Told {
  return (
    operation.outcome === 'done' &&
    operation.kind !== 'delete' &&
    operation.value !== undefined &&
    operation.version !== undefined
  );
}

/** Is one resourceVersion older than another? They are numbers, of any length; of others nothing is known. */
export function isOlder(one: string, other: string): boolean {
  if (!/^\d+$/.test(one) || !/^\d+$/.test(other)) return false;
  return BigInt(one) < BigInt(other);
}
