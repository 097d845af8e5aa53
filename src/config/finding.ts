/** Where something stands in the config: map keys and list positions from the root. */
export type Path = readonly (string | number)[];

/** Something to say about a place of the config that is known by its path. */
export interface Finding {
  severity: 'error' | 'warning';
  path: Path;
  /** Points at the key rather than at its value. */
  at?: 'key';
  message: string;
}

/** A finding with its place in the file; lines and columns count from 1. */
export interface Problem {
  severity: 'error' | 'warning';
  line: number;
  column: number;
  /** Such as `models.fast.endpoints[0].key`; empty where the text is no YAML. */
  path: string;
  message: string;
}

/** The finding that stops the config from being used. */
export function error(path: Path, message: string): Finding {
  return { severity: 'error', path, message };
}

/** The same about a key itself. */
export function keyError(path: Path, message: string): Finding {
  return { severity: 'error', path, at: 'key', message };
}

/** A finding to know about; the config is used all the same. */
export function warning(path: Path, message: string): Finding {
  return { severity: 'warning', path, message };
}

/** The same about a key itself. */
export function keyWarning(path: Path, message: string): Finding {
  return { severity: 'warning', path, at: 'key', message };
}

/** `file:line:column path: message`, one line. */
export function formatProblem(fileName: string, problem: Problem): string {
  const { line, column, path, message } = problem;
  const subject = path === '' ? '' : `${path}: `;
  const label = problem.severity === 'warning' ? 'warning: ' : '';
  return `${fileName}:${line}:${column} ${subject}${label}${message}`;
}

/** The order of the file. */
export function compareProblems(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

/** The path in words: `models.fast.endpoints[0].key`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const segment of path) {
    if (typeof segment === 'number') text += `[${segment}]`;
    else text += text === '' ? segment : `.${segment}`;
  }
  return text;
}
