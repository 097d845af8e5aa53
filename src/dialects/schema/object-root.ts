import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../json-object.ts';
import { asList, mergeSchemas } from './merge-schemas.ts';
import { resolveRef } from './resolve-ref.ts';

/** Maximum nesting of references and combinators; beyond it a root counts as circular. */
const MAX_DEPTH = 6;

/** Maximum number of nodes to visit; beyond it a root counts as too tangled, since references can multiply. */
const MAX_NODES = 1000;

interface Search {
  document: JsonObject;
  nodesLeft: number;
}

/**
 * The schema with a plain object at its root, which all APIs require of tools: the type is added, a reference
 * at the root is followed, and combinators become one object that accepts what any of their branches accepts.
 * Null if a branch is not an object.
 */
export function objectRoot(schema: JsonObject): JsonObject | null {
  return asPlainObject(schema, { document: schema, nodesLeft: MAX_NODES }, 0);
}

function asPlainObject(node: JsonObject, search: Search, depth: number): JsonObject | null {
  search.nodesLeft -= 1;
  if (depth > MAX_DEPTH || search.nodesLeft < 0 || !admitsObject(node['type'])) return null;
  const { $ref, allOf, anyOf, oneOf, nullable: _nullable, ...rest } = node;
  if ($ref !== undefined) {
    const target = resolveRef(search.document, $ref);
    if (target === undefined) return null;
    return asPlainObject(mergeSchemas(withoutRef(node), target), search, depth + 1);
  }
  let plain: JsonObject = { ...rest, type: 'object', properties: rest['properties'] ?? {} };
  const alternatives = [anyOf, oneOf].filter(Array.isArray).map(withoutNull);
  for (const branches of [
    ...asList(allOf)
      .filter(isObject)
      .map((branch) => [branch]),
    ...alternatives,
  ]) {
    const objects = branches.map((branch) =>
      isObject(branch) ? asPlainObject(branch, search, depth + 1) : null,
    );
    const either = anyOfObjects(objects);
    if (either === null) return null;
    plain = mergeSchemas(plain, either);
  }
  return plain;
}

function withoutRef({ $ref: _followed, ...siblings }: JsonObject): JsonObject {
  return siblings;
}

function admitsObject(type: unknown): boolean {
  return (
    type === undefined || [type].flat().some((each) => String(each).toLowerCase() === 'object')
  );
}

function withoutNull(branches: unknown[]): unknown[] {
  return branches.filter((branch) => !(isObject(branch) && branch['type'] === 'null'));
}

/** One object that accepts what any of the given ones accepts; null unless all of them are objects. */
function anyOfObjects(objects: readonly (JsonObject | null)[]): JsonObject | null {
  const [first, ...others] = objects;
  if (first === undefined || first === null) return null;
  let either = first;
  for (const object of others) {
    if (object === null) return null;
    either = eitherObject(either, object);
  }
  return either;
}

function eitherObject(first: JsonObject, second: JsonObject): JsonObject {
  const both = asList(first['required']).filter((name) =>
    asList(second['required']).includes(name),
  );
  const isClosed = [first, second].every((each) => each['additionalProperties'] === false);
  return {
    type: 'object',
    properties: eitherProperties(first['properties'], second['properties']),
    ...(both.length > 0 && { required: both }),
    ...(isClosed && { additionalProperties: false }),
  };
}

function eitherProperties(first: unknown, second: unknown): JsonObject {
  const [one, two] = [isObject(first) ? first : {}, isObject(second) ? second : {}];
  const joined = Object.keys(two)
    .filter((name) => Object.hasOwn(one, name))
    .map((name) => [name, eitherSchema(one[name], two[name])] as const);
  return { ...one, ...two, ...Object.fromEntries(joined) };
}

function eitherSchema(first: unknown, second: unknown): unknown {
  const isUnion = isObject(first) && Object.keys(first).join() === 'anyOf';
  const known = isUnion ? asList(first['anyOf']) : [first];
  if (known.some((each) => isDeepStrictEqual(each, second))) return first;
  return { anyOf: [...known, second] };
}
