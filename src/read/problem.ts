/** One thing wrong in a file, where it is, and what would be right. */
export interface Problem {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** Such as `steps[0].kill.target`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A place in a value: keys and indexes from its root. */
export type Path = readonly PropertyKey[];

/** Prints a problem as editors and terminals understand it: `file:line:col path: message`. */
export function sayProblem({ file, line, column, path, message }: Problem): string {
  return `${file}:${line}:${column} ${path === '' ? '' : `${path}: `}${message}`;
}

export function sayPath(path: Path): string {
  return path.reduce<string>((said, key) => {
    if (typeof key === 'number') return `${said}[${key}]`;
    return said === '' ? String(key) : `${said}.${String(key)}`;
  }, '');
}

/** In the order in which a reader meets them. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => a.line - b.line || a.column - b.column);
}
