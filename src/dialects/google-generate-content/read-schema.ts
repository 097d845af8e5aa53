import { isObject, type JsonObject } from '../json-object.ts';

/** The keywords that hold schemas, and in what shape; everything else is data. */
const CHILDREN: ReadonlyMap<string, 'map' | 'list' | 'one'> = new Map([
  ...['properties', '$defs', 'definitions', 'patternProperties'].map(
    (keyword) => [keyword, 'map'] as const,
  ),
  ...['anyOf', 'oneOf', 'allOf', 'prefixItems'].map((keyword) => [keyword, 'list'] as const),
  ...['items', 'additionalProperties', 'not'].map((keyword) => [keyword, 'one'] as const),
]);

/** 64-bit integers, which the JSON form of protos writes in quotes. */
const COUNTS = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);

/** Formats that name OpenAPI's machine types, not the form of a text. */
const MACHINE_FORMATS = new Set(['enum', 'int32', 'int64', 'float', 'double']);

/**
 * A schema in Google's OpenAPI subset, or in JSON Schema with Google's habits, as plain JSON Schema:
 * `{type: 'STRING', nullable: true}` is `{type: ['string', 'null']}`.
 * https://ai.google.dev/api/caching#Schema
 */
export function decodeSchema(schema: JsonObject): JsonObject {
  const members = Object.entries(schema).map(
    ([keyword, value]) => [camelCase(keyword), value] as const,
  );
  const { nullable, propertyOrdering, ...node } = Object.fromEntries(
    members.flatMap(([keyword, value]) => decodeMember(keyword, value)),
  ) as JsonObject;
  if (Array.isArray(propertyOrdering) && isObject(node['properties'])) {
    node['properties'] = inOrder(node['properties'], propertyOrdering);
  }
  return nullable === true ? orNull(node) : node;
}

function decodeMember(keyword: string, value: unknown): [string, unknown][] {
  if (keyword === 'type') {
    const type = decodeType(value);
    return type === undefined ? [] : [[keyword, type]];
  }
  if (keyword === 'format' && MACHINE_FORMATS.has(String(value))) return [];
  if (keyword === 'example') return [['examples', [value]]];
  if (COUNTS.has(keyword)) return [[keyword, Number(value)]];
  return [[keyword, decodeChildren(CHILDREN.get(keyword), value)]];
}

function decodeChildren(shape: 'map' | 'list' | 'one' | undefined, value: unknown): unknown {
  if (shape === 'list' && Array.isArray(value)) return value.map(decodeChild);
  if (shape === 'one') return decodeChild(value);
  if (shape !== 'map' || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [name, decodeChild(child)]),
  );
}

function decodeChild(value: unknown): unknown {
  return isObject(value) ? decodeSchema(value) : value;
}

function decodeType(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(decodeType);
  if (typeof type !== 'string' || type === 'TYPE_UNSPECIFIED') return undefined;
  return type.toLowerCase();
}

function orNull(node: JsonObject): JsonObject {
  const { type, anyOf, enum: values } = node;
  if (Array.isArray(anyOf)) return { ...node, anyOf: [...anyOf, { type: 'null' }] };
  return {
    ...node,
    ...(typeof type === 'string' && { type: [type, 'null'] }),
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}

function inOrder(properties: JsonObject, names: readonly unknown[]): JsonObject {
  const first = names.filter((name) => typeof name === 'string' && Object.hasOwn(properties, name));
  const ordered = first.map((name) => [name, properties[String(name)]] as const);
  return { ...Object.fromEntries(ordered), ...properties };
}

/** Keywords of JSON Schema have no underscores, but names of protos do. */
function camelCase(keyword: string): string {
  return keyword.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
