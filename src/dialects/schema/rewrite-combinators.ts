import { isDeepStrictEqual } from 'node:util';
import { isObject, type JsonObject } from '../json-object.ts';
import { splitAnnotations } from './annotations.ts';
import { asList, mergeSchemas } from './merge-schemas.ts';
import type { Rewrite } from './place.ts';
import { writeOutRef } from './rewrite-refs.ts';

/** Turns `oneOf` into `anyOf`: exclusiveness is not worth refusing a schema for. */
export const oneOfToAnyOf: Rewrite = (node) => {
  if (!Array.isArray(node['oneOf']) || 'anyOf' in node) return node;
  const { oneOf, ...rest } = node;
  return { ...rest, anyOf: oneOf };
};

/** Merges all branches of `allOf` into one node. */
export const mergeAllOf: Rewrite = (node, place) => {
  if (!Array.isArray(node['allOf'])) return node;
  const { allOf, ...rest } = node;
  const branches = allOf.filter(isObject);
  const [only] = branches;
  // A lone reference is kept: inlined, a circular one would grow.
  if (branches.length === 1 && only && isBareRef(only) && asksNothing(rest)) {
    return { ...rest, ...only };
  }
  // References side by side have the same depth.
  const places = branches.map(() => ({ ...place }));
  const written = branches.map((branch, index) => writeOutRef(branch, places[index] ?? place));
  place.refDepth = Math.max(place.refDepth, ...places.map(({ refDepth }) => refDepth));
  return written.reduce(mergeSchemas, rest);
};

/** Merges `allOf` if every branch is an object: closed one by one they would exclude each other. */
export const mergeObjects: Rewrite = (node, place) => {
  const branches = asList(node['allOf']).filter(isObject);
  const areObjects = branches.length > 0 && branches.every(isObjectBranch);
  return areObjects ? mergeAllOf(node, place) : node;
};

/** Turns a constant into an enum of one value. */
export const constToEnum: Rewrite = (node) => {
  if (!('const' in node)) return node;
  const { const: value, ...rest } = node;
  return { ...rest, enum: [value] };
};

/** Turns a text constant into an enum of one value; Google's enums hold only text. */
export const textConstToEnum: Rewrite = (node, place) =>
  typeof node['const'] === 'string' ? constToEnum(node, place) : node;

/** Alternatives as OpenAPI requires them: no null among them, more than one, and no keyword beside them. */
export const plainAnyOf: Rewrite = (node) => {
  if (!('anyOf' in node)) return node;
  const { anyOf, ...rest } = node;
  const branches = asList(anyOf).filter(isObject);
  const others = branches.filter((branch) => !isNull(branch));
  if (others.length < branches.length) {
    const nullable = { ...rest, nullable: true };
    return others.length === 0 ? { type: 'STRING', ...nullable } : { ...nullable, anyOf: others };
  }
  const [only] = others;
  if (only === undefined) return rest;
  if (others.length === 1) return mergeSchemas(rest, only);
  return intoBranches(rest, others) ?? node;
};

/** Moves the keywords beside the alternatives into each of them; undefined if there are none. */
function intoBranches(beside: JsonObject, branches: JsonObject[]): JsonObject | undefined {
  const { annotations, constraints } = splitAnnotations(beside);
  if (Object.keys(constraints).length === 0) return undefined;
  return { ...annotations, anyOf: branches.map((branch) => mergeSchemas(constraints, branch)) };
}

function isNull(branch: JsonObject): boolean {
  return (
    branch['type'] === 'null' ||
    branch['type'] === 'NULL' ||
    branch['const'] === null ||
    isDeepStrictEqual(branch['enum'], [null])
  );
}

function isBareRef(node: JsonObject): boolean {
  return typeof node['$ref'] === 'string' && Object.keys(node).length === 1;
}

function asksNothing(node: JsonObject): boolean {
  return Object.keys(splitAnnotations(node).constraints).length === 0;
}

function isObjectBranch(branch: JsonObject): boolean {
  const { type, allOf } = branch;
  if ('$ref' in branch) return true;
  if (type !== undefined) return [type].flat().every((each) => each === 'object');
  if ('anyOf' in branch || 'oneOf' in branch) return false;
  if (isObject(branch['properties'])) return true;
  return Array.isArray(allOf) && allOf.some((each) => isObject(each) && isObjectBranch(each));
}
