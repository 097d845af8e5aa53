import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../json-object.ts';

type Merge = (first: unknown, second: unknown) => unknown;

/** How two values of one keyword merge into one that requires both; for other keywords the first wins. */
const MERGES: ReadonlyMap<string, Merge> = new Map<string, Merge>([
  ['properties', mergeMaps],
  ['$defs', mergeMaps],
  ['definitions', mergeMaps],
  ['items', mergeNodes],
  ['required', (first, second) => [...new Set([...asList(first), ...asList(second)])]],
  ['allOf', (first, second) => [...asList(first), ...asList(second)]],
  ['enum', shared],
  ['type', mergeTypes],
  ['additionalProperties', mergeOpenness],
  ...['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'].map(
    (keyword): [string, Merge] => [keyword, stricter(Math.max)],
  ),
  ...['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'].map(
    (keyword): [string, Merge] => [keyword, stricter(Math.min)],
  ),
]);

/**
 * One schema that requires what both require, as far as one node can express it. Where both have a value that
 * cannot be joined (a description, a pattern), the first wins.
 */
export function mergeSchemas(first: JsonObject, second: JsonObject): JsonObject {
  const joined = Object.keys(second)
    .filter((keyword) => Object.hasOwn(first, keyword))
    .map((keyword) => {
      const merge = MERGES.get(keyword);
      return [keyword, merge ? merge(first[keyword], second[keyword]) : first[keyword]] as const;
    });
  return { ...first, ...second, ...Object.fromEntries(joined) };
}

/** The schemas without repetitions. */
export function distinct(schemas: readonly unknown[]): unknown[] {
  return [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()];
}

/** The elements of a list; none for anything else. */
export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function mergeMaps(first: unknown, second: unknown): unknown {
  if (!isObject(first) || !isObject(second)) return first;
  const joined = Object.keys(second)
    .filter((name) => Object.hasOwn(first, name))
    .map((name) => [name, mergeNodes(first[name], second[name])] as const);
  return { ...first, ...second, ...Object.fromEntries(joined) };
}

function mergeNodes(first: unknown, second: unknown): unknown {
  if (!isObject(first)) return first === true ? second : first;
  return isObject(second) ? mergeSchemas(first, second) : first;
}

function mergeTypes(first: unknown, second: unknown): unknown {
  const types = shared([first].flat(), [second].flat());
  return Array.isArray(types) && types.length === 1 ? types[0] : types;
}

/** The common elements of both lists; the first list if there are none, since an empty list is not a schema. */
function shared(first: unknown, second: unknown): unknown {
  const both = asList(first).filter((value) =>
    asList(second).some((each) => isDeepStrictEqual(each, value)),
  );
  return both.length === 0 ? first : both;
}

function mergeOpenness(first: unknown, second: unknown): unknown {
  if (first === false || second === false) return false;
  return mergeNodes(first, second);
}

function stricter(choose: (...values: number[]) => number): Merge {
  return (first, second) =>
    typeof first === 'number' && typeof second === 'number' ? choose(first, second) : first;
}
