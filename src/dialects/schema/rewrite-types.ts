import { isObject, type JsonObject } from '../json-object.ts';
import { addHint } from './add-hint.ts';
import { splitAnnotations } from './annotations.ts';
import { asList } from './merge-schemas.ts';
import type { Rewrite } from './place.ts';

/** Google's words for types. https://ai.google.dev/api/caching#Type */
const GOOGLE_TYPES = /^(STRING|NUMBER|INTEGER|BOOLEAN|ARRAY|OBJECT|NULL|TYPE_UNSPECIFIED)$/;

/** Google writes its 64-bit counts as strings. */
const COUNTS = [
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
] as const;

/** The type that a keyword applies to, if it applies to only one. */
const CONCERNED: ReadonlyMap<string, string> = new Map([
  ...['properties', 'required', 'additionalProperties', 'minProperties', 'maxProperties'].map(
    (keyword) => [keyword, 'object'] as const,
  ),
  ...['items', 'prefixItems', 'minItems', 'maxItems', 'uniqueItems'].map(
    (keyword) => [keyword, 'array'] as const,
  ),
  ...['minLength', 'maxLength', 'pattern', 'format'].map((keyword) => [keyword, 'string'] as const),
  ...['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].map(
    (keyword) => [keyword, 'number'] as const,
  ),
]);

/** Google's own form of a schema as JSON Schema: types in lower case, numbers as such. */
export const fromGoogleTypes: Rewrite = (node) => {
  const { type } = node;
  if (typeof type !== 'string' || !GOOGLE_TYPES.test(type)) return node;
  const { type: _type, ...rest } = node;
  const counts = COUNTS.filter((keyword) => typeof rest[keyword] === 'string');
  return {
    ...(type !== 'TYPE_UNSPECIFIED' && { type: type.toLowerCase() }),
    ...rest,
    ...Object.fromEntries(counts.map((keyword) => [keyword, Number(rest[keyword])])),
  };
};

/** Turns OpenAPI's `nullable` into a type of its own. */
export const fromNullable: Rewrite = (node) => {
  if (typeof node['nullable'] !== 'boolean') return node;
  const { nullable, ...rest } = node;
  if (!nullable) return rest;
  if (Array.isArray(rest['anyOf'])) {
    return { ...rest, anyOf: [...rest['anyOf'], { type: 'null' }] };
  }
  if ('$ref' in rest) {
    const { $ref, ...siblings } = rest;
    return { ...siblings, anyOf: [{ $ref }, { type: 'null' }] };
  }
  if (rest['type'] === undefined) return rest;
  const types = [rest['type']].flat();
  return {
    ...rest,
    type: types.includes('null') ? rest['type'] : [...types, 'null'],
    ...(Array.isArray(rest['enum']) && { enum: [...new Set([...rest['enum'], null])] }),
  };
};

/** Turns a list of types into alternatives, each with its own enum values. */
export const typeListToAnyOf: Rewrite = (node) => {
  const { type } = node;
  if (!Array.isArray(type)) return node;
  if (type.length === 1) return { ...node, type: type[0] };
  const { type: _type, ...rest } = node;
  if (type.length === 0 || Array.isArray(rest['anyOf'])) return rest;
  const { annotations, constraints } = splitAnnotations(rest);
  return { ...annotations, anyOf: type.flatMap((each) => asType(constraints, each)) };
};

/** Turns null among types and values into OpenAPI's `nullable`; null alone becomes a nullable text. */
export const nullToNullable: Rewrite = (node) => {
  const { type } = node;
  const types = type === undefined ? [] : [type].flat();
  const values = asList(node['enum']);
  const hasNull = types.some(isNullWord) || values.includes(null) || node['const'] === null;
  if (!hasNull) return node;
  const { type: _type, enum: _enum, const: literal, ...rest } = node;
  const others = types.filter((each) => !isNullWord(each));
  const otherValues = values.filter((value) => value !== null);
  if (others.length === 0 && (types.length > 0 || literal === null)) others.push('STRING');
  return {
    ...(others.length > 0 && { type: others.length === 1 ? others[0] : others }),
    ...rest,
    ...(otherValues.length > 0 && { enum: otherValues }),
    ...(literal !== null && literal !== undefined && { const: literal }),
    nullable: true,
  };
};

/** Writes types in the capital letters of Google's enum. */
export const upperTypes: Rewrite = (node) => {
  const { type } = node;
  if (typeof type !== 'string' || type === type.toUpperCase()) return node;
  return { ...node, type: type.toUpperCase() };
};

/** Adds a type to a node that has none: the one its keywords apply to, else text. */
export const withType: Rewrite = (node) => {
  const isTyped = ['type', 'anyOf', 'oneOf', 'allOf', '$ref'].some((keyword) => keyword in node);
  if (isTyped) return node;
  const type = impliedType(node);
  if (type !== undefined) return { type, ...node };
  return addHint({ type: 'STRING', ...node }, ['type', 'any']);
};

function impliedType(node: JsonObject): string | undefined {
  if ('properties' in node || 'additionalProperties' in node) return 'OBJECT';
  if ('items' in node || 'prefixItems' in node) return 'ARRAY';
  const value = asList(node['enum'])[0] ?? node['const'];
  if (isObject(value)) return 'OBJECT';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') {
    return (typeof value).toUpperCase();
  }
  if ('minimum' in node || 'maximum' in node || 'multipleOf' in node) return 'NUMBER';
  return 'pattern' in node || 'minLength' in node || 'maxLength' in node ? 'STRING' : undefined;
}

function isNullWord(type: unknown): boolean {
  return type === 'null' || type === 'NULL';
}

/** The node restricted to one type and its keywords; empty if its enum has no value of that type. */
function asType(node: JsonObject, type: unknown): JsonObject[] {
  if (isNullWord(type)) return [{ type }];
  const word = String(type).toLowerCase();
  const members = Object.entries(node).filter(([keyword]) => concerns(keyword, word));
  const { enum: all, ...rest } = Object.fromEntries(members);
  if (!Array.isArray(all)) return [{ type, ...rest }];
  const values = all.filter((value) => isOfType(value, word));
  return values.length === 0 ? [] : [{ type, ...rest, enum: values }];
}

function concerns(keyword: string, type: string): boolean {
  const concerned = CONCERNED.get(keyword);
  return concerned === undefined || concerned === (type === 'integer' ? 'number' : type);
}

function isOfType(value: unknown, type: string): boolean {
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  return typeof value === type;
}
