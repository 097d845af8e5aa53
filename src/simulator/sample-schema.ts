import { asList, asNumber, asObject, asObjects, asText, type JsonObject } from './json-object.ts';

/** Below this depth only required members are sampled, so that recursive schemas end. */
const OPTIONAL_DEPTH = 4;

/** Below this depth nothing is sampled; also the longest chain of references. */
const MAX_DEPTH = 24;

/** The position of a value in the schema. */
interface Place {
  /** The property's name, which becomes the value of a text. */
  name: string;
  root: JsonObject;
  depth: number;
}

/**
 * The one value that a JSON Schema (or Google's OpenAPI subset) is always sampled to: the first value of an
 * enum, a property's own name for a text, 1, true, one item, every property. `pattern` and `not` are ignored.
 */
export function sampleSchema(schema: unknown, name: string): unknown {
  return sample(asObject(schema), { name, root: asObject(schema), depth: 0 });
}

function sample(written: JsonObject, place: Place): unknown {
  const schema = simplify(written, place);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  if (place.depth > MAX_DEPTH) return null;
  const sampler = SAMPLERS[typeOf(schema)];
  return sampler === undefined ? place.name : sampler(schema, place);
}

const SAMPLERS: Record<string, (schema: JsonObject, place: Place) => unknown> = {
  object: sampleObject,
  array: sampleArray,
  string: sampleString,
  number: (schema) => sampleNumber(schema),
  integer: (schema) => sampleNumber(schema),
  boolean: () => true,
  null: () => null,
};

/** Follows references, takes the first alternative and merges `allOf`, until none is left. */
function simplify(written: JsonObject, place: Place): JsonObject {
  let schema = written;
  for (let step = 0; step < MAX_DEPTH; step += 1) {
    const { $ref, anyOf, oneOf, allOf, ...rest } = schema;
    const alternatives = asObjects(anyOf ?? oneOf);
    const parts = [...asObjects(allOf)];
    if ($ref !== undefined) parts.push(resolveReference(asText($ref), place.root));
    const chosen = chooseAlternative(alternatives, place);
    if (chosen !== undefined) parts.push(chosen);
    if (parts.length === 0) return schema;
    schema = parts.reduce(mergeSchemas, rest);
  }
  return schema;
}

/** Below the depth limit the last alternative, which in recursive schemas tends to be the one that ends. */
function chooseAlternative(alternatives: JsonObject[], place: Place): JsonObject | undefined {
  return place.depth < OPTIONAL_DEPTH ? alternatives[0] : alternatives.at(-1);
}

/** A JSON Pointer within the schema; anything else resolves to the schema that allows all. */
function resolveReference(reference: string, root: JsonObject): JsonObject {
  let target: unknown = root;
  for (const step of reference.split('/').slice(1)) {
    target = asObject(target)[decodeURIComponent(step).replace(/~1/g, '/').replace(/~0/g, '~')];
  }
  return asObject(target);
}

/** The second schema wins, but properties and required members are combined. */
function mergeSchemas(one: JsonObject, other: JsonObject): JsonObject {
  const merged = { ...one, ...other };
  if (one['properties'] !== undefined && other['properties'] !== undefined) {
    merged['properties'] = { ...asObject(one['properties']), ...asObject(other['properties']) };
  }
  if (one['required'] !== undefined && other['required'] !== undefined) {
    merged['required'] = [...asList(one['required']), ...asList(other['required'])];
  }
  return merged;
}

/** Google writes types in capitals: https://ai.google.dev/api/caching#Schema */
function typeOf(schema: JsonObject): string {
  const types = [schema['type']].flat().map((type) => asText(type).toLowerCase());
  const type = types.find((each) => each !== 'null') ?? 'null';
  if (type !== '') return type;
  if ('properties' in schema) return 'object';
  return 'items' in schema || 'prefixItems' in schema ? 'array' : '';
}

function sampleObject(schema: JsonObject, place: Place): JsonObject {
  const properties = asObject(schema['properties']);
  const required = asList(schema['required']).map(asText);
  const optional = place.depth < OPTIONAL_DEPTH ? Object.keys(properties) : [];
  const sampled: [string, unknown][] = [...new Set([...optional, ...required])].map((name) => [
    name,
    sample(asObject(properties[name]), { ...place, name, depth: place.depth + 1 }),
  ]);
  return Object.fromEntries(sampled);
}

/** As few items as allowed, but at least one if possible. */
function sampleArray(schema: JsonObject, place: Place): unknown[] {
  const below = { ...place, depth: place.depth + 1 };
  const tuple = asObjects(schema['prefixItems']).map((item) => sample(item, below));
  if (tuple.length > 0) return tuple;
  const length = asNumber(schema['minItems']) ?? (place.depth < OPTIONAL_DEPTH ? 1 : 0);
  return Array.from({ length }, () => sample(asObject(schema['items']), below));
}

/** https://json-schema.org/understanding-json-schema/reference/type#built-in-formats */
const FORMATS: Record<string, string> = {
  'date-time': '2026-01-01T00:00:00Z',
  date: '2026-01-01',
  time: '00:00:00Z',
  duration: 'P1D',
  email: 'someone@example.com',
  hostname: 'example.com',
  uri: 'https://example.com/',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uuid: '00000000-0000-4000-8000-000000000000',
};

function sampleString(schema: JsonObject, place: Place): string {
  const text = FORMATS[asText(schema['format'])] ?? place.name;
  const longest = asNumber(schema['maxLength']) ?? Number.POSITIVE_INFINITY;
  return text.padEnd(asNumber(schema['minLength']) ?? 0, '.').slice(0, longest);
}

/** The allowed number that is nearest to 1. */
function sampleNumber(schema: JsonObject): number {
  const step = asNumber(schema['multipleOf']) ?? 1;
  const above = asNumber(schema['exclusiveMinimum']) ?? Number.NEGATIVE_INFINITY;
  const below = asNumber(schema['exclusiveMaximum']) ?? Number.POSITIVE_INFINITY;
  const least = asNumber(schema['minimum']) ?? above + step;
  const most = asNumber(schema['maximum']) ?? below - step;
  // Only a fraction lies between bounds such as 0 and 1, both excluded.
  if (least > most) return (above + below) / 2;
  return Math.ceil(Math.min(Math.max(1, least), most) / step) * step;
}
