/** `expected a duration such as 30s, got text`: what a value must be, in words of YAML. */
export function expected(what: string, actual: unknown): string {
  if (actual === undefined) return `is required: expected ${what}`;
  const isUnquoted = what === 'text' && /^(?:number|boolean)$/.test(typeof actual);
  const hint = isUnquoted ? '; put it in quotes' : '';
  return `expected ${what}, got ${kindOf(actual)}${hint}`;
}

/** The kind of a value, never the value: it may be a secret. */
function kindOf(value: unknown): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'boolean') return 'true or false';
  if (typeof value === 'number') return 'a number';
  return typeof value === 'object' ? 'a map' : 'text';
}
