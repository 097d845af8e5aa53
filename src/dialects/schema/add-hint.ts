import type { JsonObject } from '../json-object.ts';

/** Longer constraints are left out, since they would crowd out the description. */
const MAX_LENGTH = 200;

/** The schema with a constraint added to its description, for targets that do not know its keyword. */
export function addHint(
  schema: JsonObject,
  [keyword, value]: readonly [string, unknown],
): JsonObject {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const short = text.length > MAX_LENGTH ? `${text.slice(0, MAX_LENGTH)}…` : text;
  const hint = `(constraint: ${keyword}=${short})`;
  const description = schema['description'];
  const isSaid = typeof description === 'string' && description !== '';
  return { ...schema, description: isSaid ? `${description} ${hint}` : hint };
}
